"""What is in a dataset: letters, labels, splits, repeats; one block in memory at a time."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cislens.data import duplicates, overlaps
from cislens.data._tally import BINS, Tally
from cislens.data.dataset import SequenceDataset
from cislens.data.splits import SPLITS

BLOCK = 4096
"""Sequences read at once."""
EXAMPLES = 5
"""Groups of identical sequences that are named."""


def silent(done: int, total: int) -> None:
    """Show no progress.

    Parameters
    ----------
    done
        Sequences seen.
    total
        Sequences in all.
    """


def inspect(dataset: SequenceDataset, *, tell: Callable[[int, int], None] = silent) -> dict:
    """Count what a dataset holds.

    Parameters
    ----------
    dataset
        The dataset.
    tell
        Called after each block with the number of sequences seen and of all.

    Returns
    -------
    dict
        JSON values: ``name``, ``sequences``, ``length``, ``alphabet``, ``target_kind``, ``source``;
        ``splits``, ``gc``, ``tasks``, ``labels``, ``values`` as `_tally.Tally` gives them;
        ``chromosomes`` (sequences by chromosome and split), ``duplicates`` and ``overlaps``.

    Notes
    -----
    Memory grows by 9 bytes a sequence, for the digest and the split, and by the intervals.
    """
    split = pd.Categorical(dataset.split, categories=SPLITS).codes.astype(np.intp)
    tally = Tally(dataset.tasks, length=dataset.length, binary=dataset.target_kind == "binary")
    numbers = np.empty(len(dataset), np.uint64)
    everything = dataset.view()
    for start in range(0, len(dataset), BLOCK):
        rows = slice(start, min(start + BLOCK, len(dataset)))
        codes = everything[rows]
        tally.see(codes, everything.read_targets(rows), split[rows])
        numbers[rows] = duplicates.digests(codes, alphabet=dataset.alphabet)
        tell(rows.stop, len(dataset))
    return {
        "name": dataset.path.name.removesuffix(".zarr"),
        "sequences": len(dataset),
        "length": dataset.length,
        "alphabet": dataset.alphabet.name,
        "target_kind": dataset.target_kind,
        "source": dataset.provenance,
        **tally.result(),
        "values": _values(dataset, tally, split),
        "chromosomes": _chromosomes(dataset),
        "duplicates": _duplicates(dataset, duplicates.find(numbers, dataset.split)),
        "overlaps": _overlaps(dataset),
    }


def _values(dataset: SequenceDataset, tally: Tally, split: NDArray) -> dict[str, Any]:
    """Count the measurements of each task in bins of its range; nothing for binary targets."""
    if dataset.target_kind == "binary":
        return {}
    low, high = tally.range()
    step = np.where(high > low, (high - low) / BINS, 1)
    counts = np.zeros((len(SPLITS), len(dataset.tasks), BINS), np.int64)
    everything = dataset.view()
    for start in range(0, len(dataset), BLOCK):
        rows = slice(start, min(start + BLOCK, len(dataset)))
        targets = everything.read_targets(rows).astype(np.float64)
        row, task = np.nonzero(~np.isnan(targets))
        place = ((targets[row, task] - low[task]) / step[task]).astype(int).clip(0, BINS - 1)
        np.add.at(counts, (split[rows][row], task, place), 1)
    return {
        name: {
            "low": float(low[task]),
            "high": float(high[task]),
            "counts": dict(zip(SPLITS, counts[:, task].tolist(), strict=True)),
        }
        for task, name in enumerate(dataset.tasks)
        if np.isfinite(low[task])
    }


def _chromosomes(dataset: SequenceDataset) -> dict[str, dict[str, int]]:
    """Count the sequences of each chromosome in each split."""
    if dataset.intervals is None:
        return {}
    table = dataset.intervals.assign(split=dataset.split)
    counts = table[table["chrom"].astype(str) != ""].groupby(["chrom", "split"]).size()
    return {
        str(chrom): {split: int(counts.get((chrom, split), 0)) for split in SPLITS}
        for chrom in dict.fromkeys(counts.index.get_level_values("chrom"))
    }


def _duplicates(dataset: SequenceDataset, found: duplicates.Duplicates) -> dict[str, Any]:
    """Say how many sequences repeat, and how many of these have other labels."""
    disagree = [_disagree(dataset, group) for group in found.groups]
    first = sorted(zip(disagree, found.groups, strict=True), key=lambda pair: not pair[0])
    return {
        "within": found.within,
        "across": [
            {"here": here, "there": there, "sequences": count}
            for (here, there), count in found.across.items()
        ],
        "groups": len(found.groups),
        "conflicting": sum(disagree),
        "examples": [
            [str(name) for name in dataset.ids[group[:EXAMPLES]]] for _, group in first[:EXAMPLES]
        ],
    }


def _disagree(dataset: SequenceDataset, group: NDArray[np.int64]) -> bool:
    """Tell whether one task has two measurements for the same letters."""
    low, high = np.full((2, len(dataset.tasks)), np.nan)
    for start in range(0, len(group), BLOCK):
        targets = dataset.view().read_targets(group[start : start + BLOCK])
        low = np.fmin(low, np.fmin.reduce(targets, axis=0))
        high = np.fmax(high, np.fmax.reduce(targets, axis=0))
    return bool(np.any(low < high))


def _overlaps(dataset: SequenceDataset) -> dict[str, int] | None:
    """Count for validation and test the intervals that lie over a training interval."""
    places = dataset.intervals
    if places is None:
        return None
    train = places[dataset.split == "train"]
    return {
        split: int(overlaps.covered(places[dataset.split == split], train).sum())
        for split in SPLITS[1:]
    }
