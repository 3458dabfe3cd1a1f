"""Wrappers that turn profile and multi-head networks into numbers: (batch, outputs).

Each is a module around the network, which is not changed. What a wrapper gives is what is
predicted, explained and perturbed, by every method alike. They nest, also with those of
`cislens.models.inputs`: ``BothStrands(ProfileShape(OneInput(model, [control]), head=0))``.
"""

from collections.abc import Mapping

import torch
from jaxtyping import Float
from torch import Tensor, nn

from cislens.errors import UserError
from cislens.models import _forward
from cislens.models.inference import Outputs, Target
from cislens.sequence.shapes import OneHot


def explained(outputs: Outputs, target: Target) -> Float[Tensor, " batch"]:
    """Pick the number per sequence that is explained.

    Parameters
    ----------
    outputs
        What the network gave.
    target
        Which output, counted from 0, or a function of the outputs that gives one number per
        sequence.

    Returns
    -------
    Float[Tensor, " batch"]
        The number.

    Raises
    ------
    UserError
        If there is no such output, or the function gives anything else.
    """
    return _forward.explained(outputs, target)


class Head(nn.Module):
    """Gives one of several outputs of a network.

    Parameters
    ----------
    model
        A network that gives a tuple, a list or a dict of tensors.
    head
        Which of them: a place, counted from 0, or a key. It must be (batch, outputs), or (batch,),
        which becomes one output.
    """

    def __init__(self, model: nn.Module, *, head: int | str) -> None:
        super().__init__()
        self.model = model
        self.head = head
        self.input_length = getattr(model, "input_length", None)

    def forward(self, onehot: OneHot) -> Outputs:  # numpydoc ignore=PR01,RT01
        """Run the network and pick the head."""
        picked = _pick(self.model(onehot), self.head)
        if picked.ndim not in (1, 2):
            raise UserError(
                f"head={self.head!r}: has shape {tuple(picked.shape)}; wants (batch, outputs): use "
                "ProfileShape or LogCounts for a profile"
            )
        return picked[:, None] if picked.ndim == 1 else picked


class ProfileShape(nn.Module):
    """Gives the shape of a predicted profile as one number: its logits, weighted by their softmax.

    The logits are centred, as a constant added to them changes no profile, and the weights are
    detached: the gradient is that of the logits where the signal is predicted, not of the softmax.
    A difference between two sequences holds a change of the weights too, so a method that explains
    differences by gradients (DeepLIFT, integrated gradients) meets its sum rule only as far as
    the weights agree.

    Parameters
    ----------
    model
        A network that gives logits of shape (batch, tracks, positions) or (batch, positions).
    head
        Which of its outputs they are: a place or a key; None if they are its only one.
    joint
        Whether all tracks share one softmax, as the two strands of one experiment do; then there
        is one output, otherwise one a track.
    strands
        How many neighbouring tracks, each with its own softmax, are added to one output.

    References
    ----------
    Avsec et al. 2021, doi:10.1038/s41588-021-00782-6. Tseng et al. 2020 (NeurIPS) centre the
    logits.
    """

    def __init__(
        self,
        model: nn.Module,
        *,
        head: int | str | None = None,
        joint: bool = False,
        strands: int = 1,
    ) -> None:
        super().__init__()
        self.model = model
        self.head = head
        self.joint = joint
        self.strands = strands
        self.input_length = getattr(model, "input_length", None)

    def forward(self, onehot: OneHot) -> Outputs:  # numpydoc ignore=PR01,RT01
        """Run the network and weight its logits."""
        logits = _profile(self.model(onehot), self.head)
        if self.joint:
            logits = logits.flatten(1)[:, None]
        centred = logits - logits.mean(dim=-1, keepdim=True)
        tracks = (centred * centred.detach().softmax(dim=-1)).sum(dim=-1)
        if tracks.shape[1] % self.strands:
            raise UserError(
                f"strands={self.strands}: the model has {tracks.shape[1]} tracks; wants a divisor"
            )
        return torch.sum(tracks.unflatten(1, (-1, self.strands)), dim=2)


class LogCounts(nn.Module):
    """Gives the natural log of the total of a predicted profile of counts.

    A network that predicts the log itself wants `Head`.

    Parameters
    ----------
    model
        A network that gives counts, not logits, of shape (batch, tracks, positions) or
        (batch, positions).
    head
        Which of its outputs they are: a place or a key; None if they are its only one.
    pseudocount
        Added to the total, in counts.
    """

    def __init__(
        self, model: nn.Module, *, head: int | str | None = None, pseudocount: float = 1.0
    ) -> None:
        super().__init__()
        self.model = model
        self.head = head
        self.pseudocount = pseudocount
        self.input_length = getattr(model, "input_length", None)

    def forward(self, onehot: OneHot) -> Outputs:  # numpydoc ignore=PR01,RT01
        """Run the network and count."""
        counts = _profile(self.model(onehot), self.head)
        if (counts < 0).any():
            raise UserError("model: the profile holds numbers below 0; LogCounts wants counts")
        return (counts.sum(dim=-1) + self.pseudocount).log()


def _pick(result: object, head: int | str | None) -> Tensor:
    known = dict(enumerate(result)) if isinstance(result, (tuple, list)) else result
    if head is None:
        picked = result
    elif isinstance(known, Mapping) and head in known:
        picked = known[head]
    else:
        raise UserError(f"head={head!r}: the model gives {_described(result)}")
    if not isinstance(picked, Tensor):
        raise UserError(f"head={head!r}: is {_described(picked)}; wants a tensor")
    return picked


def _profile(result: object, head: int | str | None) -> Tensor:
    picked = _pick(result, head)
    if picked.ndim not in (2, 3):
        raise UserError(
            f"head={head!r}: has shape {tuple(picked.shape)}; wants (batch, tracks, positions)"
        )
    return picked[:, None] if picked.ndim == 2 else picked


def _described(result: object) -> str:
    if isinstance(result, Mapping):
        return f"a dict with keys {', '.join(map(repr, result))}"
    if isinstance(result, (tuple, list)):
        return f"{len(result)} outputs, 0 to {len(result) - 1}"
    if isinstance(result, Tensor):
        return f"one tensor, {tuple(result.shape)}"
    return f"a {type(result).__name__}"
