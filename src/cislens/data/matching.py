"""Pairs of what is wanted with the likest of what is offered, each offered once."""

import numpy as np
from jaxtyping import Float, Int
from scipy import spatial

_NEIGHBOURS = 16
_TIE = 1e-6
"""Spread of the random column that shares equal offers out among those who want them."""


def nearest(
    wanted: Float[np.ndarray, "wanted features"],
    offered: Float[np.ndarray, "offered features"],
    *,
    rng: np.random.Generator,
) -> Int[np.ndarray, " wanted"]:
    """Give each wanted row an offered one of its own, the closest pairs first.

    Greedy: in each round, pairs of a wanted row and one of its nearest free offers are served in
    order of their Euclidean distance.

    Parameters
    ----------
    wanted
        Features of what is to be matched.
    offered
        Features of at least as many to choose from.
    rng
        Decides between equals.

    Returns
    -------
    Int[np.ndarray, "wanted"]
        Row of `offered` for each, all different.
    """
    wanted, offered = (
        np.column_stack([rows, rng.uniform(0, _TIE, len(rows))]) for rows in (wanted, offered)
    )
    found = np.full(len(wanted), -1)
    free = np.arange(len(offered))
    left = np.arange(len(wanted))
    while len(left):
        count = min(_NEIGHBOURS, len(free))
        distance, near = spatial.cKDTree(offered[free]).query(
            wanted[left], k=[*range(1, count + 1)]
        )
        _serve(distance, near, free, left, found)
        left = left[found[left] < 0]
        free = np.setdiff1d(free, found, assume_unique=True)
    return found


def _serve(
    distance: np.ndarray, near: np.ndarray, free: np.ndarray, left: np.ndarray, found: np.ndarray
) -> None:
    """Walk through the pairs from the closest on; write whom each row got."""
    taken = np.zeros(len(free), bool)
    count = near.shape[1]
    for pair in np.argsort(distance, axis=None, kind="stable").tolist():
        row, place = pair // count, near[pair // count, pair % count]
        if found[left[row]] < 0 and not taken[place]:
            found[left[row]] = free[place]
            taken[place] = True
