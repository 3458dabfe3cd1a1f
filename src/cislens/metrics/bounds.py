"""What a score can be at best and by chance: beside them it can be read."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from jaxtyping import Float64, Shaped

Values = Shaped[np.ndarray, "examples *_"]
Scores = Float64[np.ndarray, " examples"]
Shuffle = Callable[[np.ndarray, np.random.Generator], np.ndarray]


class Bounds(NamedTuple):
    """A score of each example, and the two it lies between."""

    measured: Scores
    """What was asked for."""
    best: Scores
    """The score of the truth itself."""
    chance: Scores
    """The score of what was measured, shuffled; the mean over the copies."""


def bounded(
    metric: Callable[[np.ndarray, np.ndarray], Scores],
    values: Values,
    truth: Values,
    *,
    shuffle: Shuffle,
    rng: np.random.Generator,
    copies: int = 5,
) -> Bounds:
    """Score values beside the truth itself and beside shuffles of them.

    Parameters
    ----------
    metric
        Values and truth to one score an example; its options are bound with `functools.partial`.
    values
        What is scored: predictions, tracks, maps.
    truth
        What it is scored against; must be such that it can stand for values.
    shuffle
        `positions`, `bases`, `everything` or `examples`.
    rng
        Source of randomness.
    copies
        Shuffles.

    Returns
    -------
    Bounds
        The three scores; NaN where the metric is undefined.
    """
    chance = np.mean([metric(shuffle(values, rng), truth) for _ in range(copies)], axis=0)
    return Bounds(metric(values, truth), metric(truth, truth), np.asarray(chance))


def positions(values: Values, rng: np.random.Generator) -> np.ndarray:
    """Shuffle the positions of each example, all bases of one together.

    Parameters
    ----------
    values
        Positions on the last axis.
    rng
        Source of randomness.

    Returns
    -------
    ndarray
        A shuffled copy.
    """
    order = rng.permuted(np.tile(np.arange(values.shape[-1]), (len(values), 1)), axis=1)
    shape = (len(values),) + (1,) * (values.ndim - 2) + (values.shape[-1],)
    return np.take_along_axis(values, np.broadcast_to(order.reshape(shape), values.shape), axis=-1)


def bases(values: Shaped[np.ndarray, "examples 4 length"], rng: np.random.Generator) -> np.ndarray:
    """Shuffle the bases of each position.

    Parameters
    ----------
    values
        A map of each example.
    rng
        Source of randomness.

    Returns
    -------
    ndarray
        A shuffled copy.
    """
    return rng.permuted(values, axis=1)


def everything(values: Values, rng: np.random.Generator) -> np.ndarray:
    """Shuffle all values of each example.

    Parameters
    ----------
    values
        Any values.
    rng
        Source of randomness.

    Returns
    -------
    ndarray
        A shuffled copy.
    """
    return rng.permuted(values.reshape(len(values), -1), axis=1).reshape(values.shape)


def examples(values: Values, rng: np.random.Generator) -> np.ndarray:
    """Give each example the values of another.

    Parameters
    ----------
    values
        Any values; with one example alone nothing changes.
    rng
        Source of randomness.

    Returns
    -------
    ndarray
        A shuffled copy; no example keeps its own.
    """
    order = rng.permutation(len(values))
    # Neighbours in a random circle: a permutation without a fixed point.
    moved = np.empty_like(order)
    moved[order] = np.roll(order, 1)
    return values[moved]
