"""Fit a network: best weights kept, resumable, the same again for the same seed."""

import contextlib
import dataclasses
import math
from pathlib import Path
from typing import Any, NamedTuple

import lightning.pytorch as lightning
import pandas as pd
from lightning.pytorch.utilities.exceptions import MisconfigurationException
from torch import nn

from cislens.data import resampling, sampling, shifting
from cislens.data.dataset import SequenceView
from cislens.errors import UserError
from cislens.training import _surroundings, checks, state
from cislens.training.batches import FitData
from cislens.training.batchnorm import UnbiasedStatistics
from cislens.training.bookkeeping import Bookkeeping
from cislens.training.module import FitModule
from cislens.training.options import FitOptions
from cislens.training.prior_options import PriorOptions
from cislens.training.progress import ProgressLine
from cislens.training.track import Track

CHANGEABLE = ("epochs", "accelerator", "devices")
"""Options that may differ when a fit is resumed: more epochs, or another machine."""

PRIOR_MOMENTUM = 0.1
"""Least momentum of running statistics under an attribution prior; PyTorch's own."""


class FitResult(NamedTuple):
    """How a fit went."""

    history: pd.DataFrame
    """One row an epoch: epoch (from 1), train_loss, validation_loss, validation_<metric>,
    learning_rate (during the epoch), seconds."""
    best_epoch: int
    """The epoch whose weights the network holds."""
    best_value: float
    """The monitored number of that epoch."""
    stopped: str
    """Why the fit ended: "patience" or "epochs"."""


def fit(
    model: nn.Module,
    train: SequenceView,
    validation: SequenceView,
    *,
    objective: str,
    options: FitOptions,
    folder: Path,
    seed: int,
    progress: bool = True,
) -> FitResult:
    """Train a network and leave it with the weights of its best epoch.

    After each epoch the state of the fit is written to ``folder / "fit.pt"``. A fit that finds one
    there goes on from it and ends with the weights it would have had; one that was finished gives
    its result again. On the CPU the same seed gives the same weights, bit for bit; the network's
    initial weights are the caller's. The global state of PyTorch's random generators is left as it
    was.

    With several devices each trains on its share of the batches, all of them validate the whole
    set, and the first one's numbers count.

    Parameters
    ----------
    model
        Maps one-hot sequences (batch, 4, length) to logits (batch, tasks). Trained in place and
        given back on its device and in its mode.
    train
        Training sequences.
    validation
        Sequences that choose the best epoch; nothing is learnt from them.
    objective
        ``"binary"``, ``"regression"`` or ``"poisson"``, a key of `losses.LOSSES`.
    options
        The options of the fit.
    folder
        Where the state is kept; made if need be.
    seed
        Seed of the order of sequences, of dropout and of augmentation.
    progress
        Say on standard error how the fit goes: a line that moves on a terminal, a line an epoch
        elsewhere.

    Returns
    -------
    FitResult
        History, best epoch, its monitored number, and why the fit ended.

    Raises
    ------
    UserError
        If the data do not suit the objective, the model does not suit the data, the folder holds
        another fit, the device is not there, or a loss is not finite.
    """
    checks.check(train, validation, objective=objective, options=options)
    order = _order(train, options, seed)
    identity = _identity(options) | {"objective": objective, "seed": seed}
    identity |= state.fingerprint(model, train, validation)
    track = Track(
        monitor=options.monitor,
        epochs=options.epochs,
        patience=options.stop_patience,
        first=_first_choice(options, sequences=len(train if order is None else order)),
    )
    saved = _restore(track, folder, identity)
    if not track.stopped:
        folder.mkdir(parents=True, exist_ok=True)
        bookkeeping = Bookkeeping(track, options, folder, identity=identity, saved=saved)
        least = 0.0 if options.prior is None else PRIOR_MOMENTUM
        statistics = UnbiasedStatistics(model, least=least)
        callbacks: list[lightning.Callback] = [bookkeeping, statistics]
        if progress:
            callbacks.append(ProgressLine(track, text=folder.name, epochs=options.epochs))
        data = FitData(
            train, validation, track, batch_size=options.batch_size, seed=seed, order=order
        )
        with contextlib.ExitStack() as stack:
            stack.enter_context(_surroundings.as_found(model))
            stack.enter_context(_surroundings.own_random_state())
            stack.enter_context(_surroundings.quiet())
            stack.enter_context(_surroundings.interruptible())
            if saved is not None:
                model.load_state_dict(saved["weights"])
            module = FitModule(model.train(), objective=objective, options=options, seed=seed)
            _trainer(options, track, folder, callbacks).fit(module, datamodule=data)
        # With several devices the fit ran in other processes, and the file is what came back.
        _restore(track, folder, identity)
    model.load_state_dict(track.best_weights)
    history = pd.DataFrame(track.rows)
    history.insert(0, "epoch", range(1, len(history) + 1))
    return FitResult(history, track.best_epoch, track.best_value, track.stopped)


def _order(train: SequenceView, options: FitOptions, seed: int) -> sampling.EpochOrder | None:
    """Say what an epoch shows, if it is not all sequences as they are stored."""
    order: sampling.EpochOrder | None = None
    if options.negatives is not None:
        order = resampling.order(train, per_positive=options.negatives, seed=seed)
    if options.shift:
        order = order or sampling.EpochOrder(len(train), shuffle=True, seed=seed)
        order = shifting.ShiftedOrder(order, count=len(train), shift=options.shift, seed=seed)
    return order


def _first_choice(options: FitOptions, *, sequences: int) -> int:
    """Find the first epoch that may be kept: at least half of it has the prior in full."""
    if not isinstance(options.prior, PriorOptions):
        return 1
    steps = options.prior.warmup_steps + options.prior.ramp_steps
    an_epoch = max(1, -(-sequences // options.batch_size) // options.devices)
    first = max(1, math.ceil(steps / an_epoch + 0.5))
    if first > options.epochs:
        raise UserError(
            f"prior: its warm-up and ramp take {steps} steps, {options.epochs} epochs have "
            f"{options.epochs * an_epoch}; give at least {first} epochs, or fewer warmup_steps"
        )
    return first


def _trainer(
    options: FitOptions, track: Track, folder: Path, callbacks: list[lightning.Callback]
) -> lightning.Trainer:
    """Set Lightning up to train and to do nothing else."""
    try:
        return lightning.Trainer(
            accelerator=options.accelerator,
            devices=options.devices,
            # Spawned, not launched anew: the caller's script shall run once.
            strategy="auto" if options.devices == 1 else "ddp_spawn",
            precision=options.precision,
            max_epochs=options.epochs - track.epoch,
            callbacks=callbacks,
            default_root_dir=folder,
            logger=False,
            enable_checkpointing=False,
            enable_model_summary=False,
            enable_progress_bar=False,
            num_sanity_val_steps=0,
            use_distributed_sampler=False,
        )
    except MisconfigurationException as error:
        raise UserError(
            f"accelerator={options.accelerator!r}, devices={options.devices}, "
            f"precision={options.precision!r}: this machine has no such device "
            f"({' '.join(str(error).split())}); use accelerator auto and devices 1"
        ) from error


def _identity(options: FitOptions) -> dict[str, Any]:
    """Give the options that a resumed fit must share."""
    fields = dataclasses.asdict(options)
    return {name: value for name, value in fields.items() if name not in CHANGEABLE}


def _restore(track: Track, folder: Path, identity: dict[str, Any]) -> dict[str, Any] | None:
    """Bring the track to where the fit in the folder is, if there is one."""
    saved = state.load(folder, identity=identity)
    if saved is not None:
        track.restore(saved["track"])
    return saved
