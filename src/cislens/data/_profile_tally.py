"""Profiles of a dataset: how many windows of each kind, and what lies along those at peaks."""

from typing import Any

import numpy as np

from cislens.data import profiles
from cislens.data._value_tally import ValueTally
from cislens.data.dataset import SequenceDataset
from cislens.data.splits import SPLITS

BARS = 200
"""Bars of a mean profile at most."""
GROUPS = ("background", "peaks")


def count(dataset: SequenceDataset, values: ValueTally) -> dict[str, Any]:
    """Read all windows of a dataset of profiles.

    Parameters
    ----------
    dataset
        The dataset.
    values
        Takes the totals of each task; its groups are `GROUPS`.

    Returns
    -------
    dict[str, Any]
        ``positions`` (bp), ``strands``, ``jitter`` (bp), ``control``; ``windows``, for each split
        those of each of `GROUPS`; ``mean``, for each task the mean counts along the windows at
        peaks, a list a strand of sums over ``bar`` positions.
    """
    view = dataset.view()
    kept = profiles.layout(view)
    total = np.zeros((len(dataset.tasks) * kept.strands, kept.positions))
    windows = {split: dict.fromkeys(GROUPS, 0) for split in SPLITS}
    start = 0
    for block in profiles.blocks(view):
        rows = slice(start, start + len(block.is_peak))
        values.see(view.read_targets(rows), block.is_peak.astype(int))
        total += block.counts[block.is_peak].sum(axis=0, dtype=np.float64)
        for split, at_peak in zip(dataset.split[rows].tolist(), block.is_peak, strict=True):
            windows[split][GROUPS[int(at_peak)]] += 1
        start = rows.stop
    peaks = sum(sizes["peaks"] for sizes in windows.values())
    bar = -(-kept.positions // BARS)
    edges = np.arange(0, kept.positions, bar)
    mean = np.add.reduceat(total, edges, axis=1) / max(peaks, 1)
    tracks = mean.reshape(len(dataset.tasks), kept.strands, len(edges))
    return {
        **kept._asdict(),
        "windows": windows,
        "bar": bar,
        "mean": dict(zip(dataset.tasks, tracks.tolist(), strict=True)),
    }
