"""Measurements of each task, counted in bins of their range."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

BINS = 50
"""Bars of a histogram."""


class ValueTally:
    """Histograms of what was measured, for each task and group of sequences.

    Parameters
    ----------
    groups
        Names of the groups.
    limits
        Lowest and highest measurement of each task.
    logarithmic
        Count on a scale of log10(1 + measurement), as counts want it.
    """

    def __init__(
        self,
        groups: Sequence[str],
        limits: tuple[NDArray[np.float64], NDArray[np.float64]],
        *,
        logarithmic: bool,
    ) -> None:
        self._groups = groups
        self._log = logarithmic
        with np.errstate(invalid="ignore"):  # tasks without a measurement have infinite limits
            self._low, self._high = map(self._scaled, limits)
            wide = self._high - self._low
        self._step = np.where(wide > 0, wide / BINS, 1)
        self._counts = np.zeros((len(groups), len(wide), BINS), np.int64)

    def see(self, targets: NDArray[np.float32], group: NDArray[np.integer]) -> None:
        """Add a block.

        Parameters
        ----------
        targets
            Measurements, one column a task; NaN is not measured.
        group
            Number of each sequence's group.
        """
        scaled = self._scaled(targets.astype(np.float64))
        row, task = np.nonzero(~np.isnan(scaled))
        place = ((scaled[row, task] - self._low[task]) / self._step[task]).astype(int)
        np.add.at(self._counts, (group[row], task, place.clip(0, BINS - 1)), 1)

    def result(self, tasks: Sequence[str]) -> dict[str, Any]:
        """Name the histograms.

        Parameters
        ----------
        tasks
            Name of each task.

        Returns
        -------
        dict[str, Any]
            For each task that was measured ``low`` and ``high``, the ends of its axis, ``log``,
            whether that is an axis of log10(1 + measurement), and ``counts`` in `BINS` bars, for
            each group.
        """
        return {
            name: {
                "low": float(self._low[task]),
                "high": float(self._high[task]),
                "log": self._log,
                "counts": dict(zip(self._groups, self._counts[:, task].tolist(), strict=True)),
            }
            for task, name in enumerate(tasks)
            if np.isfinite(self._low[task])
        }

    def _scaled(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.log10(1 + values) if self._log else values
