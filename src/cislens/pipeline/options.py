"""Options of every step: what a flag, a line of YAML and a keyword of the library all mean."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from cislens.errors import UserError
from cislens.motifs.options import FilterOptions
from cislens.training.options import FitOptions


@dataclass(frozen=True)
class SplitOptions:
    """How sequences are divided into training, validation and test.

    Attributes
    ----------
    by
        "random", "chromosome" (from interval headers or columns), "column" (a column of a table
        that says train, validation or test) or "given" (a bundle or a dataset brings its own).
    column
        Name of that column.
    fractions
        Shares of train, validation and test for "random".
    validation
        Chromosomes held out to choose the best epoch.
    test
        Chromosomes held out for the final numbers.
    """

    by: Literal["random", "chromosome", "column", "given"] = "random"
    column: str = "split"
    fractions: list[float] = field(default_factory=lambda: [0.8, 0.1, 0.1])
    validation: list[str] = field(default_factory=list)
    test: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        if (
            len(self.fractions) != 3
            or min(self.fractions) <= 0
            or abs(sum(self.fractions) - 1) > 1e-6
        ):
            raise UserError(
                f"split.fractions={self.fractions}: three positive shares that sum to 1 are "
                "wanted, such as [0.8, 0.1, 0.1]"
            )
        if self.by == "chromosome" and not (self.validation and self.test):
            raise UserError(
                "split.by=chromosome wants split.validation and split.test, lists of chromosome "
                "names such as [chr7] and [chr8, chr9]"
            )


@dataclass(frozen=True)
class DataOptions:
    """Where the sequences and their measurements come from.

    Attributes
    ----------
    path
        FASTA (plain, gz, bgz), TSV or CSV, HDF5 or MAT bundle, or a dataset of cislens (.zarr).
    negatives
        For FASTA: a second FASTA file, or "dinucleotide-shuffle" for one shuffle of each sequence.
    alphabet
        DNA or RNA.
    ambiguous
        What to do with letters such as R or Y: "error", or "n" to read them as N.
    tasks
        Names of the tasks of a FASTA file (one) or a bundle.
    layout
        For HDF5 and MAT bundles: how the arrays are named and laid out; "auto" tells it by names.
    sequence_column
        For tables: the column that holds the sequence.
    target_columns
        For tables: the columns that hold the measurements.
    id_column
        For tables: the column that names the row.
    interval_columns
        For tables: the columns of chromosome, start and end, and strand if there is one.
    target_kind
        "binary", "continuous" or "count"; found from the values where it is not given.
    length
        Cut longer sequences to their central part of this many bp.
    split
        How sequences are divided.
    """

    path: Path
    negatives: str | None = None
    alphabet: Literal["DNA", "RNA"] = "DNA"
    ambiguous: Literal["error", "n"] = "error"
    tasks: list[str] = field(default_factory=list)
    layout: str = "auto"
    sequence_column: str = "sequence"
    target_columns: list[str] = field(default_factory=list)
    id_column: str | None = None
    interval_columns: list[str] = field(default_factory=list)
    target_kind: Literal["binary", "continuous", "count"] | None = None
    length: int | None = None
    split: SplitOptions = field(default_factory=SplitOptions)


@dataclass(frozen=True)
class ModelOptions:
    """Which network is trained.

    Attributes
    ----------
    architecture
        A published architecture, such as cnn-2, cnn-deep, cnn-dist, residualbind, basset, deepsea.
    activations
        Activations of the first layer; one network is trained for each.
    options
        Further arguments of the architecture, such as {width_multiplier: 2}.
    """

    architecture: str = "cnn-deep"
    activations: list[str] = field(default_factory=lambda: ["exponential"])
    options: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.activations or len(set(self.activations)) != len(self.activations):
            raise UserError(
                f"model.activations={self.activations}: one or more different names are wanted, "
                "such as [relu, exponential]"
            )


@dataclass(frozen=True)
class MotifOptions:
    """Which known motifs the filters are compared with.

    Attributes
    ----------
    database
        A motif file (MEME, JASPAR, HOMER) or a JASPAR release: jaspar2014 to jaspar2026.
    taxon
        Taxonomic group of a JASPAR release.
    e_threshold
        Largest E-value at which a filter counts as matched.
    matches
        How many matches of each filter are kept.
    """

    database: str = "jaspar2026"
    taxon: str = "vertebrates"
    e_threshold: float = 0.1
    matches: int = 10


@dataclass(frozen=True)
class Simulate:
    """Options of `cislens simulate`.

    Attributes
    ----------
    task
        Name of the task.
    out
        The dataset to write (.zarr).
    sequences
        Number of sequences.
    factors
        Which of the task's factors are planted; all of them where none is named.
    mode
        "legacy" is the published generator bit for bit, "corrected" mends its faults.
    seed
        Seed of the generator; 33 is the published one.
    overwrite
        Replace an existing dataset.
    """

    task: str
    out: Path
    sequences: int = 30_000
    factors: list[str] = field(default_factory=list)
    mode: Literal["legacy", "corrected"] = "legacy"
    seed: int = 33
    overwrite: bool = False


@dataclass(frozen=True)
class Import(DataOptions):
    """Options of `cislens data import`.

    Attributes
    ----------
    out
        The dataset to write (.zarr).
    seed
        Seed of random splits and shuffled negatives.
    overwrite
        Replace an existing dataset.
    """

    out: Path = Path("dataset.zarr")
    seed: int = 0
    overwrite: bool = False


@dataclass(frozen=True)
class Export:
    """Options of `cislens data export`.

    Attributes
    ----------
    data
        A dataset (.zarr).
    out
        The file to write.
    format
        File format; told from the ending of `out` where it is not given.
    overwrite
        Replace an existing file.
    """

    data: Path
    out: Path
    format: Literal["hdf5", "npz", "fasta", "table"] | None = None
    overwrite: bool = False


@dataclass(frozen=True)
class Train:
    """Options of `cislens train`.

    Attributes
    ----------
    data
        A dataset (.zarr).
    out
        The run folder; training goes on where it stopped if the folder holds an unfinished one.
    model
        Which network.
    fit
        How it is trained.
    seed
        Seed of the weights, the shuffling and the dropout.
    """

    data: Path
    out: Path
    model: ModelOptions = field(default_factory=ModelOptions)
    fit: FitOptions = field(default_factory=FitOptions)
    seed: int = 0


@dataclass(frozen=True)
class Predict:
    """Options of `cislens predict`.

    Attributes
    ----------
    model
        A model file (.safetensors).
    sequences
        A FASTA file or a dataset (.zarr).
    out
        The table to write (.tsv): one row a sequence, one column a task.
    both_strands
        Average the predictions of the two strands.
    batch_size
        Sequences a batch.
    overwrite
        Replace an existing table.
    """

    model: Path
    sequences: Path
    out: Path
    both_strands: bool = False
    batch_size: int = 256
    overwrite: bool = False


@dataclass(frozen=True)
class Evaluate:
    """Options of `cislens evaluate`.

    Attributes
    ----------
    run
        A run folder that holds trained models.
    data
        A dataset (.zarr); the one the models were trained on where it is not given.
    split
        Which part of the dataset.
    """

    run: Path
    data: Path | None = None
    split: Literal["train", "validation", "test"] = "test"


@dataclass(frozen=True)
class Filters:
    """Options of `cislens filters`.

    Attributes
    ----------
    run
        A run folder that holds trained models.
    data
        A dataset (.zarr); the one the models were trained on where it is not given.
    split
        Which part of the dataset the filters read.
    layer
        Name of a convolution; the first one where it is not given.
    filters
        How sites are chosen and counted.
    motifs
        Which known motifs the filters are compared with.
    """

    run: Path
    data: Path | None = None
    split: Literal["train", "validation", "test", "all"] = "test"
    layer: str | None = None
    filters: FilterOptions = field(default_factory=FilterOptions)
    motifs: MotifOptions = field(default_factory=MotifOptions)


@dataclass(frozen=True)
class Report:
    """Options of `cislens report`.

    Attributes
    ----------
    run
        A run folder.
    """

    run: Path


@dataclass(frozen=True)
class Run:
    """Options of `cislens run`.

    Attributes
    ----------
    out
        The run folder.
    data
        Where the sequences and their measurements come from.
    name
        Title of the report.
    model
        Which networks are trained.
    fit
        How they are trained.
    filter_split
        Which part of the dataset the filters read.
    filters
        How the sites of a filter are chosen and counted.
    motifs
        Which known motifs the filters are compared with.
    seed
        Seed of everything random.
    """

    out: Path
    data: DataOptions
    name: str = ""
    model: ModelOptions = field(default_factory=ModelOptions)
    fit: FitOptions = field(default_factory=FitOptions)
    filter_split: Literal["train", "validation", "test", "all"] = "test"
    filters: FilterOptions = field(default_factory=FilterOptions)
    motifs: MotifOptions = field(default_factory=MotifOptions)
    seed: int = 0


@dataclass(frozen=True)
class Demo:
    """Options of `cislens demo`.

    Attributes
    ----------
    out
        The run folder.
    scale
        "small" finishes in minutes on two cores; "full" is the task as published.
    seed
        Seed of weights, shuffling and dropout.
    """

    out: Path = Path("runs/demo")
    scale: Literal["small", "full"] = "small"
    seed: int = 0
