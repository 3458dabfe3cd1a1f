"""Scores of one task: vectors without NaN in, one float out, NaN where undefined."""

from typing import Literal

import numpy as np
from jaxtyping import Shaped
from scipy import special, stats

Vector = Shaped[np.ndarray, " _"]


def auroc(predictions: Vector, targets: Vector) -> float:
    """Count the pairs of a positive and a negative that are in order, ties as half."""
    positives = np.sort(predictions[targets == 1])
    negatives = np.sort(predictions[targets == 0])
    pairs = positives.size * negatives.size
    if not pairs:
        return np.nan
    # Looking up the rarer class is what makes 919 tasks of few positives fast.
    few, many = sorted((positives, negatives), key=len)
    below = np.searchsorted(many, few, "left").sum(dtype=float)
    up_to = np.searchsorted(many, few, "right").sum(dtype=float)
    won = (below + up_to) / (2 * pairs)
    return float(won if few is positives else 1 - won)


def average_precision(predictions: Vector, targets: Vector) -> float:
    """Sum the precision at each positive's score, weighted by the recall it adds."""
    found, wrong, added = _curve(predictions, targets, side="left")
    if not wrong.size:
        return np.nan
    return float((added * found / (found + wrong)).sum() / added.sum())


def trapezoid_precision(predictions: Vector, targets: Vector) -> float:
    """Join precisions by straight lines; the curve starts at recall 0 with precision 1."""
    found, wrong, added = _curve(predictions, targets, side="left")
    if not wrong.size:
        return np.nan
    before, wrong_before = found - added, _curve(predictions, targets, side="right")[1]
    taken = before + wrong_before
    precision_before = np.divide(before, taken, out=np.ones_like(taken), where=taken > 0)
    heights = (found / (found + wrong) + precision_before) / 2
    return float((added * heights).sum() / added.sum())


def correlation(predictions: Vector, targets: Vector) -> float:
    """Correlate in double precision."""
    if predictions.size < 2 or not np.isfinite([predictions, targets]).all():
        return np.nan
    if np.ptp(predictions) == 0 or np.ptp(targets) == 0:
        return np.nan
    x = _unit(predictions.astype(float))
    y = _unit(targets.astype(float))
    return float(np.clip(x @ y, -1, 1))


def ranks(values: Vector) -> Vector:
    """Rank from 1; ties share their mean rank."""
    return np.asarray(stats.rankdata(values))


def squared_error(predictions: Vector, targets: Vector) -> float:
    """Average the squared differences."""
    difference = predictions.astype(float) - targets
    return float((difference**2).mean()) if difference.size else np.nan


def deviance(predictions: Vector, targets: Vector) -> float:
    """Average twice the log likelihood ratio of the saturated Poisson model."""
    rates, counts = predictions.astype(float), targets.astype(float)
    if not counts.size:
        return np.nan
    return float(2 * (special.kl_div(counts, rates)).mean())


def share(_: Vector, targets: Vector) -> float:
    """Average the targets."""
    return float(targets.mean(dtype=float)) if targets.size else np.nan


def _curve(
    predictions: Vector, targets: Vector, *, side: Literal["left", "right"]
) -> tuple[Vector, Vector, Vector]:
    """Count, for each score of a positive, positives and negatives above it, and its own copies.

    Negatives of the same score are counted with ``side="left"`` and left out with ``"right"``; of
    a task that lacks a class all three are empty.
    """
    positives, negatives = predictions[targets == 1], np.sort(predictions[targets == 0])
    if not positives.size or not negatives.size:
        return np.empty(0), np.empty(0), np.empty(0)
    scores, added = np.unique(positives, return_counts=True)
    found = added[::-1].cumsum()[::-1]
    wrong = negatives.size - np.searchsorted(negatives, scores, side)
    return found.astype(float), wrong.astype(float), added.astype(float)


def _unit(values: Vector) -> Vector:
    # Scaling by the largest deviation first keeps the squares from under- and overflowing.
    centred = values - values.mean()
    centred /= np.abs(centred).max()
    unit: Vector = centred / np.linalg.norm(centred)
    return unit
