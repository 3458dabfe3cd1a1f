"""Letters and labels of a dataset, counted block after block."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cislens.data.splits import SPLITS
from cislens.sequence.alphabet import N_CODE
from cislens.sequence.shapes import Codes

BINS = 50
"""Bars of a histogram, about."""
CLASSES = ("without", "with")
"""Sequences without and with a positive label."""
MOST_LABELS = 20
"""Sequences with more positive labels than this are counted together."""


class Tally:
    """Sums over all sequences seen.

    Parameters
    ----------
    tasks
        Name of each task.
    length
        Length of every sequence, in bp.
    binary
        Whether targets are 0 or 1.
    """

    def __init__(self, tasks: Sequence[str], *, length: int, binary: bool) -> None:
        splits, count = len(SPLITS), len(tasks)
        self._length = length
        # Bars hold whole numbers of bases, equally many each; others would look ragged.
        self._bar = max(1, round(length / BINS))
        self._tasks = tasks
        self._binary = binary
        self._bases = np.zeros((splits, N_CODE + 1), np.int64)
        self._sizes, self._with_n, self._only_n = np.zeros((3, splits), np.int64)
        self._gc = np.zeros((splits, len(CLASSES), length // self._bar + 1), np.int64)
        self._labels = np.zeros((splits, MOST_LABELS + 2), np.int64)
        self._measured = np.zeros((splits, count), np.int64)
        self._sum, self._squares = np.zeros((2, splits, count))
        self._low, self._high = np.full((splits, count), np.inf), np.full((splits, count), -np.inf)
        self._gc_of = np.zeros((len(CLASSES), count))
        self._gc_n = np.zeros((len(CLASSES), count), np.int64)

    def see(self, codes: Codes, targets: NDArray[np.float32], split: NDArray) -> None:
        """Add a block.

        Parameters
        ----------
        codes
            Base codes, one row a sequence.
        targets
            Its measurements, one column a task; NaN is not measured.
        split
            Number of its split.
        """
        bases = np.stack([(codes == code).sum(axis=1) for code in range(N_CODE + 1)], axis=1)
        known = bases[:, :N_CODE].sum(axis=1)
        gc = np.divide(
            bases[:, 1] + bases[:, 2], known, out=np.full(len(codes), np.nan), where=known > 0
        )
        np.add.at(self._bases, split, bases)
        np.add.at(self._sizes, split, 1)
        np.add.at(self._with_n, split, bases[:, N_CODE] > 0)
        np.add.at(self._only_n, split, known == 0)
        self._see_targets(targets.astype(np.float64), split)
        positive = np.zeros(len(codes), int)
        if self._binary:
            positive = (targets == 1).sum(axis=1)
            np.add.at(self._labels, (split, positive.clip(0, MOST_LABELS + 1)), 1)
            self._see_gc(targets, gc)
        there = ~np.isnan(gc)
        place = (gc[there] * self._length / self._bar + 1e-9).astype(int)
        np.add.at(self._gc, (split[there], (positive[there] > 0).astype(int), place), 1)

    def _see_targets(self, targets: NDArray[np.float64], split: NDArray) -> None:
        for number in range(len(SPLITS)):
            mine = targets[split == number]
            measured = ~np.isnan(mine)
            values = np.where(measured, mine, 0)
            self._measured[number] += measured.sum(axis=0)
            self._sum[number] += values.sum(axis=0)
            self._squares[number] += (values**2).sum(axis=0)
            low = np.where(measured, mine, np.inf).min(axis=0, initial=np.inf)
            high = np.where(measured, mine, -np.inf).max(axis=0, initial=-np.inf)
            self._low[number] = np.minimum(self._low[number], low)
            self._high[number] = np.maximum(self._high[number], high)

    def _see_gc(self, targets: NDArray[np.float32], gc: NDArray[np.float64]) -> None:
        there = ~np.isnan(gc)
        for label in range(len(CLASSES)):
            mine = targets[there] == label
            self._gc_of[label] += gc[there] @ mine
            self._gc_n[label] += mine.sum(axis=0)

    def range(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Give the lowest and the highest measurement of each task.

        Returns
        -------
        NDArray[np.float64]
            Lowest; infinite where nothing was measured.
        NDArray[np.float64]
            Highest.
        """
        return self._low.min(axis=0), self._high.max(axis=0)

    def result(self) -> dict[str, Any]:
        """Turn sums into shares and means.

        Returns
        -------
        dict[str, Any]
            JSON values. ``splits``: for each split ``sequences``, ``gc`` (share of G and C among
            known bases), ``n_fraction``, ``with_n`` and ``only_n`` (sequences with an N, and of
            nothing else). ``gc``: ``width`` of a bar and, as ``counts``, for each split the
            sequences without and with a positive label in bars from 0 on. ``labels``: for each
            split the sequences with 0, 1, 2 … positive labels, the last for more than
            `MOST_LABELS`; empty unless binary. ``tasks``: for each task its ``splits`` with
            ``measured``, ``mean``, ``sd``, ``lowest`` and ``highest``, and for binary targets
            ``gc``, the mean GC content of the sequences with target 0 (``without``) and 1
            (``with``). None where nothing was measured.
        """
        labels = dict(zip(SPLITS, self._labels.tolist(), strict=True)) if self._binary else {}
        return {
            "splits": {name: self._split(number) for number, name in enumerate(SPLITS)},
            "gc": {
                "width": self._bar / self._length,
                "counts": {
                    name: dict(zip(CLASSES, self._gc[number].tolist(), strict=True))
                    for number, name in enumerate(SPLITS)
                },
            },
            "labels": labels,
            "tasks": {name: self._task(number) for number, name in enumerate(self._tasks)},
        }

    def _split(self, number: int) -> dict[str, Any]:
        bases = self._bases[number]
        return {
            "sequences": int(self._sizes[number]),
            "gc": _ratio(bases[1] + bases[2], bases[:N_CODE].sum()),
            "n_fraction": _ratio(bases[N_CODE], bases.sum()),
            "with_n": int(self._with_n[number]),
            "only_n": int(self._only_n[number]),
        }

    def _task(self, task: int) -> dict[str, Any]:
        gc = [_ratio(self._gc_of[n, task], self._gc_n[n, task]) for n in range(len(CLASSES))]
        return {
            "splits": {name: self._numbers(number, task) for number, name in enumerate(SPLITS)},
            "gc": dict(zip(CLASSES, gc, strict=True)) if self._binary else {},
        }

    def _numbers(self, number: int, task: int) -> dict[str, Any]:
        measured = int(self._measured[number, task])
        mean = _ratio(self._sum[number, task], measured)
        square = _ratio(self._squares[number, task], measured)
        return {
            "measured": measured,
            "mean": mean,
            "sd": None if mean is None or square is None else max(square - mean**2, 0.0) ** 0.5,
            "lowest": float(self._low[number, task]) if measured else None,
            "highest": float(self._high[number, task]) if measured else None,
        }


def _ratio(sum_: np.number | float, count: np.number | int) -> float | None:
    return float(sum_ / count) if count else None
