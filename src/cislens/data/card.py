"""The data card: what a dataset holds, in numbers."""

from collections import Counter
from typing import Any

import numpy as np

from cislens.data.dataset import SequenceDataset, SequenceView
from cislens.data.splits import SPLITS
from cislens.sequence import alphabet as alphabets

BLOCK = 4096
"""Sequences read at once."""


def summary(dataset: SequenceDataset) -> dict[str, Any]:
    """Count what a dataset holds, one block in memory at a time.

    Parameters
    ----------
    dataset
        The dataset.

    Returns
    -------
    dict[str, Any]
        JSON values: ``name``, ``sequences``, ``length`` (bp), ``alphabet``, ``target_kind``,
        ``tasks``, ``splits`` (sequences in each), ``gc`` (share of G and C among the known
        bases, None if there are none), ``n_fraction`` (share of N among all), ``prevalence`` (for
        each task and split the mean of what was measured, which is the share of positives where
        targets are binary; None if nothing was) and ``source`` (where the data come from).
    """
    counts = np.zeros(alphabets.N_CODE + 1, np.int64)
    everything = dataset.view()
    for start in range(0, len(dataset), BLOCK):
        block = everything[start : start + BLOCK]
        counts += np.bincount(block.ravel(), minlength=len(counts))
    known = int(counts[: alphabets.N_CODE].sum())
    sizes = Counter(dataset.split.tolist())
    means = {split: _means(dataset.view(split)) for split in SPLITS}
    return {
        "name": dataset.path.name.removesuffix(".zarr"),
        "sequences": len(dataset),
        "length": dataset.length,
        "alphabet": dataset.alphabet.name,
        "target_kind": dataset.target_kind,
        "tasks": list(dataset.tasks),
        "splits": {split: sizes[split] for split in SPLITS},
        "gc": float(counts[1] + counts[2]) / known if known else None,
        "n_fraction": float(counts[alphabets.N_CODE] / counts.sum()),
        "prevalence": {
            task: {split: means[split][number] for split in SPLITS}
            for number, task in enumerate(dataset.tasks)
        },
        "source": dataset.provenance,
    }


def _means(view: SequenceView) -> list[float | None]:
    """Average the measurements of each task."""
    total, measured = np.zeros((2, len(view.tasks)))
    for start in range(0, len(view), BLOCK):
        targets = view.read_targets(slice(start, start + BLOCK)).astype(np.float64)
        total += np.nansum(targets, axis=0)
        measured += (~np.isnan(targets)).sum(axis=0)
    return [float(t / m) if m else None for t, m in zip(total, measured, strict=True)]
