"""What a fit minimises, one function an objective; targets that were not measured are left out."""

from collections.abc import Callable
from typing import NamedTuple

from jaxtyping import Float
from torch import Tensor
from torch.nn import functional

Values = Float[Tensor, "batch tasks"]


class Loss(NamedTuple):
    """The loss of a batch in two parts, so that batches add up exactly."""

    total: Float[Tensor, ""]
    """Sum over the measured entries, in nats (squared units of the targets for regression)."""
    measured: Float[Tensor, ""]
    """Number of measured entries."""

    @property
    def mean(self) -> Float[Tensor, ""]:
        """Average over the measured entries.

        Returns
        -------
        Tensor
            The mean; 0, with a gradient of 0, where nothing was measured.
        """
        return self.total / self.measured.clamp(min=1)


def binary_cross_entropy(logits: Values, targets: Values) -> Loss:
    """Take the negative log likelihood of classes.

    Parameters
    ----------
    logits
        Log odds of class 1.
    targets
        Classes 0 and 1 (or probabilities of class 1); NaN where nothing was measured.

    Returns
    -------
    Loss
        In nats.
    """
    measured, known = _measured(targets)
    return Loss(
        functional.binary_cross_entropy_with_logits(
            logits.to(targets.dtype), known, weight=measured, reduction="sum"
        ),
        measured.sum(),
    )


def mean_squared_error(logits: Values, targets: Values) -> Loss:
    """Take the squared difference of values.

    Parameters
    ----------
    logits
        Predicted values.
    targets
        Measured values; NaN where nothing was measured.

    Returns
    -------
    Loss
        In squared units of the targets.
    """
    measured, known = _measured(targets)
    difference = (logits.to(targets.dtype) - known) * measured
    return Loss(difference.square().sum(), measured.sum())


def poisson(logits: Values, targets: Values) -> Loss:
    """Take the negative log likelihood of counts, less the part that no prediction changes.

    Parameters
    ----------
    logits
        Logarithms of the predicted rates.
    targets
        Measured counts; NaN where nothing was measured.

    Returns
    -------
    Loss
        In nats; rate - count * log(rate), so below 0 for large counts.
    """
    measured, known = _measured(targets)
    logits = logits.to(targets.dtype)
    return Loss(((logits.exp() - known * logits) * measured).sum(), measured.sum())


LOSSES: dict[str, Callable[[Tensor, Tensor], Loss]] = {
    "binary": binary_cross_entropy,
    "regression": mean_squared_error,
    "poisson": poisson,
}
"""Objective to loss."""


def _measured(targets: Values) -> tuple[Values, Values]:
    """Give 1 where a target was measured and 0 elsewhere, and the targets with 0 for NaN."""
    missing = targets.isnan()
    return (~missing).to(targets.dtype), targets.masked_fill(missing, 0)
