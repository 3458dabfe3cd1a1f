"""How well importance points at planted motifs, sequence by sequence."""

from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Float64, Shaped

from cislens.errors import UserError
from cislens.metrics import _one_task

LEAST_BITS = 0.01
"""Information that makes a column of a planted motif count as truth, in bits."""

PerSequence = Float64[np.ndarray, " sequences"]


class Agreement(NamedTuple):
    """Scores of each sequence; NaN where nothing, or everything, was planted."""

    auroc: PerSequence
    """Area under the receiver operating characteristic over the bases of a sequence."""
    aupr: PerSequence
    """Area under the precision-recall curve, its points joined by straight lines."""
    base_rate: PerSequence
    """Share of planted bases, the AUPR of a random map."""


def truth(
    information: Shaped[np.ndarray, "_ _"], *, least: float = LEAST_BITS
) -> Bool[np.ndarray, "_ _"]:
    """Tell which bases were planted.

    Parameters
    ----------
    information
        Information of the planted motif at each base, in bits; 0 where none was planted.
    least
        Bases of more bits than this are truth. 0.01 counts every column of a motif, as published;
        0.5 leaves out those that hardly say anything.

    Returns
    -------
    NDArray[np.bool_]
        True at planted bases.
    """
    planted: Bool[np.ndarray, "_ _"] = information > least
    return planted


def agreement(scores: Shaped[np.ndarray, "_ _"], planted: Bool[np.ndarray, "_ _"]) -> Agreement:
    """Rank the bases of each sequence by importance and hold the ranking against the truth.

    Parameters
    ----------
    scores
        Importance of each base with its sign, such as a map summed over its channels: a base that
        speaks against the output ranks below one that says nothing.
    planted
        Which bases were planted.

    Returns
    -------
    Agreement
        One number a sequence; means over sequences are what is published.

    Raises
    ------
    UserError
        If the shapes differ or a score is NaN.

    References
    ----------
    Koo and Ploenzke 2021, doi:10.1038/s42256-020-00291-x: signed scores, every column of an
    embedded motif above 0.01 bit, trapezoids below the precision-recall curve.
    """
    if scores.shape != planted.shape:
        raise UserError(f"scores: shape {scores.shape}; the truth has {planted.shape}")
    if np.isnan(scores).any():
        row = int(np.argwhere(np.isnan(scores))[0, 0])
        raise UserError(f"scores: row {row} holds NaN; the model gave it, or the map")
    pairs = [(row, mask.astype(np.float64)) for row, mask in zip(scores, planted, strict=True)]
    return Agreement(
        np.array([_one_task.auroc(row, mask) for row, mask in pairs], np.float64),
        np.array([_one_task.trapezoid_precision(row, mask) for row, mask in pairs], np.float64),
        planted.mean(axis=1, dtype=np.float64),
    )
