"""Options of `cislens attribute`."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from cislens.errors import UserError
from cislens.pipeline.method_options import Gauge, MethodOptions

Split = Literal["train", "validation", "test", "all"]
Format = Literal["npz", "hdf5", "bigwig", "bedgraph"]


@dataclass(frozen=True)
class Attribute(MethodOptions):
    """Options of `cislens attribute`.

    Attributes
    ----------
    models
        A run folder (all its models), a model file (.safetensors), or a list of these.
    data
        A dataset (.zarr); the one the models were trained on where it is not given.
    out
        The folder to write: one store (.zarr) a model and target; RUN/attributions where it is not
        given.
    name
        What these maps are called in the folder; the method's name where it is not given.
    targets
        Outputs to explain, by the name of their task or by number from 0; all where none is given.
    split
        Which part of the dataset.
    sequences
        Names of the sequences to explain, of any split; all of the split where none is given.
    top
        Explain only so many sequences of the split, those with the highest predictions of the
        target; over several models, the highest mean.
    both_strands
        Explain the average of the outputs for both strands.
    gauge
        Form of the stored maps; "own" is the method's.
    seed
        Seed of everything random; what is drawn for a sequence depends on its bases alone.
    batch_size
        Rows per pass through the network, which bounds the memory; the method's where not given.
    block_size
        Sequences written at once: what a kill can cost.
    device
        Where to run, such as cuda; where PyTorch puts models by default if it is not given.
    formats
        Write the maps in these formats too: "npz" (the pair that TF-MoDISco reads), "hdf5" (as
        ChromBPNet lays it out), "bigwig" and "bedgraph" (of sequences with intervals).
    chromosome_sizes
        For bigWig: a file of chromosome names and sizes; the largest ends where it is not given.
    overwrite
        Replace maps of other work, and exported files.
    """

    models: list[Path] | Path = field(default_factory=list)
    data: Path | None = None
    out: Path | None = None
    name: str | None = None
    targets: list[int | str] | int | str = field(default_factory=list)
    split: Split = "test"
    sequences: list[str] | str = field(default_factory=list)
    top: int | None = None
    both_strands: bool = False
    gauge: Gauge = "own"
    seed: int = 0
    batch_size: int | None = None
    block_size: int = 64
    device: str | None = None
    formats: list[Format] | Format = field(default_factory=list)
    chromosome_sizes: Path | None = None
    overwrite: bool = False

    def __post_init__(self) -> None:
        super().__post_init__()
        for option in ("top", "batch_size", "block_size"):
            value = getattr(self, option)
            if value is not None and value < 1:
                raise UserError(f"{option}={value}: wants a whole number, at least 1")
        if self.top is not None and self.sequences:
            raise UserError(
                f"top={self.top}: sequences are named as well; give one of the two options"
            )
        if self.name is not None and (not self.name or "/" in self.name or self.name[0] == "."):
            raise UserError(f"name={self.name!r}: wants a plain word for a folder")
