"""Filters that act together: those without which the same predictions change in the same way."""

import numpy as np
import pandas as pd
from jaxtyping import Float
from scipy.cluster import hierarchy
from scipy.spatial import distance

from cislens.errors import UserError
from cislens.motifs.knockout import FilterImportance


def find(
    changes: Float[np.ndarray, "filters cells"], *, least: float = 0.3
) -> list[tuple[int, ...]]:
    """Group filters by what their loss changes.

    Parameters
    ----------
    changes
        Changes of the same predictions for each filter, as `FilterImportance.changes`.
    least
        Any two filters of a group correlate at least so much.

    Returns
    -------
    list of tuple
        Numbers of the filters of each group of two or more, the largest groups first; filters that
        change nothing are in none.

    Raises
    ------
    UserError
        If the least correlation is not between -1 and 1.

    References
    ----------
    Complete linkage cut at a correlation of 0.3, as kernels are split by their effects on tracks in
    DRG (A. Sasse et al.); there over tracks alone, so that one task makes no groups.
    """
    if not -1 <= least < 1:
        raise UserError(f"least={least}: wants a correlation, from -1 to below 1")
    alive = np.flatnonzero(np.ptp(changes, axis=1) > 0)
    if len(alive) < 2:
        return []
    distances = np.clip(distance.pdist(changes[alive].astype(float), "correlation"), 0, 2)
    tree = hierarchy.linkage(distances, "complete")
    # Just above, so that a pair at the very correlation is together, whatever the rounding.
    labels = hierarchy.fcluster(tree, 1 - least + 1e-12, "distance")
    groups = [tuple(alive[labels == label].tolist()) for label in np.unique(labels)]
    return sorted((g for g in groups if len(g) > 1), key=lambda g: (-len(g), g))


def table(
    groups: list[tuple[int, ...]],
    *,
    together: FilterImportance,
    alone: FilterImportance,
    tasks: tuple[str, ...],
) -> pd.DataFrame:
    """Hold the loss of whole groups against the losses of their filters one by one.

    Parameters
    ----------
    groups
        What `find` gave.
    together
        Importance of these groups.
    alone
        Importance of each filter.
    tasks
        Names of the tasks.

    Returns
    -------
    pandas.DataFrame
        One row a group and task: group (its number), filters (their numbers, a space between),
        task, absolute (mean change without the group), alone (sum over its filters), and excess,
        the first over the second: above 1 filters stand in for each other, and each seems less
        needed than it is.
    """
    rows = []
    for number, group in enumerate(groups):
        whole = together.values["absolute"][number]
        parts = alone.values["absolute"][list(group)].sum(axis=0)
        names = " ".join(map(str, group))
        rows += [
            (number, names, task, a, b, a / b if b > 0 else np.nan)
            for task, a, b in zip(tasks, whole, parts, strict=True)
        ]
    columns = ["group", "filters", "task", "absolute", "alone", "excess"]
    return pd.DataFrame(rows, columns=columns)
