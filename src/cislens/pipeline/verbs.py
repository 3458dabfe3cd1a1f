"""Options of every verb: what a flag, a line of YAML and a field of the library all mean."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from cislens.motifs.knockout_options import KnockoutOptions
from cislens.motifs.options import FilterOptions
from cislens.pipeline.genome_options import GenomeOptions
from cislens.pipeline.options import (
    DataOptions,
    MapOptions,
    ModelOptions,
    MotifOptions,
    SplitOptions,
)
from cislens.training.options import FitOptions


@dataclass(frozen=True)
class Simulate:
    """Options of `cislens simulate`.

    Attributes
    ----------
    task
        Name of the task: koo2021_task1, koo2021_task3 or pair_grammar.
    out
        The dataset to write (.zarr).
    sequences
        Number of sequences; as published where it is not given.
    factors
        For koo2021_task1: which of its factors are planted; all of them where none is named.
    mode
        For published tasks: "legacy" is the published generator bit for bit, and the default;
        "corrected" mends its faults.
    rule
        For pair_grammar: "spacing", "order", "orientation" or "all".
    seed
        Seed of the generator; the published one where it is not given.
    overwrite
        Replace an existing dataset.
    """

    task: str
    out: Path
    sequences: int | None = None
    factors: list[str] = field(default_factory=list)
    mode: Literal["legacy", "corrected"] | None = None
    rule: Literal["spacing", "order", "orientation", "all"] | None = None
    seed: int | None = None
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


@dataclass(frozen=True, kw_only=True)
class Build(GenomeOptions):
    """Options of `cislens data build`.

    Attributes
    ----------
    genome
        The genome, FASTA (plain or bgzip; its index .fai is used where there is one) or 2bit.
    out
        The dataset to write (.zarr).
    split
        How sequences are divided; by chromosome keeps neighbours together.
    seed
        Seed of the choice of unbound bins and of random splits.
    overwrite
        Replace an existing dataset.
    """

    genome: Path
    out: Path = Path("dataset.zarr")
    split: SplitOptions = field(default_factory=SplitOptions)
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
    split
        Which part of the dataset.
    overwrite
        Replace an existing file.
    """

    data: Path
    out: Path
    format: Literal["hdf5", "npz", "fasta", "table", "bed"] | None = None
    split: Literal["train", "validation", "test", "all"] = "all"
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
        The table to write (.tsv): one row a sequence, one column a task. Of a network of profiles
        these are expected counts; for a name that ends in .bw its profiles are written as bigWig,
        one file a track (NAME.TASK.plus.bw), averaged where windows overlap.
    both_strands
        Average the predictions of the two strands.
    batch_size
        Sequences a batch.
    chromosome_sizes
        For bigWig: a file of chromosome names and sizes. Those of the genome that the dataset was
        built from where it is not given, or else the last ends of windows.
    overwrite
        Replace existing files.
    """

    model: Path
    sequences: Path
    out: Path
    both_strands: bool = False
    batch_size: int = 256
    chromosome_sizes: Path | None = None
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
class Report:
    """Options of `cislens report`.

    Attributes
    ----------
    run
        A run folder.
    sequences
        Names of the sequences whose maps are shown; those with the highest outputs of each task
        where none is given.
    """

    run: Path
    sequences: list[str] | str = field(default_factory=list)


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
    importance
        Also measure how much each prediction needs each filter.
    knockout
        How that is measured.
    attribute
        Which base-resolution maps are made.
    recipe
        "interpretable": exponential, modified-sigmoid and ReLU filters, maps of each by saliency,
        deeplift_shap and ism, and their consensus, where nothing else is said.
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
    importance: bool = False
    knockout: KnockoutOptions = field(default_factory=KnockoutOptions)
    attribute: MapOptions = field(default_factory=MapOptions)
    recipe: Literal["plain", "interpretable"] = "plain"
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
