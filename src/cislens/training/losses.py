"""What a fit minimises, one function an objective; targets that were not measured are left out."""

import math
from collections.abc import Callable
from typing import NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional

from cislens.errors import UserError

Values = Float[Tensor, "batch tasks"]


AMBIGUOUS = -1.0
"""Class of an entry that is neither 0 nor 1, as bins that a peak only touches; it is left out."""

_NEVER = 1e-6
"""Share, or rate, of what a batch does not hold."""


class Loss(NamedTuple):
    """The loss of a batch in two parts, so that batches add up exactly.

    A balanced loss has a sum and a number for each class of entries.
    """

    total: Float[Tensor, "*classes"]
    """Sum over the measured entries, in nats (squared units of the targets for regression)."""
    measured: Float[Tensor, "*classes"]
    """Number of measured entries."""

    @property
    def mean(self) -> Float[Tensor, ""]:
        """Average over the measured entries, then over the classes that have some.

        Returns
        -------
        Tensor
            The mean; 0, with a gradient of 0, where nothing was measured.
        """
        means = self.total / self.measured.clamp(min=1)
        return means.sum() / (self.measured > 0).sum().clamp(min=1)


def binary_cross_entropy(logits: Values, targets: Values) -> Loss:
    """Take the negative log likelihood of classes.

    Parameters
    ----------
    logits
        Log odds of class 1.
    targets
        Classes 0 and 1 (or probabilities of class 1); NaN or `AMBIGUOUS` where it is not known.

    Returns
    -------
    Loss
        In nats.
    """
    measured, known = _measured(targets, or_equal=AMBIGUOUS)
    return Loss(
        functional.binary_cross_entropy_with_logits(
            logits.to(targets.dtype), known, weight=measured, reduction="sum"
        ),
        measured.sum(),
    )


def balanced_binary_cross_entropy(logits: Values, targets: Values) -> Loss:
    """Take the negative log likelihood of classes, each class weighing one half.

    Parameters
    ----------
    logits
        Log odds of class 1.
    targets
        Classes 0 and 1, of all tasks together; NaN or `AMBIGUOUS` where it is not known.

    Returns
    -------
    Loss
        In nats, for class 0 and class 1.

    References
    ----------
    Tseng et al. 2020 (NeurIPS), where a batch of one class only counts in full, as here.
    """
    measured, known = _measured(targets, or_equal=AMBIGUOUS)
    entries = functional.binary_cross_entropy_with_logits(
        logits.to(targets.dtype), known, reduction="none"
    )
    classes = torch.stack([measured * (known == 0), measured * (known == 1)])
    return Loss((classes * entries).sum(dim=(1, 2)), classes.sum(dim=(1, 2)))


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


def chosen(objective: str, *, balance_classes: bool = False) -> Callable[[Tensor, Tensor], Loss]:
    """Pick the loss of a fit.

    Parameters
    ----------
    objective
        A key of `LOSSES`.
    balance_classes
        Whether each class weighs one half; for objective "binary" only.

    Returns
    -------
    Callable
        Logits and targets to the loss.

    Raises
    ------
    UserError
        If classes are to be balanced where there are none.
    """
    if not balance_classes:
        return LOSSES[objective]
    if objective != "binary":
        raise UserError(f"balance_classes=True: objective {objective} has no classes; leave it out")
    return balanced_binary_cross_entropy


def constant(objective: str, targets: Values) -> Values:
    """Find what one that sees no sequence would best predict of a batch: its mean, task by task.

    Parameters
    ----------
    objective
        A key of `LOSSES`.
    targets
        Measured values, NaN or `AMBIGUOUS` where it is not known.

    Returns
    -------
    Values
        The same logits in each row, of the shape of the targets.
    """
    measured, known = _measured(targets, or_equal=AMBIGUOUS if objective == "binary" else math.nan)
    means = known.sum(dim=0) / measured.sum(dim=0).clamp(min=1)
    if objective == "binary":
        means = torch.logit(means, eps=_NEVER)
    elif objective == "poisson":
        means = means.clamp(min=_NEVER).log()
    return means.expand_as(targets)


def _measured(targets: Values, *, or_equal: float = math.nan) -> tuple[Values, Values]:
    """Give 1 where a target was measured, 0 elsewhere; and the targets, 0 where it was not."""
    missing = targets.isnan() | (targets == or_equal)
    return (~missing).to(targets.dtype), targets.masked_fill(missing, 0)
