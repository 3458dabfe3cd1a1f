"""The options of a fit."""

import dataclasses
from typing import Literal, get_args

from cislens.errors import UserError
from cislens.training import prior_options
from cislens.training.prior_options import PriorOptions

Monitor = Literal[
    "validation_loss",
    "validation_auroc",
    "validation_aupr",
    "validation_pearson",
    "validation_profile_loss",
]
Precision = Literal["32", "16-mixed", "bf16-mixed"]
Accelerator = Literal["auto", "cpu", "gpu", "cuda", "mps"]


@dataclasses.dataclass(frozen=True)
class FitOptions:
    """How a network is fitted; the defaults are the recipe of Koo and Ploenzke (2021).

    Attributes
    ----------
    epochs
        Most passes over the training sequences.
    batch_size
        Sequences per optimiser step (on each device).
    learning_rate
        Step size of Adam at the start.
    adam_epsilon
        Term added to Adam's denominator.
    l2
        Weight of the sum of squares of every convolution and dense kernel but the output layer's.
    first_l2
        The same for the first kernel alone; None is ``l2``.
    decay_factor
        What the learning rate is multiplied by on a plateau; 1 keeps it as it is.
    decay_patience
        Epochs in a row without an improvement of more than 1e-4 that make a plateau.
    minimum_learning_rate
        Floor under the learning rate.
    stop_patience
        Epochs in a row without any improvement after which the fit stops.
    monitor
        What improvement is measured by, and which epoch's weights are kept. Of profiles,
        validation_profile_loss is the loss of the shapes alone, and validation_pearson the
        correlation of log counts.
    precision
        Bits of the arithmetic; the mixed ones keep the weights in 32 bits.
    accelerator
        Kind of device; auto takes a GPU where there is one.
    devices
        Number of devices to share the batches among.
    reverse_complement
        Probability with which a training sequence is shown as its reverse complement.
    shift
        By how many bp, at most, a training sequence is moved to either side, anew in each epoch; N
        comes in at the other end. Profiles have the jitter of their dataset instead.
    balance_classes
        Average the mean loss of positives and that of negatives, for labels of 0 and 1.
    counts_weight
        Of profiles: weight of the squared error of the log of the total, beside the negative log
        likelihood of the shape, which grows with the depth of sequencing.
    negatives
        Sequences without a positive label in each epoch, for each with one, for labels of 0 and
        1: drawn anew each epoch from all there are. All sequences where it is not given.
    prior
        What explanations are asked to be like: fourier, total-variation, gini, l2 or
        gradient-norm, or a mapping of options; none where it is not given.

    Raises
    ------
    UserError
        If an option is out of its range.

    References
    ----------
    Koo and Ploenzke (2021), Nature Machine Intelligence 3:258-266, 10.1038/s42256-020-00291-x.
    They watched a binned area under the precision-recall curve and kept the last epoch's weights;
    here it is the validation loss by default, and the best epoch's weights.
    """

    epochs: int = 100
    batch_size: int = 100
    learning_rate: float = 1e-3
    adam_epsilon: float = 1e-7
    l2: float = 1e-6
    first_l2: float | None = None
    decay_factor: float = 0.2
    decay_patience: int = 5
    minimum_learning_rate: float = 1e-7
    stop_patience: int = 20
    monitor: Monitor = "validation_loss"
    precision: Precision = "32"
    accelerator: Accelerator = "auto"
    devices: int = 1
    reverse_complement: float = 0.0
    shift: int = 0
    balance_classes: bool = False
    negatives: float | None = None
    counts_weight: float = 20.0
    prior: str | PriorOptions | None = None

    def __post_init__(self) -> None:
        # Frozen, so that the short form is written out here.
        object.__setattr__(self, "prior", prior_options.parse(self.prior))
        for name in ("epochs", "batch_size", "decay_patience", "stop_patience", "devices"):
            _want(self, name, getattr(self, name) >= 1, "at least 1")
        for name in ("learning_rate", "adam_epsilon"):
            _want(self, name, 0 < getattr(self, name) < float("inf"), "a number above 0")
        _want(self, "shift", self.shift >= 0, "at least 0")
        drawn = self.negatives
        fits = drawn is None or 0 < drawn < float("inf")
        _want(self, "negatives", fits, "a number above 0, or None")
        first = self.first_l2
        fits = first is None or 0 <= first < float("inf")
        _want(self, "first_l2", fits, "a number of at least 0, or None")
        for name in ("l2", "minimum_learning_rate", "counts_weight"):
            _want(self, name, 0 <= getattr(self, name) < float("inf"), "a number of at least 0")
        _want(self, "decay_factor", 0 < self.decay_factor <= 1, "above 0 and at most 1")
        _want(self, "reverse_complement", 0 <= self.reverse_complement <= 1, "between 0 and 1")
        for name, choices in (
            ("monitor", get_args(Monitor)),
            ("precision", get_args(Precision)),
            ("accelerator", get_args(Accelerator)),
        ):
            _want(self, name, getattr(self, name) in choices, f"one of {', '.join(choices)}")


def _want(options: FitOptions, name: str, holds: bool, wanted: str) -> None:
    if not holds:
        field = next(field for field in dataclasses.fields(options) if field.name == name)
        raise UserError(
            f"{name}={getattr(options, name)!r}: it must be {wanted}; the default is "
            f"{field.default!r}"
        )
