"""A training step and a validation step of any network, for Lightning's trainer."""

from typing import Any

import lightning.pytorch as lightning
import numpy as np
import torch
from torch import Tensor, nn

from cislens.errors import UserError
from cislens.training import channels_last, objectives
from cislens.training.attribution_prior import AttributionPrior, Step
from cislens.training.losses import Loss
from cislens.training.options import FitOptions
from cislens.training.prior_options import PriorOptions

STEPS_BETWEEN_CHECKS = 50
"""Looking at a loss makes a GPU wait, so the search for NaN comes once in so many steps."""


class FitModule(lightning.LightningModule):
    """Wrap a network for one fit; the network itself is trained, not a copy.

    Parameters
    ----------
    network
        Maps one-hot sequences to logits (batch, tasks), or, with control tracks beside them where
        there are some, to logits (batch, tracks, positions) and log counts (batch, tracks).
    objective
        A key of `cislens.training.objectives.METRICS`.
    options
        The options of the fit.
    seed
        Seed of dropout and augmentation.
    """

    def __init__(
        self, network: nn.Module, *, objective: str, options: FitOptions, seed: int
    ) -> None:
        super().__init__()
        self.network = network
        self.epoch_number = 1
        self._objective = objectives.make(objective, options)
        self._options = options
        self.prior = (
            AttributionPrior(options.prior, objective=objective)
            if isinstance(options.prior, PriorOptions)
            else None
        )
        self._seed = seed
        self._train: list[Loss] = []
        self._validation: list[Loss] = []

    def configure_optimizers(self) -> torch.optim.Optimizer:
        """Make Adam, with the penalty of the kernels as exact weight decay.

        Returns
        -------
        Optimizer
            Over the weights that are not frozen.
        """
        return torch.optim.Adam(
            parameter_groups(self.network, l2=self._options.l2, first_l2=self._options.first_l2),
            lr=self._options.learning_rate,
            eps=self._options.adam_epsilon,
        )

    def training_step(self, batch: Any, batch_index: int) -> Tensor:  # noqa: ANN401
        """Give the mean loss of a batch.

        Parameters
        ----------
        batch
            One-hot sequences and their targets, or a `ProfileBatch`.
        batch_index
            Number of the batch in the epoch, from 0.

        Returns
        -------
        Tensor
            What the optimiser lowers, but for the penalty of the kernels.

        Raises
        ------
        UserError
            If the network's outputs do not fit the targets, or a loss was not finite.
        """
        if batch_index == 0:
            # Seeded here, after Lightning made its iterators: a resumed epoch draws the same.
            torch.manual_seed(_mix(self._seed, self.epoch_number, self.global_rank))
        inputs, targets, labels = self._objective.parts(batch, self._turned(batch[0]))
        outputs, penalty = self._step(inputs, labels)
        loss = self._objective.loss(outputs, targets)
        self._train.append(Loss(loss.total.detach(), loss.measured))
        if len(self._train) % STEPS_BETWEEN_CHECKS == 0:
            self._check_finite(self._train[-STEPS_BETWEEN_CHECKS:])
        if self.prior is None:
            return loss.mean
        gain = self._objective.gain(outputs, targets) if self.prior.follows_gain else None
        return self.prior.weighted(loss.mean, penalty, epoch=self.epoch_number, gain=gain)

    def validation_step(self, batch: Any, batch_index: int) -> None:  # noqa: ANN401
        """Keep loss, predictions and targets of a batch.

        Parameters
        ----------
        batch
            One-hot sequences and their targets, or a `ProfileBatch`.
        batch_index
            Not looked at.
        """
        inputs, targets, _ = self._objective.parts(batch, None)
        outputs = self.network(*inputs)
        self._validation.append(self._objective.loss(outputs, targets))
        self._objective.keep(outputs, targets)

    def finish_epoch(self) -> dict[str, float]:
        """Sum the epoch up and forget its batches.

        Returns
        -------
        dict
            ``train_loss`` (without the penalty, while the weights moved), ``validation_loss``,
            both means over all measured entries, and the means over tasks of
            ``validation_<metric>``, NaN where no task has one; with a prior its mean over the
            steps (``prior_<name>``) and ``prior_weight``, its weight in the last.

        Raises
        ------
        UserError
            If a loss is not finite.
        """
        self._check_finite(self._train)
        row = {"train_loss": _mean(self._train), "validation_loss": _mean(self._validation)}
        if not np.isfinite(row["validation_loss"]):
            raise self._not_finite(f"validation loss became {row['validation_loss']}")
        row |= {f"validation_{name}": value for name, value in self._objective.scores().items()}
        if self.prior is not None:
            row |= self.prior.finish_epoch(self.epoch_number)
        self._train.clear()
        self._validation.clear()
        return row

    def _turned(self, onehot: Tensor) -> Tensor | None:
        """Draw which sequences are shown as their reverse complement; None if none ever is."""
        if not self._options.reverse_complement:
            return None
        return torch.rand(len(onehot), device=onehot.device) < self._options.reverse_complement

    def _step(self, inputs: tuple[Tensor, ...], labels: Tensor) -> Step:
        if self.prior is None:
            return Step(channels_last.run(self.network, inputs), None)
        return self.prior.step(self.network, inputs, labels)

    def _check_finite(self, batches: list[Loss]) -> None:
        bad = ~torch.isfinite(torch.stack([loss.total.sum() for loss in batches]))
        if bad.any():
            step = len(self._train) - len(batches) + int(bad.nonzero()[0, 0])
            total = float(self._train[step].total.sum())
            raise self._not_finite(f"training loss became {total}", step)

    def _not_finite(self, what: str, step: int | None = None) -> UserError:
        place = f"epoch {self.epoch_number}" + ("" if step is None else f", step {step + 1}")
        return UserError(
            f"{place}: the {what}, a loss is a finite number; lower learning_rate (now "
            f"{self._options.learning_rate:g}) or, with an exponential activation, clamp it"
        )


