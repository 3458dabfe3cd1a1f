"""The profile network of Tseng, Shrikumar & Kundaje 2020: dilated convolutions after BPNet.

References
----------
Tseng, Shrikumar & Kundaje 2020, NeurIPS 33; Avsec et al. 2021, Nature Genetics 53:354, doi
10.1038/s41588-021-00782-6, for BPNet. 118,560 weights for 4 experiments of two strands with a
control each, which are 1346 bp in and 1000 bp out. The published code pads every convolution with
zeros and cuts the padded ends off before the heads; here nothing is padded, which gives the same
numbers for less work.
"""

from typing import NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor, nn

from cislens.errors import UserError
from cislens.models import activations, blocks, sizes
from cislens.sequence.shapes import OneHot

DILATIONS = (2, 4, 8, 16, 32, 64)
TRIMMED = 20 + 2 * sum(DILATIONS) + 74
"""By how many bp the profile is shorter than the sequence, half of them on each side."""

CONTROLS = ("none", "shared", "matched")


class Profile(NamedTuple):
    """What is predicted of each track; the strands of an experiment stand side by side."""

    logits: Float[Tensor, "batch tracks positions"]
    """Logits of where a count falls, for a softmax along the positions."""
    log_counts: Float[Tensor, "batch tracks"]
    """Natural log of 1 + the total count."""


class ProfileNetwork(nn.Module):
    """Dilated convolutions with two heads; `build` makes one.

    Parameters
    ----------
    layer1
        The first block, whose convolution is not padded.
    filters
        Channels of every convolution.
    experiments
        Number of experiments.
    strands
        Tracks of an experiment.
    control
        "none", "shared" (one experiment's tracks for all) or "matched" (tracks for each).
    input_length
        Length of the sequences, in bp.
    """

    def __init__(
        self,
        layer1: blocks.ConvolutionBlock,
        *,
        filters: int,
        experiments: int,
        strands: int,
        control: str,
        input_length: int,
    ) -> None:
        super().__init__()
        tracks = experiments * strands
        self.input_length = input_length
        self.output_length = input_length - TRIMMED
        self.control, self.experiments, self.strands = control, experiments, strands
        self.layer1 = layer1
        self.dilated = nn.ModuleList(
            blocks.ConvolutionBlock(
                nn.Conv1d(filters, filters, 3, dilation=dilation), activation=nn.ReLU()
            )
            for dilation in DILATIONS
        )
        seen = tracks * (1 if control == "none" else 2)
        self.profile = nn.Conv1d(filters, tracks, 75)
        self.profile_output = nn.Conv1d(seen, tracks, 1, groups=experiments)
        self.counts = nn.Linear(filters, tracks)
        self.counts_output = nn.Conv1d(seen, tracks, 1, groups=experiments)

    def forward(  # numpydoc ignore=PR01,RT01
        self,
        onehot: OneHot,
        control: Float[Tensor, "batch controls positions"] | None = None,
    ) -> Profile:
        """Predict shape and total, beside counts of control tracks where the network has some."""
        total = self.layer1(onehot)
        for block in self.dilated[:-1]:
            x = block(total)
            total = _middle(total, x.shape[-1]) + x
        # The heads read the last layer alone, not the sum.
        x = self.dilated[-1](total)
        logits = self.profile(x)
        log_counts = self.counts(x.mean(dim=-1))[:, :, None]
        if self.control != "none":
            beside = self._expanded(control)
            logits = self._joined(logits, beside)
            log_counts = self._joined(log_counts, beside.sum(dim=-1, keepdim=True))
        return Profile(self.profile_output(logits), self.counts_output(log_counts).squeeze(dim=-1))

    def _expanded(self, control: Tensor | None) -> Tensor:
        tracks = self.strands * (1 if self.control == "shared" else self.experiments)
        if control is None or control.shape[1:] != (tracks, self.output_length):
            got = None if control is None else tuple(control.shape)
            raise UserError(
                f"control: got {got}; wants (batch, {tracks}, {self.output_length}), the counts of "
                f"the {self.control} control tracks"
            )
        return control.repeat(1, self.experiments, 1) if self.control == "shared" else control

    def _joined(self, predicted: Tensor, beside: Tensor) -> Tensor:
        """Put the tracks of each experiment's control behind its own."""
        parts = [t.unflatten(1, (self.experiments, self.strands)) for t in (predicted, beside)]
        return torch.cat(parts, dim=2).flatten(1, 2)


def build(
    *,
    input_length: int,
    outputs: int,
    activation: str = "relu",
    width_multiplier: int | float = 1,
    strands: int = 2,
    control: str = "none",
) -> ProfileNetwork:
    """Build the network.

    Parameters
    ----------
    input_length
        Length of the sequences, in bp; published is 1346. The profile is 346 bp shorter.
    outputs
        Number of experiments; each has as many tracks as strands.
    activation
        First-layer activation, by name.
    width_multiplier
        Factor of all filters.
    strands
        Tracks of an experiment, 1 or 2.
    control
        "none"; "shared", where one experiment's control tracks serve all; or "matched", where each
        experiment has its own. With a control the network is called ``model(onehot, control)``,
        with raw counts (batch, tracks, positions).

    Returns
    -------
    ProfileNetwork
        The network, with new weights.

    Raises
    ------
    UserError
        If the sequences are too short, or an option has a value it cannot have.
    """
    if input_length <= TRIMMED:
        raise UserError(
            f"input_length={input_length}: tseng-profile needs at least {TRIMMED + 1} bp"
        )
    if outputs < 1:
        raise UserError(f"outputs={outputs}: a network needs at least 1")
    if strands not in (1, 2):
        raise UserError(f"strands={strands}: wants 1 or 2")
    if control not in CONTROLS:
        raise UserError(f"control={control!r}: known are {', '.join(CONTROLS)}")
    filters = sizes.scaled(64, width_multiplier)
    layer1 = blocks.ConvolutionBlock(
        nn.Conv1d(4, filters, 21), activation=activations.build(activation), full_precision=True
    )
    return ProfileNetwork(
        layer1,
        filters=filters,
        experiments=outputs,
        strands=strands,
        control=control,
        input_length=input_length,
    )


def _middle(x: Tensor, length: int) -> Tensor:
    """Cut both ends alike."""
    start = (x.shape[-1] - length) // 2
    return x[:, :, start : start + length]
