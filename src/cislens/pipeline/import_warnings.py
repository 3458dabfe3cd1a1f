"""What a user should know of a dataset that was just imported, though nothing is wrong with it."""

from collections import Counter
from pathlib import Path

import numpy as np

from cislens.data import build, dataset
from cislens.data.dataset import SequenceDataset
from cislens.pipeline import progress
from cislens.pipeline.options import DataOptions

BLOCK = 65536
FEW = 0.05
"""Largest share of stray values among zeros and ones that looks like a slip."""


def found(path: Path, chosen: DataOptions) -> list[str]:
    """Look for slips in a dataset.

    Parameters
    ----------
    path
        The dataset (.zarr).
    chosen
        What it was imported with.

    Returns
    -------
    list of str
        One sentence each: few values beside zeros and ones, which make a regression of what may
        be a classification, and names that several records share.
    """
    stored = dataset.open(path)
    said = [_names(stored, shuffled=chosen.negatives == build.SHUFFLE)]
    if chosen.target_kind is None and stored.target_kind == "continuous":
        said.append(_strays(stored))
    return [text for text in said if text]


def _strays(stored: SequenceDataset) -> str:
    """Say how many measurements are neither 0 nor 1, if these are few."""
    ones = strays = measured = 0
    first = ""
    view = stored.view()
    for start in range(0, len(stored), BLOCK):
        values = view.read_targets(slice(start, start + BLOCK))
        known = ~np.isnan(values)
        stray = known & (values != 0) & (values != 1)
        measured, ones = measured + int(known.sum()), ones + int((values == 1).sum())
        if not first and stray.any():
            row, task = np.argwhere(stray)[0]
            first = f"{values[row, task]:g} for {stored.ids[start + row]} ({stored.tasks[task]})"
        strays += int(stray.sum())
    # Ones must outnumber the strays, or it may be any measurement with many zeros.
    if not 0 < strays <= max(1, FEW * measured) or ones <= strays:
        return ""
    return (
        f"warning: all but {strays:,} of {measured:,} values are 0 or 1, such as {first}, so that "
        "this is a regression: mend them if classes were meant, or say --target_kind continuous"
    )


def _names(stored: SequenceDataset, *, shuffled: bool) -> str:
    """Say how many names stand for several records; shuffles bear the names of their records."""
    ending = "_shuffled"
    names = Counter(name for name in stored.ids if not (shuffled and name.endswith(ending)))
    shared = {name: count for name, count in names.items() if count > 1}
    if not shared:
        return ""
    name, count = next(iter(shared.items()))
    return (
        f"warning: {progress.counted(len(shared), 'name')} of more than one record, such as "
        f"{name} ({count} times); predictions and maps tell records by name alone"
    )
