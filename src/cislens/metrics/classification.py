"""What a classifier would be worth at another number of negatives: the corrected numbers.

Tests on as many negatives as positives flatter precision. Where r negatives stand for each that was
tested, false positives count r times (Tseng et al. 2020, NeurIPS).
"""

from typing import NamedTuple

import numpy as np
from jaxtyping import Float64, Shaped

from cislens.errors import UserError

Vector = Shaped[np.ndarray, " n"]


class Confusion(NamedTuple):
    """How the classes come out at a threshold; NaN where a class or a call is missing."""

    accuracy: float
    """Share of right calls."""
    positive_accuracy: float
    """Share of the positives that are called positive, the recall."""
    negative_accuracy: float
    """Share of the negatives that are called negative."""
    precision: float
    """Share of positives among those called positive, of all the negatives there are."""


def confusion(
    probabilities: Vector, targets: Vector, *, threshold: float = 0.5, ratio: float = 1.0
) -> Confusion:
    """Count calls at a threshold.

    Parameters
    ----------
    probabilities
        Predicted probabilities of class 1.
    targets
        Classes 0 and 1; all else, such as -1 and NaN, is left out.
    threshold
        Least probability of a positive call.
    ratio
        Negatives that each tested one stands for; only the precision depends on it.

    Returns
    -------
    Confusion
        Shares.

    Raises
    ------
    UserError
        If the ratio is not above 0.
    """
    probabilities, targets = _known(probabilities, targets, ratio)
    called, is_positive = probabilities >= threshold, targets == 1
    true, false = float((called & is_positive).sum()), float((called & ~is_positive).sum())
    positives, negatives = float(is_positive.sum()), float((~is_positive).sum())
    right = true + negatives - false
    return Confusion(
        _share(right, positives + negatives),
        _share(true, positives),
        _share(negatives - false, negatives),
        _share(true, true + ratio * false),
    )


def corrected_aupr(
    predictions: Vector, targets: Vector, *, ratio: float, interpolation: str = "step"
) -> float:
    """Measure the area under the precision-recall curve with all the negatives there are.

    Parameters
    ----------
    predictions
        Scores of any scale; only their order counts.
    targets
        Classes 0 and 1; all else, such as -1 and NaN, is left out.
    ratio
        Negatives that each tested one stands for; 1 leaves the area as it is.
    interpolation
        "step" as in average precision, or "trapezoid" as published, which is too kind where points
        are few.

    Returns
    -------
    float
        The area; NaN where a class is missing.

    Raises
    ------
    UserError
        If the ratio is not above 0 or the interpolation is unknown.
    """
    if interpolation not in {"step", "trapezoid"}:
        raise UserError(f"interpolation={interpolation!r}: known are step and trapezoid")
    predictions, targets = _known(predictions, targets, ratio)
    precision, recall = _curve(predictions, targets, ratio)
    if not recall.size:
        return float("nan")
    gained = np.diff(recall, prepend=0.0)
    if interpolation == "step":
        return float((gained * precision).sum())
    return float((gained * (precision + np.append(1.0, precision[:-1])) / 2).sum())


def _curve(
    predictions: Vector, targets: Vector, ratio: float
) -> tuple[Float64[np.ndarray, " points"], Float64[np.ndarray, " points"]]:
    """Give precision and recall from the highest score down to where all positives are found."""
    positives = int((targets == 1).sum())
    if not 0 < positives < targets.size:
        return np.empty(0), np.empty(0)
    order = np.argsort(-predictions, kind="stable")
    is_last = np.append(np.diff(predictions[order]) != 0, True)
    true = (targets[order] == 1).cumsum()[is_last].astype(float)
    false = (targets[order] == 0).cumsum()[is_last].astype(float)
    kept = slice(0, int(np.searchsorted(true, positives)) + 1)
    return (true / (true + ratio * false))[kept], (true / positives)[kept]


def _known(predictions: Vector, targets: Vector, ratio: float) -> tuple[np.ndarray, np.ndarray]:
    if not 0 < ratio < np.inf:
        raise UserError(f"ratio={ratio}: wants a number of negatives above 0")
    known = (targets == 0) | (targets == 1)
    return predictions[known], targets[known]


def _share(part: float, whole: float) -> float:
    return part / whole if whole else float("nan")
