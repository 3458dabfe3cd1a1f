"""What a fit asks of a batch: what goes in, what it costs, and what is told of an epoch."""

from collections.abc import Callable
from typing import Any, NamedTuple, Protocol, runtime_checkable

import numpy as np
import torch
from torch import Tensor

from cislens.data.profile_sampling import ProfileBatch
from cislens.errors import UserError
from cislens.metrics import predictive, profile
from cislens.sequence import onehot as onehots
from cislens.training import losses, profile_losses
from cislens.training.losses import Loss
from cislens.training.options import FitOptions

METRICS: dict[str, tuple[str, ...]] = {
    "binary": ("auroc", "aupr"),
    "regression": ("pearson",),
    "poisson": ("pearson",),
    "profile": ("profile_loss", "pearson"),
}
"""What is told of the validation sequences beside their loss, by objective."""


class Parts(NamedTuple):
    """A batch as a step sees it."""

    inputs: tuple[Tensor, ...]
    """What the network is called with, the one-hot sequences first."""
    targets: Tensor
    """What was measured, one row a sequence."""
    labels: Tensor
    """(batch, labels); a row with a 1 is a positive."""


@runtime_checkable
class Objective(Protocol):
    """What differs between networks of numbers and networks of profiles."""

    def parts(self, batch: Any, turned: Tensor | None) -> Parts:  # noqa: ANN401
        """Take a batch apart.

        Parameters
        ----------
        batch
            What a loader serves.
        turned
            Which sequences are shown as they lie along the other strand; None for none.

        Returns
        -------
        Parts
            The batch.
        """

    def loss(self, outputs: Any, targets: Tensor) -> Loss:  # noqa: ANN401
        """Compare what the network gave with what was measured.

        Parameters
        ----------
        outputs
            What the network gave.
        targets
            What was measured.

        Returns
        -------
        Loss
            Of the batch.
        """

    def gain(self, outputs: Any, targets: Tensor) -> Tensor:  # noqa: ANN401
        """Measure how much better the network does than one that sees no sequence.

        Parameters
        ----------
        outputs
            What the network gave.
        targets
            What was measured.

        Returns
        -------
        Tensor
            In the unit of the loss, without a gradient.
        """

    def keep(self, outputs: Any, targets: Tensor) -> None:  # noqa: ANN401
        """Remember what `scores` needs of a batch.

        Parameters
        ----------
        outputs
            What the network gave.
        targets
            What was measured.
        """

    def scores(self) -> dict[str, float]:
        """Score what was kept, and forget it.

        Returns
        -------
        dict
            Numbers by name of a metric.
        """


def make(objective: str, options: FitOptions) -> Objective:
    """Choose what a fit asks.

    Parameters
    ----------
    objective
        A key of `METRICS`.
    options
        The options of the fit.

    Returns
    -------
    Objective
        With nothing kept yet.
    """
    return _Profiles(options) if objective == "profile" else _Numbers(objective, options)


class _Numbers:
    """One number for each task."""

    def __init__(self, objective: str, options: FitOptions) -> None:
        self._objective = objective
        self._balanced = options.balance_classes
        self._loss = losses.chosen(objective, balance_classes=options.balance_classes)
        self._kept: list[tuple[Tensor, Tensor]] = []

    def parts(self, batch: tuple[Tensor, Tensor], turned: Tensor | None) -> Parts:
        onehot, targets = batch
        if turned is not None:
            onehot = torch.where(turned[:, None, None], onehots.reverse_complement(onehot), onehot)
        return Parts((onehot,), targets, targets)

    def loss(self, outputs: Tensor, targets: Tensor) -> Loss:
        if outputs.shape != targets.shape:
            raise UserError(
                f"model: its output for {len(targets)} sequences has shape {tuple(outputs.shape)}, "
                f"the targets have {tuple(targets.shape)}; build it with one output per task"
            )
        return self._loss(outputs, targets)

    def gain(self, outputs: Tensor, targets: Tensor) -> Tensor:
        means = losses.constant(self._objective, targets)
        if self._balanced:
            means = torch.zeros_like(means)
        return self._loss(means, targets).mean - self._loss(outputs.detach(), targets).mean

    def keep(self, outputs: Tensor, targets: Tensor) -> None:
        self._kept.append((outputs.to("cpu", torch.float32), targets.cpu()))

    def scores(self) -> dict[str, float]:
        logits, targets = (torch.cat(values) for values in zip(*self._kept, strict=True))
        self._kept.clear()
        # Ranks of logits: probabilities would tie where they round to 0 or 1.
        values = logits.double().exp() if self._objective == "poisson" else logits
        return {
            name: _mean_of_defined(_SCORES[name](values.numpy(), targets.numpy()))
            for name in METRICS[self._objective]
        }


