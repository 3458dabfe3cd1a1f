"""What a fit has seen so far: its history, its best weights, and whether it has had enough."""

import math
from collections.abc import Mapping
from typing import Any, Literal

from torch import Tensor

from cislens.errors import UserError

Stopped = Literal["", "patience", "epochs"]


class Track:
    """The record of a fit, epoch by epoch.

    Parameters
    ----------
    monitor
        Column of the history that improvement is measured by; losses are to fall, all else to rise.
    epochs
        Most epochs.
    patience
        Epochs in a row without an improvement after which the fit is to stop.
    first
        First epoch that may be the best, from 1; patience counts from there.
    """

    def __init__(self, *, monitor: str, epochs: int, patience: int, first: int = 1) -> None:
        self.rows: list[dict[str, float]] = []
        self.best_epoch = 0
        self.best_weights: dict[str, Tensor] = {}
        self.mode: Literal["min", "max"] = "min" if monitor.endswith("loss") else "max"
        self._monitor, self._epochs, self._patience = monitor, epochs, patience
        self._first = first

    def add(self, row: Mapping[str, float], weights: Mapping[str, Tensor]) -> None:
        """Note an epoch, and keep a copy of its weights if it is the best so far.

        Parameters
        ----------
        row
            Numbers of the epoch, among them the monitored one; NaN there is no improvement.
        weights
            State of the network at the end of the epoch, on any device.
        """
        self.rows.append(dict(row))
        is_first = self.best_epoch == 0 or self.best_epoch < self._first <= self.epoch
        if is_first or self.score(self.epoch) < self.score(self.best_epoch):
            self.best_epoch = self.epoch
            self.best_weights = {
                name: tensor.detach().to("cpu", copy=True) for name, tensor in weights.items()
            }

    @property
    def epoch(self) -> int:
        """Count the epochs done.

        Returns
        -------
        int
            0 at the start.
        """
        return len(self.rows)

    @property
    def best_value(self) -> float:
        """Look up the monitored number of the best epoch.

        Returns
        -------
        float
            NaN before the first epoch.
        """
        return self.rows[self.best_epoch - 1][self._monitor] if self.rows else math.nan

    @property
    def stopped(self) -> Stopped:
        """Say why there is to be no further epoch.

        Returns
        -------
        str
            ``"patience"`` or ``"epochs"``; empty if there is to be one.
        """
        since = max(self.best_epoch, self._first - 1)
        if self.epoch and self.epoch - since >= self._patience:
            return "patience"
        return "epochs" if self.epoch >= self._epochs else ""

    def score(self, epoch: int) -> float:
        """Give the monitored number of an epoch as a cost.

        Parameters
        ----------
        epoch
            Number of the epoch, from 1.

        Returns
        -------
        float
            The lower the better; infinite for NaN.
        """
        value = self.rows[epoch - 1][self._monitor]
        if math.isnan(value):
            return math.inf
        return value if self.mode == "min" else -value

    def state(self) -> dict[str, Any]:
        """Give what `restore` needs.

        Returns
        -------
        dict
            Plain numbers, and tensors that are not copied.
        """
        return {
            "rows": self.rows,
            "best_epoch": self.best_epoch,
            "best_weights": self.best_weights,
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on from a state.

        Parameters
        ----------
        state
            What `Track.state` gave.

        Raises
        ------
        UserError
            If it has more epochs than this fit is to have.
        """
        if len(state["rows"]) > self._epochs:
            raise UserError(
                f"epochs={self._epochs}: the fit to go on from has done {len(state['rows'])}; ask "
                "for at least as many or choose another folder"
            )
        self.rows = state["rows"]
        self.best_epoch = state["best_epoch"]
        self.best_weights = state["best_weights"]
