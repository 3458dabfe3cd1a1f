"""Gradients by the input that can be trained on: what an attribution prior looks at."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import torch
from jaxtyping import Bool, Float
from torch import Tensor, nn
from torch.nn.modules.batchnorm import _BatchNorm
from torch.nn.modules.dropout import _DropoutNd

from cislens.errors import UserError
from cislens.training import _straight, channels_last
from cislens.training.prior_options import Statistics


class Explained(NamedTuple):
    """What a network gave for a batch, and why."""

    outputs: Any
    """As the network gives them, of all sequences."""
    gradients: Float[Tensor, "chosen 4 length"]
    """Of the explained number by the chosen sequences, float32 at least, differentiable by the
    weights."""


def explain(
    network: nn.Module,
    inputs: tuple[Tensor, ...],
    chosen: Bool[Tensor, " batch"],
    *,
    target: str,
    statistics: Statistics = "running",
) -> Explained:
    """Run a batch for its loss, and explain some of it as the deployed network would.

    Where training and use are the same computation, both come from one pass. Otherwise, that is
    with batch normalisation, dropout or autocast, the chosen sequences run a second time, in
    evaluation mode and in full precision: statistics of the batch would hide the sum of its
    outputs, which they hold constant, and mix the explanations of its sequences.

    Parameters
    ----------
    network
        The network in training, given back in its mode.
    inputs
        What it is called with, the one-hot sequences first.
    chosen
        Which sequences to explain.
    target
        A key of `TARGETS`.
    statistics
        "batch" explains all of the batch as it runs for its loss, as published.

    Returns
    -------
    Explained
        Outputs, and a gradient for each chosen sequence, 0 where nothing depends on it.

    Raises
    ------
    UserError
        If the target cannot be had from such outputs.

    References
    ----------
    Tseng et al. 2020 (NeurIPS).
    """
    explained = TARGETS[target]
    if statistics == "batch":
        onehot = inputs[0].detach().requires_grad_()
        outputs = network(onehot, *inputs[1:])
        return Explained(outputs, _gradient(explained(outputs), onehot)[chosen])
    if not chosen.any():
        return Explained(channels_last.run(network, inputs), inputs[0][chosen].detach())
    if not _is_same_in_use(network, inputs[0]):
        outputs = channels_last.run(network, inputs)
        return Explained(outputs, _as_deployed(network, [x[chosen] for x in inputs], explained))
    onehot = inputs[0][chosen].detach().requires_grad_()
    some = network(onehot, *(x[chosen] for x in inputs[1:]))
    gradients = _gradient(explained(some), onehot)
    if chosen.all():
        return Explained(some, gradients)
    others = network(*(x[~chosen] for x in inputs))
    order = torch.cat([chosen.nonzero()[:, 0], (~chosen).nonzero()[:, 0]]).argsort()
    return Explained(_joined(some, others, order), gradients)


def _is_same_in_use(network: nn.Module, onehot: Tensor) -> bool:
    """Say whether training and evaluation mode are the same, sequence by sequence."""
    return not torch.is_autocast_enabled(onehot.device.type) and not any(
        isinstance(module, _BatchNorm)
        or (isinstance(module, _DropoutNd) and module.p > 0)
        or (isinstance(module, nn.RNNBase | nn.MultiheadAttention) and module.dropout > 0)
        for module in network.modules()
        if module.training
    )


def _as_deployed(
    network: nn.Module, inputs: list[Tensor], explained: Callable[[Any], Tensor]
) -> Tensor:
    modes = {module: module.training for module in network.modules()}
    onehot = inputs[0].detach().requires_grad_()
    straight = _straight.Straight(as_images=channels_last.suits(network, onehot))
    network.eval()
    try:
        with torch.autocast(onehot.device.type, enabled=False):
            with straight:
                outputs = network(onehot, *inputs[1:])
            gradients = _gradient(explained(outputs), onehot)
            straight.explained = True
    finally:
        for module, mode in modes.items():
            module.training = mode
    return gradients


def _gradient(explained: Tensor, onehot: Tensor) -> Tensor:
    if not explained.requires_grad:
        return torch.zeros_like(onehot)
    found: Tensor | None = torch.autograd.grad(
        explained, onehot, create_graph=True, allow_unused=True
    )[0]
    if found is None:
        return torch.zeros_like(onehot)
    return found if found.dtype == torch.float64 else found.float()


def _joined(some: Any, others: Any, order: Tensor) -> Any:  # noqa: ANN401
    """Put two parts of a batch together, in their order."""
    if isinstance(some, Tensor):
        return torch.cat([some, others])[order]
    if isinstance(some, Mapping):
        return {name: _joined(some[name], others[name], order) for name in some}
    parts = [_joined(a, b, order) for a, b in zip(some, others, strict=True)]
    return type(some)(*parts) if hasattr(some, "_fields") else type(some)(parts)


def _logit(outputs: Any) -> Tensor:  # noqa: ANN401
    if not isinstance(outputs, Tensor):
        raise _unfit("logit", "one tensor of outputs")
    return outputs.sum()


def _softmax_weighted(outputs: Any) -> Tensor:  # noqa: ANN401
    centred = _centred(outputs, "softmax-weighted")
    return (centred * centred.detach().softmax(dim=-1)).sum()


def _centred_squared(outputs: Any) -> Tensor:  # noqa: ANN401
    # The published weights, log probabilities, differ from these by a constant, which centred
    # logits cancel; the gradient is that of half the sum of squares.
    centred = _centred(outputs, "centred-squared")
    return (centred * centred.detach()).sum()


def _log_counts(outputs: Any) -> Tensor:  # noqa: ANN401
    if not isinstance(outputs, tuple) or len(outputs) != 2:
        raise _unfit("log-counts", "logits and log counts")
    counts: Tensor = outputs[1].sum()
    return counts


def _centred(outputs: Any, target: str) -> Tensor:  # noqa: ANN401
    logits = outputs[0] if isinstance(outputs, tuple) else outputs
    if not isinstance(logits, Tensor) or logits.ndim != 3:
        raise _unfit(target, "logits (batch, tracks, positions)")
    return logits - logits.mean(dim=-1, keepdim=True)


def _unfit(target: str, wanted: str) -> UserError:
    return UserError(
        f"prior.target={target!r}: the network does not give {wanted}; leave target at auto"
    )


TARGETS: dict[str, Callable[[Any], Tensor]] = {
    "logit": _logit,
    "softmax-weighted": _softmax_weighted,
    "centred-squared": _centred_squared,
    "log-counts": _log_counts,
}
"""The explained number, summed over the batch, by name."""
