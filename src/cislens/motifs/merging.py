"""Motifs from many sources that are one: filters, clusters and patterns of networks and seeds."""

from collections.abc import Sequence

import numpy as np

from cislens.errors import UserError
from cislens.motifs import _alike, _placing
from cislens.sequence import pwm
from cislens.sequence.pwm import Pwm

SAME = 0.75
"""Least mean cosine between motifs of two groups that are joined."""


def groups(
    motifs: Sequence[Pwm], *, both_strands: bool = True, same: float = SAME
) -> list[list[int]]:
    """Put motifs that look alike into groups.

    Two motifs are as alike as the cosine between their columns, each less the background and
    weighed by its information, at the best shift and strand; columns that overhang count as
    unlike. Groups are made by average linkage.

    Parameters
    ----------
    motifs
        The motifs.
    both_strands
        Whether a motif may read either way; False for RNA.
    same
        Least mean cosine between the members of two groups that are joined, -1 to 1.

    Returns
    -------
    list of list of int
        Numbers of the motifs of each group in their order, the largest group first, groups of one
        size by their first motif.

    Raises
    ------
    UserError
        If ``same`` is out of its range.
    """
    if not -1 <= same <= 1:
        raise UserError(f"same={same}: wants a cosine, -1 to 1; the default is {SAME}")
    if not motifs:
        return []
    labels = _placing.linked(likeness(motifs, both_strands=both_strands), same)
    found = [np.flatnonzero(labels == label).tolist() for label in np.unique(labels)]
    return sorted(found, key=lambda group: (-len(group), group[0]))


def likeness(motifs: Sequence[Pwm], *, both_strands: bool = True) -> np.ndarray:
    """Compare each motif with each.

    Parameters
    ----------
    motifs
        The motifs.
    both_strands
        Whether a motif may read either way.

    Returns
    -------
    ndarray
        (motif, motif), cosines of -1 to 1; 1 for a motif and its reverse complement where it may
        read either way, 0 for motifs without information.
    """
    width = max(motif.width for motif in motifs)
    columns = np.zeros((len(motifs), 4, width), np.float32)
    for number, motif in enumerate(motifs):
        above = motif.probabilities - motif.background[:, None]
        columns[number, :, : motif.width] = above * pwm.information(motif)
    units = _alike.unit(columns)
    found = _alike.best(units, units, most_shift=width - 1, both_strands=both_strands)
    return found.cosine
