"""How alike the explanations of several trainings are.

Maps are (examples, 4, length), or (runs, examples, 4, length) of several networks. Similarities lie
between -1 and 1.
"""

import itertools
from collections.abc import Callable

import numpy as np
from jaxtyping import Float64, Shaped

from cislens.errors import UserError

Maps = Shaped[np.ndarray, "_ 4 _"]
Runs = Shaped[np.ndarray, "_ _ 4 _"]
Scores = Float64[np.ndarray, " _"]
Similarity = Callable[[np.ndarray, np.ndarray], Scores]


def continuous_jaccard(first: Maps, second: Maps, *, weighted: bool = False) -> Scores:
    """Measure the overlap of two maps with regard to sign, position by position.

    Parameters
    ----------
    first
        A map of each example.
    second
        Another.
    weighted
        Whether a position counts by its share of the importance in both maps together. As published
        all count alike, and the many positions of no importance decide.

    Returns
    -------
    Scores
        The mean over positions; positions that are 0 in both maps count as 0.

    Raises
    ------
    UserError
        If the shapes differ.

    References
    ----------
    Tseng et al. 2020 (NeurIPS), who bring the values of each position to a sum of 1, as here, and
    sum over positions.
    """
    _check(first, second)
    sizes = [np.abs(values).sum(axis=1, keepdims=True) for values in (first, second)]
    a, b = (
        np.divide(values, size, out=np.zeros_like(values, dtype=np.float64), where=size > 0)
        for values, size in zip((first, second), sizes, strict=True)
    )
    shared = (np.minimum(np.abs(a), np.abs(b)) * np.sign(a) * np.sign(b)).sum(axis=1)
    together = np.maximum(np.abs(a), np.abs(b)).sum(axis=1)
    overlap = np.divide(shared, together, out=np.zeros_like(shared), where=together > 0)
    if not weighted:
        return np.asarray(overlap.mean(axis=1))
    shares = sum(_shares(size[:, 0]) for size in sizes) / 2
    return np.asarray((overlap * shares).sum(axis=1))


def cosine(first: Maps, second: Maps) -> Scores:
    """Measure the cosine between two maps.

    Parameters
    ----------
    first
        A map of each example.
    second
        Another.

    Returns
    -------
    Scores
        One an example; NaN where a map is 0 everywhere.

    Raises
    ------
    UserError
        If the shapes differ.
    """
    _check(first, second)
    a, b = (values.reshape(len(values), -1).astype(np.float64) for values in (first, second))
    lengths = np.linalg.norm(a, axis=1) * np.linalg.norm(b, axis=1)
    dots = (a * b).sum(axis=1)
    cosines: np.ndarray = np.divide(dots, lengths, out=np.full(len(a), np.nan), where=lengths > 0)
    return cosines


def stability(runs: Runs, *, similarity: Similarity = continuous_jaccard) -> Scores:
    """Measure how alike the maps of several trainings are.

    Parameters
    ----------
    runs
        Maps of the same examples by networks that differ in their seed, or fold.
    similarity
        How two maps are compared.

    Returns
    -------
    Scores
        For each example the mean over all pairs of networks.

    Raises
    ------
    UserError
        If there are fewer than two networks.
    """
    if len(runs) < 2:
        raise UserError(f"runs: maps of {len(runs)} network; wants two at least")
    pairs = itertools.combinations(runs, 2)
    return np.asarray(np.mean([similarity(a, b) for a, b in pairs], axis=0))


def agreement(runs: Runs, others: Runs, *, similarity: Similarity = continuous_jaccard) -> Scores:
    """Measure how alike the maps of two groups of trainings are, such as on all and on few data.

    Parameters
    ----------
    runs
        Maps of some examples by networks of one group.
    others
        Maps of the same examples by networks of the other.
    similarity
        How two maps are compared.

    Returns
    -------
    Scores
        For each example the mean over all pairs of a network of each group.
    """
    return np.asarray(np.mean([similarity(a, b) for a in runs for b in others], axis=0))


def _shares(sizes: np.ndarray) -> np.ndarray:
    whole = sizes.sum(axis=1, keepdims=True)
    shares: np.ndarray = np.divide(
        sizes, whole, out=np.full_like(sizes, 1 / sizes.shape[1], dtype=np.float64), where=whole > 0
    )
    return shares


def _check(first: np.ndarray, second: np.ndarray) -> None:
    if first.shape != second.shape:
        raise UserError(
            f"maps of shapes {first.shape} and {second.shape}; wants maps of the same examples"
        )
