"""How alike stretches of maps are: the best cosine over shifts and strands."""

import math
from typing import NamedTuple

import numpy as np
from jaxtyping import Float32, Int64

Stretches = Float32[np.ndarray, "stretches rows width"]


class Likeness(NamedTuple):
    """The best placement of each target on each query."""

    cosine: Float32[np.ndarray, "queries targets"]
    """-1 to 1; columns that overhang count as unlike."""
    shift: Int64[np.ndarray, "queries targets"]
    """Position of the target's first column relative to the query's first."""
    flipped: np.ndarray
    """Whether the target is reverse complemented."""


def unit(stretches: Stretches) -> Stretches:
    """Scale each four rows of a stretch to one length, and all of it to 1; zeros stay.

    Parameters
    ----------
    stretches
        Stretches of maps: rows A C G T, then as many sets of four as there are.

    Returns
    -------
    Stretches
        Their directions; the product of two is the mean of the cosines of their fours.
    """
    count, rows, width = stretches.shape
    fours = stretches.reshape(count, rows // 4, 4 * width)
    norms = np.sqrt(np.square(fours, dtype=np.float64).sum(axis=2, keepdims=True))
    norms *= math.sqrt(rows // 4)
    scaled = np.divide(fours, norms, out=np.zeros_like(fours), where=norms > 0, casting="same_kind")
    whole: np.ndarray = scaled.reshape(stretches.shape)
    return whole


def flip(stretches: np.ndarray) -> np.ndarray:
    """Read stretches from the other strand.

    Parameters
    ----------
    stretches
        Rows A C G T, then as many sets of four as there are.

    Returns
    -------
    ndarray
        Reverse complements: columns turned, and rows within each four.
    """
    count, rows, width = stretches.shape
    fours = stretches.reshape(count, rows // 4, 4, width)[:, :, ::-1, ::-1]
    return fours.reshape(count, rows, width)


def best(
    queries: Float32[np.ndarray, "queries rows width"],
    targets: Float32[np.ndarray, "targets rows width"],
    *,
    most_shift: int,
    both_strands: bool,
) -> Likeness:
    """Place each target on each query where they are most alike.

    Parameters
    ----------
    queries
        Of length 1, as `unit` gives them.
    targets
        Of length 1 and the same shape but for their number.
    most_shift
        Largest shift, in bp.
    both_strands
        Try the reverse complements of the targets too.

    Returns
    -------
    Likeness
        Of equals the unflipped and the smaller shift to the left count.
    """
    count, _, width = targets.shape
    shape = (len(queries), count)
    cosine = np.full(shape, -np.inf, np.float32)
    shift, flipped = np.zeros(shape, np.int64), np.zeros(shape, bool)
    for turned in (False, True) if both_strands else (False,):
        placed = np.ascontiguousarray(flip(targets)) if turned else targets
        for by in range(-most_shift, most_shift + 1):
            first, end = max(0, by), min(width, width + by)
            left = np.ascontiguousarray(queries[:, :, first:end]).reshape(len(queries), -1)
            right = np.ascontiguousarray(placed[:, :, first - by : end - by]).reshape(count, -1)
            found = left @ right.T
            better = found > cosine
            cosine[better], shift[better], flipped[better] = found[better], by, turned
    return Likeness(cosine, shift, flipped)