def parameter_groups(
    network: nn.Module, *, l2: float, first_l2: float | None = None
) -> list[dict[str, Any]]:
    """Part the trained weights into those with and those without a penalty.

    Penalised are the kernels of all convolutions and dense layers but the output layer, which is
    taken to be the last one defined. Adam adds ``weight_decay * weight`` to the gradient, so twice
    ``l2`` is exactly a penalty of ``l2`` times the sum of squares.

    Parameters
    ----------
    network
        The network to train; frozen weights stay out.
    l2
        Weight of the sum of squares.
    first_l2
        The same for the kernel defined first; None is ``l2``.

    Returns
    -------
    list of dict
        Parameter groups for an optimiser.
    """
    layers = (nn.Linear, nn.modules.conv._ConvNd)
    kernels = [m.weight for m in network.modules() if isinstance(m, layers)]
    chosen = {id(kernel) for kernel in kernels[:-1]} - {id(kernel) for kernel in kernels[-1:]}
    first = {id(kernel) for kernel in kernels[:1]} & chosen if first_l2 is not None else set()
    trained = [weight for weight in network.parameters() if weight.requires_grad]
    groups = [
        {"params": [w for w in trained if id(w) in first], "weight_decay": 2 * (first_l2 or 0.0)},
        {"params": [w for w in trained if id(w) in chosen - first], "weight_decay": 2 * l2},
        {"params": [w for w in trained if id(w) not in chosen], "weight_decay": 0.0},
    ]
    return [group for group in groups if group["params"]]


def _mean(batches: list[Loss]) -> float:
    """Divide the sums of all batches by the counts of all batches, in double precision."""
    total = torch.stack([loss.total for loss in batches]).cpu().double().sum(dim=0)
    measured = torch.stack([loss.measured for loss in batches]).cpu().double().sum(dim=0)
    return float(Loss(total, measured).mean) if measured.sum() else float("nan")


def _mix(*numbers: int) -> int:
    """Make one seed of several numbers."""
    return int(np.random.SeedSequence(numbers).generate_state(1)[0])
