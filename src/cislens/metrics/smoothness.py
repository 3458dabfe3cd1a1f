"""How rough and how spread out tracks of importance are; the less of each, the easier to read.

Tracks are absolute importances of the observed bases, (examples, length). Scores are NaN for a
track of zeros.
"""

import numpy as np
from jaxtyping import Float64, Shaped

from cislens.errors import UserError

Tracks = Shaped[np.ndarray, "examples length"]
Scores = Float64[np.ndarray, " examples"]


def high_frequency_share(tracks: Tracks, *, period: float = 6.7) -> Scores:
    """Measure the share of the magnitude spectrum whose period is shorter than a limit.

    Parameters
    ----------
    tracks
        Importance of each position, at least 0.
    period
        Shortest period that counts as low frequency, in bp.

    Returns
    -------
    Scores
        0 to 1, of all frequencies but the constant part and the highest one.

    Raises
    ------
    UserError
        If a value is negative or infinite, or the period is below 2.

    References
    ----------
    Tseng et al. 2020 (NeurIPS), with limits of 150 bins for 1000 bp and 200 for 1346. Unlike the
    Fourier prior it smooths nothing.
    """
    values = _checked(tracks)
    if not period >= 2:
        raise UserError(f"period={period}: wants at least 2 bp")
    length = values.shape[1]
    magnitudes = np.abs(np.fft.rfft(values, axis=1))[:, 1 : length // 2]
    high = magnitudes[:, round(length / period) :].sum(axis=1)
    whole = magnitudes.sum(axis=1)
    return _divided(high, np.where(values.any(axis=1), whole, 0.0))


def entropy(tracks: Tracks, *, pseudocount: float = 0.0) -> Scores:
    """Measure the entropy of a track as a distribution over positions.

    Parameters
    ----------
    tracks
        Importance of each position, at least 0.
    pseudocount
        Added to each position. Above 0, such as the published 0.001, the entropy depends on the
        scale of the track, and a network that makes its gradients small raises it.

    Returns
    -------
    Scores
        In bits: 0 for a single position, log2(length) for a flat track.

    Raises
    ------
    UserError
        If a value is negative or infinite, or the pseudocount is negative.

    References
    ----------
    Tseng et al. 2020 (NeurIPS).
    """
    values = _checked(tracks)
    if not pseudocount >= 0:
        raise UserError(f"pseudocount={pseudocount}: wants at least 0")
    values = values + pseudocount
    shares = _divided(values.T, values.sum(axis=1)).T
    logs = np.log2(np.where(shares > 0, shares, 1))
    return np.asarray(-(shares * logs).sum(axis=1))


def gini(tracks: Tracks) -> Scores:
    """Measure how unevenly importance is spread over positions.

    Parameters
    ----------
    tracks
        Importance of each position, at least 0.

    Returns
    -------
    Scores
        The Gini coefficient: 0 for a flat track, 1 - 1 / length for a single position.

    Raises
    ------
    UserError
        If a value is negative or infinite.
    """
    values = np.sort(_checked(tracks), axis=1)
    length = values.shape[1]
    ranks = 2 * np.arange(1, length + 1) - length - 1
    return _divided((ranks * values).sum(axis=1), length * values.sum(axis=1))


def _checked(tracks: Tracks) -> Float64[np.ndarray, "examples length"]:
    values = np.asarray(tracks, dtype=np.float64)
    if not (np.isfinite(values) & (values >= 0)).all():
        raise UserError(
            "tracks: hold negative or infinite values; wants absolute importances, such as "
            "abs((map * onehot).sum(1))"
        )
    return values


def _divided(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    shares: np.ndarray = np.divide(part, whole, out=np.full_like(part, np.nan), where=whole > 0)
    return shares
