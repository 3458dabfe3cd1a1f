"""Options that several verbs share: data, splits, networks, known motifs."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from cislens.errors import UserError
from cislens.pipeline.genome_options import GenomeOptions
from cislens.pipeline.method_options import Method


@dataclass(frozen=True)
class SplitOptions:
    """How sequences are divided into training, validation and test.

    Attributes
    ----------
    by
        "random", "chromosome" (from interval headers or columns), "folds" (of chromosomes),
        "column" (a column of a table that says train, validation or test) or "given" (a bundle or
        a dataset brings its own); where it is not said, "given" for a bundle and "random" for all
        else.
    column
        Name of that column.
    fractions
        Shares of train, validation and test for "random".
    validation
        Chromosomes, or folds, held out to choose the best epoch.
    test
        Chromosomes, or folds, held out for the final numbers.
    file
        For "folds": a table with a chromosome and its fold in each line, a tab between; without
        it chromosomes are packed into folds of about one number of sequences.
    folds
        For "folds" without a table: how many; their names are 1, 2 and so on.
    """

    by: Literal["random", "chromosome", "folds", "column", "given"] | None = None
    column: str = "split"
    fractions: list[float] = field(default_factory=lambda: [0.8, 0.1, 0.1])
    validation: list[str | int] = field(default_factory=list)
    test: list[str | int] = field(default_factory=list)
    file: Path | None = None
    folds: int = 5

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
        if self.by in {"chromosome", "folds"} and not (self.validation and self.test):
            chromosomes = self.by == "chromosome"
            examples = {
                "validation": "[chr7]" if chromosomes else "['1']",
                "test": "[chr8, chr9]" if chromosomes else "['2']",
            }
            missing = [name for name in examples if not getattr(self, name)]
            raise UserError(
                f"split.by={self.by} wants {' and '.join(f'split.{name}' for name in missing)}"
                f"{' too' if len(missing) == 1 else ''}: names such as "
                f"{' and '.join(examples[name] for name in missing)}"
            )
        if self.file is not None and self.by != "folds":
            raise UserError(f"split.file={self.file}: a table of folds wants split.by=folds")

    def held_out(self, name: Literal["validation", "test"]) -> list[str]:
        """Name the chromosomes or folds of a split; YAML reads some of their names as numbers.

        Parameters
        ----------
        name
            Which split.

        Returns
        -------
        list of str
            Their names.
        """
        return [str(held) for held in getattr(self, name)]


@dataclass(frozen=True)
class DataOptions:
    """Where the sequences and their measurements come from.

    Attributes
    ----------
    path
        FASTA (plain, gz, bgz), TSV or CSV, HDF5 or MAT bundle, or a dataset of cislens (.zarr);
        with ``genome`` below, the genome: FASTA (plain or bgzip) or 2bit.
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
    genome
        Cut `path` into bins and label them by peaks, as `cislens data build` does.
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
    genome: GenomeOptions | None = None


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
class MapOptions:
    """Which base-resolution maps a run makes for its report; none where no method is named.

    Attributes
    ----------
    methods
        Attribution methods with their default options, such as [deeplift_shap, ism]; other
        options and whole splits are for `cislens attribute`.
    top
        Sequences of each task: those of the split with the highest mean prediction of the models.
    targets
        Tasks that are explained, by name or number; all where none is given.
    split
        Which part of the dataset.
    consensus
        Average the maps of all networks and methods too, and score that (sequence.consensus).
    """

    methods: list[Method] = field(default_factory=list)
    top: int = 10
    targets: list[int | str] = field(default_factory=list)
    split: Literal["train", "validation", "test", "all"] = "test"
    consensus: bool = False