_SCORES: dict[str, Callable[[np.ndarray, np.ndarray], np.ndarray]] = {
    "auroc": predictive.auroc,
    "aupr": predictive.aupr,
    "pearson": predictive.pearson,
}


class _Profiles:
    """Where counts fall, and how many there are; of what was kept, totals only."""

    def __init__(self, options: FitOptions) -> None:
        if options.balance_classes:
            losses.chosen("profile", balance_classes=True)
        self._weight = options.counts_weight
        self._shapes: list[Loss] = []
        self._kept: list[tuple[Tensor, Tensor]] = []

    def parts(self, batch: ProfileBatch, turned: Tensor | None) -> Parts:
        if turned is not None:
            batch = _turned(batch, turned)
        inputs = (batch.onehot,) if batch.control is None else (batch.onehot, batch.control)
        return Parts(inputs, batch.counts, batch.is_peak[:, None])

    def loss(self, outputs: Any, targets: Tensor) -> Loss:  # noqa: ANN401
        logits, log_counts = _checked(outputs, targets)
        return profile_losses.profile(logits, log_counts, targets, counts_weight=self._weight)

    def gain(self, outputs: Any, targets: Tensor) -> Tensor:  # noqa: ANN401
        logits, _ = _checked(outputs, targets)
        return profile_losses.gain(logits.detach(), targets).mean

    def keep(self, outputs: Any, targets: Tensor) -> None:  # noqa: ANN401
        logits, log_counts = _checked(outputs, targets)
        self._shapes.append(profile_losses.multinomial(logits, targets))
        totals = targets.sum(dim=-1, dtype=torch.float64)
        self._kept.append((log_counts.to("cpu", torch.float32), totals.cpu()))

    def scores(self) -> dict[str, float]:
        log_counts, totals = (torch.cat(values) for values in zip(*self._kept, strict=True))
        shape = Loss(*(torch.stack(values).sum() for values in zip(*self._shapes, strict=True)))
        self._kept.clear()
        self._shapes.clear()
        found = profile.log_counts(log_counts.numpy(), totals.numpy()[:, :, None])
        return {"profile_loss": float(shape.mean), "pearson": found["pearson"]}


def _checked(outputs: Any, counts: Tensor) -> tuple[Tensor, Tensor]:  # noqa: ANN401
    if (
        not isinstance(outputs, tuple)
        or len(outputs) != 2
        or outputs[0].shape != counts.shape
        or outputs[1].shape != counts.shape[:2]
    ):
        got = [tuple(o.shape) for o in outputs] if isinstance(outputs, tuple) else type(outputs)
        raise UserError(
            f"model: gives {got} for counts of shape {tuple(counts.shape)} (batch, tracks, "
            f"positions); wants logits {tuple(counts.shape)} and log counts "
            f"{tuple(counts.shape[:2])}"
        )
    return outputs[0], outputs[1]


def _turned(batch: ProfileBatch, chosen: Tensor) -> ProfileBatch:
    """Turn the chosen windows to the other strand, whose tracks change places."""

    def tracks(counts: Tensor) -> Tensor:
        other = counts.unflatten(1, (-1, batch.strands)).flip(2, 3).flatten(1, 2)
        return torch.where(chosen[:, None, None], other, counts)

    onehot = torch.where(
        chosen[:, None, None], onehots.reverse_complement(batch.onehot), batch.onehot
    )
    control = None if batch.control is None else tracks(batch.control)
    return batch._replace(onehot=onehot, counts=tracks(batch.counts), control=control)


def _mean_of_defined(values: np.ndarray) -> float:
    defined = values[~np.isnan(values)]
    return float(defined.mean()) if defined.size else float("nan")
