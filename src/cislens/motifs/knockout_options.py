"""The options of filter importance."""

from dataclasses import dataclass
from typing import Literal, get_args

from cislens.errors import UserError

Replacement = Literal["mean", "zero", "shuffle"]
On = Literal["all", "positive", "well-predicted", "correlated"]


@dataclass(frozen=True)
class KnockoutOptions:
    """What stands in place of a filter, and on which sequences it is missed.

    Attributes
    ----------
    replacement
        What stands in place of a filter's map: "mean", its mean over all sequences and positions;
        "zero"; "shuffle", its maps dealt anew among the sequences of a batch.
    on
        Which sequences count: "all"; "positive", for each task those of class 1; "well-predicted",
        those whose prediction is nearer the truth than the task's mean; "correlated", those whose
        predictions correlate with the truth across tasks, above 0.75.
    split
        Which part of the dataset; what the filters read where it is not given.
    groups
        Also find filters without which the same predictions change in the same way, and replace
        them together: what they are worth where each can stand in for the others.
    sequences
        Most sequences, drawn at random where the split has more; all where it is not given.
    batch_size
        Sequences that go through the network at once; found where it is not given.
    device
        Where to run, such as cuda; where PyTorch puts models by default if it is not given.
    seed
        Seed of what is drawn.

    Raises
    ------
    UserError
        If an option is out of its range.
    """

    replacement: Replacement = "mean"
    on: On = "all"
    split: Literal["train", "validation", "test", "all"] | None = None
    groups: bool = False
    sequences: int | None = None
    batch_size: int | None = None
    device: str | None = None
    seed: int = 0

    def __post_init__(self) -> None:
        for name, choices in (("replacement", get_args(Replacement)), ("on", get_args(On))):
            value = getattr(self, name)
            if value not in choices:
                raise UserError(f"{name}={value!r}: wants one of {', '.join(choices)}")
        for name in ("sequences", "batch_size"):
            value = getattr(self, name)
            if value is not None and value < 1:
                raise UserError(f"{name}={value}: wants a whole number, at least 1")
