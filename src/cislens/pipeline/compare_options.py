"""Options of `cislens compare`."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from cislens.errors import UserError


@dataclass(frozen=True)
class Compare:
    """Options of `cislens compare`.

    Attributes
    ----------
    runs
        Run folders of trainings on the same dataset; those that differ in their seed alone are one
        condition, and the first condition is what the others are compared with.
    out
        The folder to write.
    data
        A dataset (.zarr); the one the models were trained on where it is not given.
    split
        Which part of the dataset.
    task
        Name of the output that is explained; the first where it is not given.
    method
        Which maps are compared: "gradient" (without the part that no sequence sees), "DeepSHAP" or
        "ISM".
    sequences
        How many sequences are explained: of binary labels the first positives, else the first.
    tracks
        How many of them are drawn, training by training.
    period
        Shortest period that counts as low frequency, in bp.
    seed
        Seed of shuffles.

    Raises
    ------
    UserError
        If there is no pair to compare, or a number is too small.
    """

    runs: list[Path] = field(default_factory=list)
    out: Path = Path("comparison")
    data: Path | None = None
    split: Literal["train", "validation", "test"] = "test"
    task: str | None = None
    method: Literal["gradient", "DeepSHAP", "ISM"] = "gradient"
    sequences: int = 200
    tracks: int = 4
    period: float = 6.7
    seed: int = 0

    def __post_init__(self) -> None:
        if len(self.runs) != len({str(run) for run in self.runs}):
            raise UserError("runs: one is named twice; name each run folder once")
        if self.sequences < 2 or self.tracks < 0:
            raise UserError(
                f"sequences={self.sequences}, tracks={self.tracks}: wants at least 2 and 0"
            )
