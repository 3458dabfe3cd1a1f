"""How a fit is going: one line that moves on a terminal, a line an epoch in a log."""

import time

import lightning.pytorch as lightning
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from cislens.jobs import progress
from cislens.training.track import Track

SECONDS_BETWEEN_MOVES = 0.1


class ProgressLine(lightning.Callback):
    """Show epoch, losses, best epoch and the time left, should the fit use all its epochs.

    On a terminal that is one line with a bar. Elsewhere, in a log, it is one plain line an epoch,
    with the validation metrics.

    Parameters
    ----------
    track
        What the fit has seen so far.
    text
        What is fitted, in a word.
    epochs
        Most epochs.
    """

    def __init__(self, track: Track, *, text: str, epochs: int) -> None:
        self._track, self._text, self._epochs = track, text, epochs
        self._steps, self._shown, self._before = 0, 0.0, 0
        self._plain = False
        self._line: Progress | None = None

    def on_train_start(
        self, trainer: lightning.Trainer, pl_module: lightning.LightningModule
    ) -> None:
        """Begin the line.

        Parameters
        ----------
        trainer
            Lightning's trainer.
        pl_module
            The module in training.
        """
        if not trainer.is_global_zero:
            return
        self._before = self._track.epoch
        if self._before:
            self._print(f"goes on after epoch {self._before} of {self._epochs}")
        self._plain = not _console().is_terminal
        if self._plain:
            return
        self._steps = self._track.epoch * len(trainer.train_dataloader)
        self._line = Progress(
            TextColumn("{task.description}"),
            BarColumn(bar_width=20),
            TextColumn("{task.fields[numbers]}"),
            TimeRemainingColumn(compact=True),
            console=_console(),
        )
        total = self._epochs * len(trainer.train_dataloader)
        self._line.add_task(self._text, total=total, completed=self._steps, numbers=self._numbers())
        self._line.start()

    def on_train_batch_end(self, *_: object) -> None:
        """Move the bar, at most ten times a second.

        Parameters
        ----------
        *_
            Not looked at: trainer, module, outputs, batch and its number.
        """
        self._steps += 1
        now = time.monotonic()
        if self._line is not None and now - self._shown > SECONDS_BETWEEN_MOVES:
            self._shown = now
            self._line.update(TaskID(0), completed=self._steps)

    def on_train_epoch_end(self, *_: object) -> None:
        """Show the numbers of the epoch.

        Parameters
        ----------
        *_
            Not looked at: trainer and module.
        """
        if self._line is not None:
            self._line.update(TaskID(0), completed=self._steps, numbers=self._numbers())
        elif self._plain:
            self._print(self._epoch_line())

    def teardown(
        self, trainer: lightning.Trainer, pl_module: lightning.LightningModule, stage: str
    ) -> None:
        """Leave the line as it is, also after an error.

        Parameters
        ----------
        trainer
            Lightning's trainer.
        pl_module
            The module in training.
        stage
            What the trainer was doing.
        """
        if self._line is not None:
            self._line.stop()
            self._line = None

    def _print(self, text: str) -> None:
        """Write a line whole, however long; names of folders are no markup."""
        _console().print(f"{self._text}: {text}", soft_wrap=True, markup=False)

    def _epoch_line(self) -> str:
        """Say what the last epoch came to, for a log."""
        row = self._track.rows[-1]
        metrics = "".join(
            f", {name.removeprefix('validation_')} {value:.4f}"
            for name, value in row.items()
            if name.startswith("validation_") and name != "validation_loss"
        )
        return (
            f"epoch {self._track.epoch} of {self._epochs}, loss {row['train_loss']:.4f}, "
            f"validation {row['validation_loss']:.4f}{metrics}, "
            f"best epoch {self._track.best_epoch}{self._left()}"
        )

    def _left(self) -> str:
        """Guess the time left by the epochs of this sitting; nothing after the last one."""
        if self._track.stopped:
            return ""
        mine = [row["seconds"] for row in self._track.rows[self._before :]]
        left = sum(mine) / len(mine) * (self._epochs - self._track.epoch)
        return f", at most {progress.duration(left)} left"

    def _numbers(self) -> str:
        """Say what the last epoch came to."""
        if not self._track.rows:
            return f"epoch 0/{self._epochs}"
        row = self._track.rows[-1]
        return (
            f"epoch {self._track.epoch}/{self._epochs}  loss {row['train_loss']:.4f}  "
            f"validation {row['validation_loss']:.4f}  "
            f"best {self._track.best_value:.4f} at {self._track.best_epoch}"
        )


def _console() -> Console:
    """Open standard error; made when used, since a console cannot be sent to other processes."""
    return Console(stderr=True, highlight=False)
