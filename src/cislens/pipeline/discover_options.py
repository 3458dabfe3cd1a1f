"""Options of `cislens discover`, `cislens hits` and `cislens merge`."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from cislens.errors import UserError
from cislens.motifs.discovery import ClusterOptions, HitOptions, ModiscoOptions, SeqletOptions
from cislens.pipeline.options import MotifOptions


@dataclass(frozen=True)
class Discover:
    """Options of `cislens discover`.

    Attributes
    ----------
    run
        A run folder with maps, as `cislens attribute` writes them.
    name
        Which maps of the run: the name of their folder, usually the method; the only ones where it
        is not given.
    targets
        Targets whose maps are read; all where none is given.
    shuffled
        Shuffled sequences that tell what chance does, made of those of the maps in turn; their maps
        are made by the same method, which takes as long as making the others.
    engine
        "cislens" calls seqlets against shuffled sequences and clusters them; "modisco" is
        TF-MoDISco by modisco-lite, an extra, for long sequences of DNA and many seqlets.
    seqlets
        How stretches of maps that stand out are called, by cislens.
    clusters
        How they are joined into motifs, by cislens.
    modisco
        Options of TF-MoDISco.
    motifs
        Which known motifs the found ones are compared with.
    seed
        Seed of the shuffles.
    batch_size
        Rows per pass through the network; the method's where it is not given.
    device
        Where to run, such as cuda; where PyTorch puts models by default if it is not given.
    """

    run: Path
    name: str | None = None
    targets: list[str] | str = field(default_factory=list)
    shuffled: int = 1000
    engine: Literal["cislens", "modisco"] = "cislens"
    seqlets: SeqletOptions = field(default_factory=SeqletOptions)
    clusters: ClusterOptions = field(default_factory=ClusterOptions)
    modisco: ModiscoOptions = field(default_factory=ModiscoOptions)
    motifs: MotifOptions = field(default_factory=MotifOptions)
    seed: int = 0
    batch_size: int | None = None
    device: str | None = None

    def __post_init__(self) -> None:
        if self.shuffled < 1:
            raise UserError(f"shuffled={self.shuffled}: wants at least 1 shuffled sequence")
        if self.batch_size is not None and self.batch_size < 1:
            raise UserError(f"batch_size={self.batch_size}: wants a whole number, at least 1")


@dataclass(frozen=True)
class Hits:
    """Options of `cislens hits`.

    Attributes
    ----------
    run
        A run folder in which `cislens discover` found motifs.
    name
        Which maps of the run: the name of their folder; all that motifs were found in where it is
        not given.
    targets
        Targets whose maps are read; all where none is given.
    hits
        How hits are called.
    annotation
        BED files; each hit and motif is told how it falls on their intervals. Wants sequences with
        intervals.
    """

    run: Path
    name: str | None = None
    targets: list[str] | str = field(default_factory=list)
    hits: HitOptions = field(default_factory=HitOptions)
    annotation: list[Path] | Path = field(default_factory=list)


@dataclass(frozen=True)
class Merge:
    """Options of `cislens merge`.

    Attributes
    ----------
    runs
        Run folders with motifs of filters (`cislens filters`) or of maps (`cislens discover`).
    out
        The folder to write: merged.csv and merged.meme.
    motifs
        Which known motifs give the names.
    same
        Least mean cosine between motifs that are one, -1 to 1.
    """

    runs: list[Path] | Path
    out: Path
    motifs: MotifOptions = field(default_factory=MotifOptions)
    same: float = 0.75
