"""What is in a dataset: letters, labels, splits, repeats; one block in memory at a time."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cislens.data import _profile_tally, duplicates, overlaps, similarity
from cislens.data._tally import Tally
from cislens.data._value_tally import ValueTally
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
        ``splits``, ``gc``, ``tasks`` and ``labels`` as `_tally.Tally` gives them, ``values`` as
        `_value_tally.ValueTally` does, ``profile`` as `_profile_tally.count` does (None unless it
        is a dataset of profiles); ``chromosomes`` (sequences by chromosome and split),
        ``duplicates`` and ``overlaps``.

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
    values, profile = _measured(dataset, tally, split)
    return {
        "name": dataset.path.name.removesuffix(".zarr"),
        "sequences": len(dataset),
        "length": dataset.length,
        "alphabet": dataset.alphabet.name,
        "target_kind": dataset.target_kind,
        "source": dataset.provenance,
        **tally.result(),
        "values": values,
        "profile": profile,
        "chromosomes": _chromosomes(dataset),
        "duplicates": _duplicates(dataset, duplicates.find(numbers, dataset.split)),
        "overlaps": _overlaps(dataset),
    }


def similar(
    dataset: SequenceDataset, *, tell: Callable[[int, int], None] = silent
) -> dict[str, dict[str, Any]]:
    """Count the held-out sequences that are much like one of the training split.

    Parameters
    ----------
    dataset
        The dataset.
    tell
        Called with the number of training sequences read and to be read.

    Returns
    -------
    dict[str, dict[str, Any]]
        For validation and test: ``sequences`` that are like one, as `similarity.find` has it, and
        the first of them as ``examples``: its name, that of the training sequence, and the share
        of equal bases.
    """
    train = dataset.view("train")
    found = {}
    for split in SPLITS[1:]:
        view = dataset.view(split)
        alike = similarity.find(view, train, tell=tell)
        pairs = zip(*(column[:EXAMPLES] for column in alike), strict=True)
        found[split] = {
            "sequences": len(alike.rows),
            "examples": [
                [str(view.ids[row]), str(train.ids[partner]), float(share)]
                for row, partner, share in pairs
            ],
        }
    return found


def _measured(
    dataset: SequenceDataset, tally: Tally, split: NDArray[np.intp]
) -> tuple[dict[str, Any], dict[str, Any] | None]:
    """Count measurements in bars, by split, or for profiles at peaks and beside them."""
    if dataset.target_kind == "binary":
        return {}, None
    if dataset.profile is not None:
        totals = ValueTally(_profile_tally.GROUPS, tally.range(), logarithmic=True)
        profile = _profile_tally.count(dataset, totals)
        return totals.result(dataset.tasks), profile
    values = ValueTally(SPLITS, tally.range(), logarithmic=dataset.target_kind == "count")
    everything = dataset.view()
    for start in range(0, len(dataset), BLOCK):
        rows = slice(start, min(start + BLOCK, len(dataset)))
        values.see(everything.read_targets(rows), split[rows])
    return values.result(dataset.tasks), None


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
    disagree = _disagree(dataset, found)
    first = np.argsort(~disagree, kind="stable")[:EXAMPLES]
    shown = [found.rows[found.edges[group] : found.edges[group + 1]] for group in first]
    return {
        "within": found.within,
        "across": [
            {"here": here, "there": there, "sequences": count}
            for (here, there), count in found.across.items()
        ],
        "groups": len(disagree),
        "conflicting": int(disagree.sum()),
        "examples": [[str(dataset.ids[row]) for row in group[:EXAMPLES]] for group in shown],
    }


def _disagree(dataset: SequenceDataset, found: duplicates.Duplicates) -> NDArray[np.bool_]:
    """Tell for which groups one task has two measurements for the same letters."""
    result = np.zeros(len(found.edges) - 1, bool)
    view = dataset.view()
    first = 0
    while first < len(result):
        begin = found.edges[first]
        last = max(first + 1, int(np.searchsorted(found.edges, begin + BLOCK, "right")) - 1)
        low, high = np.full((2, last - first, len(dataset.tasks)), np.nan)
        # More than one turn only where a single group is larger than a block.
        for start in range(begin, found.edges[last], BLOCK):
            rows = slice(start, min(start + BLOCK, found.edges[last]))
            targets = view.read_targets(found.rows[rows])
            inside = np.maximum(found.edges[first:last] - start, 0)
            low = np.fmin(low, np.fmin.reduceat(targets, inside))
            high = np.fmax(high, np.fmax.reduceat(targets, inside))
        result[first:last] = (low < high).any(axis=1)
        first = last
    return result


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
