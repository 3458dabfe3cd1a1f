"""How well predicted profiles follow measured ones, one number an example.

Predictions are shares of the counts at each position (a softmax of the logits), measurements are
counts, both (examples, tracks, positions). A track without a read says nothing of a shape and is
left out; an example without any is NaN.
"""

from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Float64, Shaped
from scipy import special

from cislens.errors import UserError
from cislens.metrics import _one_task

Profiles = Shaped[np.ndarray, "_ _ _"]
Totals = Shaped[np.ndarray, "_ _"]
Scores = Float64[np.ndarray, " _"]


class Binned(NamedTuple):
    """How two profiles compare in bins, one number an example; NaN where undefined."""

    pearson: Scores
    """Linear correlation."""
    spearman: Scores
    """Correlation of ranks; ties share their mean rank."""
    mean_squared_error: Scores
    """Of the shares of counts, squared."""


def negative_log_likelihood(predictions: Profiles, counts: Profiles) -> Scores:
    """Measure how unlikely the counts are under multinomials of the predicted shares.

    Parameters
    ----------
    predictions
        Predicted shares.
    counts
        Measured counts.

    Returns
    -------
    Scores
        In nats, the multinomial coefficient included; mean over tracks with reads.
    """
    shares, known = _checked(predictions, counts)
    orders = special.gammaln(known.sum(axis=2) + 1) - special.gammaln(known + 1).sum(axis=2)
    return _over_tracks(-orders - special.xlogy(known, shares).sum(axis=2), known)


def jensen_shannon(predictions: Profiles, counts: Profiles, *, smoothing: int = 3) -> Scores:
    """Measure the Jensen-Shannon divergence between predicted and measured shares.

    Parameters
    ----------
    predictions
        Predicted shares.
    counts
        Measured counts.
    smoothing
        Standard deviation of the Gaussian, cut off at one, that smooths both, in bp; 0 for none.

    Returns
    -------
    Scores
        In nats, 0 to ln 2, not its square root; mean over tracks with reads.

    References
    ----------
    Tseng et al. 2020 (NeurIPS), who call it a distance.
    """
    shares, known = _checked(predictions, counts)
    p, q = (_normalised(_smoothed(values, smoothing)) for values in (shares, known))
    middle = (p + q) / 2
    divergence = (special.rel_entr(p, middle) + special.rel_entr(q, middle)).sum(axis=2) / 2
    return _over_tracks(divergence, known)


def binned(predictions: Profiles, counts: Profiles, *, width: int = 1) -> Binned:
    """Compare profiles by the highest share of each bin.

    Parameters
    ----------
    predictions
        Predicted shares.
    counts
        Measured counts.
    width
        Width of a bin, in bp; positions past the last whole bin are left out. Published are 1, 4
        and 10.

    Returns
    -------
    Binned
        Correlations and error over the bins of all tracks with reads.

    Raises
    ------
    UserError
        If no bin fits.

    References
    ----------
    Tseng et al. 2020 (NeurIPS), whose bins mix the two strands; here each has its own.
    """
    shares, known = _checked(predictions, counts)
    p, q = (_highest(values, width) for values in (shares, _normalised(known)))
    has_reads = known.sum(axis=2) > 0
    scores = np.full((3, len(p)), np.nan)
    for row, tracks in enumerate(has_reads):
        if tracks.any():
            x, y = p[row, tracks].ravel(), q[row, tracks].ravel()
            ranks = _one_task.ranks(x), _one_task.ranks(y)
            scores[:, row] = (
                _one_task.correlation(x, y),
                _one_task.correlation(*ranks),
                _one_task.squared_error(x, y),
            )
    return Binned(*scores)


def binned_aupr(
    predictions: Profiles,
    counts: Profiles,
    *,
    width: int = 1,
    positive: float = 0.15,
    negative: float = 0.05,
    reads: float = 3.0,
) -> Scores:
    """Measure how well the highest bins are found.

    Parameters
    ----------
    predictions
        Predicted shares.
    counts
        Measured counts.
    width
        Width of a bin, in bp.
    positive
        Least share of the counts at the highest position of a positive bin.
    negative
        Greatest share of a negative one; bins between the two are left out.
    reads
        Least count at the highest position of a positive bin.

    Returns
    -------
    Scores
        Average precision over the bins of all tracks; NaN where a class is missing.

    Raises
    ------
    UserError
        If no bin fits.

    References
    ----------
    Tseng et al. 2020 (NeurIPS).
    """
    shares, known = _checked(predictions, counts)
    p, q = (_highest(values, width) for values in (shares, _normalised(known)))
    is_positive = (q >= positive) & (_highest(known, width) >= reads)
    is_negative = (q <= negative) & (known.sum(axis=2) > 0)[:, :, None]
    return np.array([_found(*bins) for bins in zip(p, is_positive, is_negative, strict=True)])


def log_counts(predictions: Totals, counts: Profiles) -> dict[str, float]:
    """Compare predicted and measured totals.

    Parameters
    ----------
    predictions
        Predicted natural log of 1 + the total.
    counts
        Measured counts.

    Returns
    -------
    dict
        ``pearson``, ``spearman`` and ``mean_squared_error`` over examples and tracks.
    """
    x, y = predictions.ravel(), np.log1p(counts.sum(axis=2, dtype=np.float64)).ravel()
    return {
        "pearson": _one_task.correlation(x, y),
        "spearman": _one_task.correlation(_one_task.ranks(x), _one_task.ranks(y)),
        "mean_squared_error": _one_task.squared_error(x, y),
    }


def _checked(predictions: Profiles, counts: Profiles) -> tuple[np.ndarray, np.ndarray]:
    if predictions.shape != counts.shape:
        raise UserError(
            f"predictions {predictions.shape} and counts {counts.shape}: both are (examples, "
            "tracks, positions)"
        )
    return predictions.astype(np.float64), counts.astype(np.float64)


def _over_tracks(scores: np.ndarray, counts: np.ndarray) -> Scores:
    has_reads = counts.sum(axis=2) > 0
    summed, number = np.where(has_reads, scores, 0).sum(axis=1), has_reads.sum(axis=1)
    mean: Scores = np.divide(summed, number, out=np.full(len(counts), np.nan), where=number > 0)
    return mean


def _smoothed(values: np.ndarray, sigma: int) -> np.ndarray:
    if not sigma:
        return values
    kernel = np.exp(-0.5 * (np.arange(-sigma, sigma + 1) / sigma) ** 2)
    padded = np.pad(values, ((0, 0), (0, 0), (sigma, sigma)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * sigma + 1, axis=2)
    return np.asarray(windows @ (kernel / kernel.sum()))


def _normalised(values: np.ndarray) -> np.ndarray:
    whole = values.sum(axis=2, keepdims=True)
    return np.asarray(np.divide(values, whole, out=np.zeros_like(values), where=whole > 0))


def _highest(values: np.ndarray, width: int) -> np.ndarray:
    bins = values.shape[2] // width if width > 0 else 0
    if not bins:
        raise UserError(f"width={width}: wants a bin of 1 to {values.shape[2]} bp")
    kept = values[:, :, : bins * width]
    return np.asarray(kept.reshape(*values.shape[:2], bins, width).max(axis=3))


def _found(
    predictions: np.ndarray, is_positive: Bool[np.ndarray, "..."], is_negative: np.ndarray
) -> float:
    chosen = is_positive | is_negative
    return _one_task.average_precision(predictions[chosen], is_positive[chosen].astype(np.float64))
