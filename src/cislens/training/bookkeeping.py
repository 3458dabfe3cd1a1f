"""What happens between two epochs: note it, lower the learning rate, save, stop."""

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import lightning.pytorch as lightning
from torch.optim.lr_scheduler import ReduceLROnPlateau

from cislens.training import state
from cislens.training.module import FitModule
from cislens.training.options import FitOptions
from cislens.training.track import Track


class Bookkeeping(lightning.Callback):
    """Keep the track of a fit and its state on disk.

    Patience counts as in Keras, whose callbacks the published recipe used: a plateau is complete
    with its last epoch, not one later as in PyTorch.

    Parameters
    ----------
    track
        What the fit has seen so far; it is added to.
    options
        The options of the fit.
    folder
        Where the state is saved.
    identity
        Saved beside the state.
    saved
        The state to go on from.
    """

    def __init__(
        self,
        track: Track,
        options: FitOptions,
        folder: Path,
        *,
        identity: Mapping[str, Any],
        saved: Mapping[str, Any] | None,
    ) -> None:
        self._track, self._options, self._folder = track, options, folder
        self._identity, self._saved = identity, saved
        self._started = 0.0

    def on_train_start(self, trainer: lightning.Trainer, pl_module: FitModule) -> None:
        """Set optimiser and schedule up, as they were.

        Parameters
        ----------
        trainer
            Lightning's trainer.
        pl_module
            The module in training.
        """
        optimiser = trainer.optimizers[0]
        keeps = self._options.decay_factor == 1
        self._schedule = ReduceLROnPlateau(
            optimiser,
            # PyTorch refuses a factor of 1; a floor at the start does the same.
            factor=0.5 if keeps else self._options.decay_factor,
            patience=self._options.decay_patience - 1,
            threshold=1e-4,
            threshold_mode="abs",
            min_lr=self._options.learning_rate if keeps else self._options.minimum_learning_rate,
            eps=0.0,
        )
        if self._saved is not None:
            optimiser.load_state_dict(self._saved["optimiser"])
            self._schedule.load_state_dict(self._saved["schedule"])
            trainer.precision_plugin.load_state_dict(self._saved["precision"])
            if pl_module.prior is not None:
                pl_module.prior.restore(self._saved["prior"])

    def on_train_epoch_start(self, trainer: lightning.Trainer, pl_module: FitModule) -> None:
        """Start the clock, and say which epoch it is.

        Parameters
        ----------
        trainer
            Lightning's trainer.
        pl_module
            The module in training.
        """
        self._started = time.perf_counter()
        pl_module.epoch_number = self._track.epoch + 1

    def on_train_epoch_end(self, trainer: lightning.Trainer, pl_module: FitModule) -> None:
        """Note the epoch, then decide and save.

        Parameters
        ----------
        trainer
            Lightning's trainer.
        pl_module
            The module in training.
        """
        row = {
            **pl_module.finish_epoch(),
            "learning_rate": float(trainer.optimizers[0].param_groups[0]["lr"]),
            "seconds": time.perf_counter() - self._started,
        }
        # Devices must decide alike, or one would wait for the others for ever.
        row = trainer.strategy.broadcast(row)
        self._track.add(row, pl_module.network.state_dict())
        self._schedule.step(self._track.score(self._track.epoch))
        trainer.should_stop = bool(self._track.stopped)
        if trainer.is_global_zero:
            self._save(trainer, pl_module)

    def _save(self, trainer: lightning.Trainer, module: FitModule) -> None:
        state.save(
            self._folder,
            {
                "identity": dict(self._identity),
                "weights": module.network.state_dict(),
                "optimiser": trainer.optimizers[0].state_dict(),
                "schedule": self._schedule.state_dict(),
                "precision": trainer.precision_plugin.state_dict(),
                "prior": None if module.prior is None else module.prior.state(),
                "track": self._track.state(),
            },
        )
