"""Checks of a dataset before it trains a network."""

import numpy as np

from cislens.data.dataset import SequenceDataset
from cislens.data.splits import SPLITS
from cislens.errors import UserError

BLOCK = 8192
"""Rows of targets read at once."""


def check_classes(dataset: SequenceDataset) -> list[str]:
    """Look for tasks that a split cannot train or judge.

    Parameters
    ----------
    dataset
        The dataset to train on.

    Returns
    -------
    list[str]
        A sentence for each empty validation or test split, and for each task that has one class
        only there (binary) or no measurement at all; its scores will be undefined.

    Raises
    ------
    UserError
        If nothing is in train, or a task has one class only or no measurement there.
    """
    notes = []
    for split in SPLITS:
        faults = _faults(dataset, split)
        if faults and split == "train":
            raise UserError(f"{dataset.path}: {faults[0]}; split differently or leave the task out")
        notes += [f"{fault}; its scores are undefined" for fault in faults]
    return notes


def _faults(dataset: SequenceDataset, split: str) -> list[str]:
    """Find what is wrong with one split."""
    view = dataset.view(split)
    if len(view) == 0:
        return [f"no sequence is in {split}"]
    low, high = np.full((2, len(dataset.tasks)), np.nan)
    for start in range(0, len(view), BLOCK):
        targets = view.read_targets(slice(start, start + BLOCK))
        low = np.fmin(low, np.fmin.reduce(targets))
        high = np.fmax(high, np.fmax.reduce(targets))
    faults = []
    for task, lowest, highest in zip(dataset.tasks, low, high, strict=True):
        if np.isnan(lowest):
            faults.append(f"task {task} has no measurement in {split}")
        elif lowest == highest and dataset.target_kind == "binary":
            faults.append(f"task {task} has only the class {lowest:g} in {split}")
    return faults
