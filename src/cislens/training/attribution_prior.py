"""An attribution prior in the course of a fit: warm-up, scale, weight, and what is logged."""

import math
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, NamedTuple

import torch
from jaxtyping import Bool, Float
from torch import Tensor, nn

from cislens.training import channels_last, explaining, prior_options, priors
from cislens.training.prior_options import PriorOptions

SCALE_STEPS = 50
"""The scale of the weights is the mean loss of so many first steps, fewer in a shorter warm-up, or
the gain of about so many last ones."""

SCHEDULES: dict[str, Callable[[int], float]] = {
    "constant": lambda epoch: 1.0,
    "inflate": lambda epoch: 2 / (1 + math.exp(-epoch)) - 1,
    "deflate": lambda epoch: math.exp(-0.3 * epoch),
}
"""Factor of the weights by number of epochs done (Tseng et al. 2020)."""


class Step(NamedTuple):
    """What a network gave for a batch, and what its explanations cost."""

    outputs: Any
    penalty: Float[Tensor, ""] | None
    """Mean over the explained sequences, before scale and ramp; None where none was taken."""


class AttributionPrior:
    """The prior of one fit; call `step`, then `weighted` with the loss of that step.

    On several devices each has the scale of its own share of the batches.

    Parameters
    ----------
    options
        Its options.
    objective
        What the network is trained for; "binary" labels and "profile" windows have positives.

    Raises
    ------
    UserError
        If an option is out of its range.
    """

    def __init__(self, options: PriorOptions, *, objective: str) -> None:
        prior_options.check(options)
        self._options = options
        self._terms = prior_options.weights(options, objective=objective)
        labelled = objective in {"binary", "profile"}
        self._has_positives = labelled and options.rows == "positives"
        default = "softmax-weighted" if objective == "profile" else "logit"
        self._target = default if options.target == "auto" else options.target
        self._fourier = partial(
            priors.fourier,
            period=options.period,
            softness=options.softness,
            smoothing=options.smoothing,
            direct=options.direct == "included",
        )
        self._steps = 0
        self._scale = math.nan
        self._gain: Tensor | None = None
        self._first: list[Tensor] = []
        self._logged: dict[str, list[Tensor]] = {name: [] for name in options.terms}

    def step(self, network: nn.Module, inputs: tuple[Tensor, ...], labels: Tensor) -> Step:
        """Run a batch, and explain it where the prior is on.

        Parameters
        ----------
        network
            The network in training.
        inputs
            What it is called with, the one-hot sequences first.
        labels
            (batch, labels), or anything with one row a sequence where there are no positives; a
            row with a 1 is a positive.

        Returns
        -------
        Step
            Outputs and penalty.
        """
        if self._share() == 0 or self._steps % self._options.every:
            return Step(channels_last.run(network, inputs), None)
        chosen = self._chosen(labels)
        outputs, gradients = explaining.explain(
            network,
            inputs,
            chosen,
            target=self._target,
            statistics=self._options.batch_norm,
        )
        with torch.autocast(gradients.device.type, enabled=False):
            return Step(outputs, self._penalty(gradients, inputs[0][chosen]))

    @property
    def follows_gain(self) -> bool:
        """Whether `weighted` wants to know what was gained.

        Returns
        -------
        bool
            True for the scale "gain".
        """
        return self._options.scale == "gain"

    def weighted(
        self, loss: Tensor, penalty: Tensor | None, *, epoch: int, gain: Tensor | None = None
    ) -> Tensor:
        """Add the penalty to the loss, and count the step.

        Parameters
        ----------
        loss
            Mean loss of the batch.
        penalty
            What `step` gave.
        epoch
            Number of the epoch, from 1.
        gain
            By how much the loss is below that of a prediction that sees no sequence; None will do
            if the scale does not follow it.

        Returns
        -------
        Tensor
            What the optimiser lowers; the loss itself where there is no penalty.

        Raises
        ------
        ValueError
            If the scale follows the gain, and there is none.
        """
        if self._options.scale == "task" and math.isnan(self._scale):
            self._first.append(loss.detach())
            if self._steps + 1 >= min(SCALE_STEPS, self._options.warmup_steps):
                self._scale = float(torch.stack(self._first).abs().mean())
                self._first = []
        if self.follows_gain:
            if gain is None:
                raise ValueError("gain=None: the scale of this prior follows it")
            self._follow(gain.detach().float())
        total = loss if penalty is None else loss + self._factor(epoch) * penalty
        self._steps += 1
        return total

    def weight(self, epoch: int) -> float:
        """Give the factor of the penalty at this step.

        Parameters
        ----------
        epoch
            Number of the epoch, from 1.

        Returns
        -------
        float
            0 in the warm-up.
        """
        return float(self._factor(epoch))

    def finish_epoch(self, epoch: int) -> dict[str, float]:
        """Sum the epoch up and forget its steps.

        Parameters
        ----------
        epoch
            Number of the epoch, from 1.

        Returns
        -------
        dict
            The mean of each prior (``prior_<name>``, NaN where none was taken) and the weight at
            the end of the epoch.
        """
        row = {
            f"prior_{name}": float(torch.stack(values).mean()) if values else math.nan
            for name, values in self._logged.items()
        }
        for values in self._logged.values():
            values.clear()
        return row | {"prior_weight": self.weight(epoch)}

    def state(self) -> dict[str, Any]:
        """Give what `restore` needs.

        Returns
        -------
        dict
            Plain numbers.
        """
        return {
            "steps": self._steps,
            "scale": self._scale,
            "gain": None if self._gain is None else float(self._gain),
            "first": [float(loss) for loss in self._first],
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on from a state.

        Parameters
        ----------
        state
            What `state` gave.
        """
        self._steps, self._scale = state["steps"], state["scale"]
        self._gain = None if state["gain"] is None else torch.tensor(state["gain"])
        self._first = [torch.tensor(loss) for loss in state["first"]]

    def _follow(self, gain: Tensor) -> None:
        """Average the gain over the last steps, with weights that fall with their age."""
        if self._gain is None:
            self._gain = gain
        rate = max(1 / SCALE_STEPS, 1 / (self._steps + 1))
        # On the device: to look at a number each step would make a GPU wait.
        before = self._gain.to(gain.device)
        self._gain = before + rate * (gain - before)

    def _factor(self, epoch: int) -> Tensor | float:
        """Give the factor of the penalty, on the device where it follows the gain."""
        if not self._share():
            return 0.0
        factor = SCHEDULES[self._options.schedule](epoch - 1) * self._options.every * self._share()
        if self.follows_gain:
            # What was not gained yet cannot be lost: the prior waits for the network.
            return 0.0 if self._gain is None else factor * self._gain.clamp(min=0)
        return factor * (self._scale if self._options.scale == "task" else 1.0)

    def _share(self) -> float:
        """Say how far the ramp has come, 0 to 1."""
        done = self._steps - self._options.warmup_steps
        if done < 0:
            return 0.0
        return min(1.0, (done + 1) / (self._options.ramp_steps + 1))

    def _chosen(self, labels: Tensor) -> Bool[Tensor, " batch"]:
        if self._has_positives:
            return (labels == 1).any(dim=1)
        return torch.ones(len(labels), dtype=torch.bool, device=labels.device)

    def _penalty(self, gradients: Tensor, onehot: Tensor) -> Tensor | None:
        if not len(gradients):
            return None
        if self._options.gauge == "corrected":
            gradients = gradients - gradients.mean(dim=1, keepdim=True)
        tracks = priors.observed(gradients, onehot)
        total = torch.zeros((), device=tracks.device)
        for name, weight in self._terms.items():
            value = self._term(name, gradients, tracks).mean()
            self._logged[name].append(value.detach())
            total = total + weight * value
        return total

    def _term(self, name: str, gradients: Tensor, tracks: Tensor) -> Tensor:
        if name == "gradient-norm":
            return priors.gradient_norm(gradients)
        known: dict[str, Callable[[Tensor], Tensor]] = {
            "fourier": self._fourier,
            "total-variation": priors.total_variation,
            "gini": priors.gini,
            "l2": priors.l2,
        }
        return known[name](tracks)
