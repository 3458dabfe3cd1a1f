"""Motifs told apart by the tasks they act on."""

import numpy as np
import scipy.cluster.hierarchy
import scipy.spatial.distance
from jaxtyping import Float64, Int64

from cislens.errors import UserError

FEWEST_TASKS = 3
"""Profiles over fewer tasks correlate by 1 or -1 whatever they are."""

MOST = 1500
"""Seqlets that groups are made from; all others are put to these."""

AGREEING = 0.3
"""Least mean correlation between the effects of the seqlets of two groups that are joined."""


def split(
    effects: Float64[np.ndarray, "seqlets tasks"], *, least: int, agreeing: float = AGREEING
) -> list[Int64[np.ndarray, " members"]]:
    """Split the seqlets of a motif by what they do to the tasks.

    The profiles of two seqlets are as far apart as one minus their correlation over the tasks;
    groups are made by average linkage. Seqlets of groups that are too small, and those beyond the
    first `MOST`, go to the group whose mean profile they correlate with most.

    Parameters
    ----------
    effects
        What each seqlet does to each task, in units that compare between tasks.
    least
        Fewest seqlets of a group.
    agreeing
        Least mean correlation between two groups that are joined, -1 to 1.

    Returns
    -------
    list of ndarray
        Numbers of the seqlets of each group in their order, the largest group first; one group of
        all where there are fewer than `FEWEST_TASKS` tasks or no second group is large enough.

    Raises
    ------
    UserError
        If ``agreeing`` is out of its range.

    References
    ----------
    Correlation over tasks and 0.3 are those of DRG (DeepRegulatoryGenomics), which splits clusters
    of filters by complete linkage and keeps small groups. Single seqlets are noisy: of any hundred,
    some two disagree, and complete linkage would split nearly every motif.
    """
    if not -1 <= agreeing <= 1:
        raise UserError(f"agreeing={agreeing}: wants a correlation, -1 to 1")
    everyone = np.arange(len(effects))
    if effects.shape[1] < FEWEST_TASKS or len(effects) < 2 * least:
        return [everyone]
    directions = _directions(effects)
    first = directions[:MOST]
    distance = np.maximum(1 - first @ first.T, 0)
    np.fill_diagonal(distance, 0)
    tree = scipy.cluster.hierarchy.linkage(
        scipy.spatial.distance.squareform(distance, checks=False), method="average"
    )
    labels = scipy.cluster.hierarchy.fcluster(tree, 1 - agreeing, criterion="distance")
    large = [label for label in np.unique(labels) if (labels == label).sum() >= least]
    if len(large) < 2:
        return [everyone]
    means = _directions(np.stack([first[labels == label].mean(axis=0) for label in large]))
    group = (directions @ means.T).argmax(axis=1)
    settled = np.flatnonzero(np.isin(labels, large))
    group[settled] = np.searchsorted(large, labels[settled])
    found = [np.flatnonzero(group == number) for number in range(len(large))]
    return sorted(found, key=lambda members: -len(members))


def _directions(profiles: np.ndarray) -> np.ndarray:
    """Centre profiles and scale them to length 1, so that products are correlations."""
    centred = profiles - profiles.mean(axis=1, keepdims=True)
    norms = np.linalg.norm(centred, axis=1, keepdims=True)
    scaled: np.ndarray = np.divide(centred, norms, out=np.zeros_like(centred), where=norms > 1e-12)
    return scaled
