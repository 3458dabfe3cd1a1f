"""Options of datasets that are cut out of a genome."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from cislens.errors import UserError
from cislens.pipeline.transcript_options import TranscriptOptions


@dataclass(frozen=True)
class PeakOptions:
    """Which peaks label the genome: a file for each factor.

    Attributes
    ----------
    files
        Peak files (BED, narrowPeak, broadPeak; plain or gzip), or folders of them.
    pattern
        Which files of a folder; what the star stands for is the name of the task.
    least
        Factors with fewer peaks are left out.
    motif_in
        Take only factors that have a motif of their name in this JASPAR release or motif file.
    taxon
        Taxonomic group of that release.
    """

    files: list[Path]
    pattern: str = "*.bed"
    least: int = 1
    motif_in: str | None = None
    taxon: str = "all"


@dataclass(frozen=True)
class BinOptions:
    """How the genome is cut, and when a bin is bound.

    Attributes
    ----------
    width
        Length of a bin, in bp.
    stride
        Distance from one bin to the next.
    context
        Length of the sequence that the network sees, with the bin in its middle.
    rule
        A bin is bound if it holds the summit of a peak ("summit"), if peaks cover more than half
        of it ("half") or a base of it ("any").
    margin
        Bins that are not bound are ambiguous, and left out of loss and scores, if the evidence
        lies as near as this, in bp.
    negatives
        Bins that nothing binds, per bin that something binds.
    """

    width: int = 200
    stride: int = 200
    context: int = 1000
    rule: Literal["summit", "half", "any"] = "summit"
    margin: int = 0
    negatives: float = 1.0


@dataclass(frozen=True)
class ProfileOptions:
    """Counts along the genome, base by base, for networks that predict profiles.

    Attributes
    ----------
    tracks
        For each task its bigWig or bedGraph files: one, or two, plus strand first. Counts are at
        least 0 on both strands.
    control
        Tracks that the network sees beside the sequence: an entry for each task, or one of the
        name "shared" that serves all.
    positions
        Length of the profile that is predicted, in bp.
    context
        Length of the sequence that the network sees, with the profile in its middle, in bp;
        tseng-profile wants 346 more than positions.
    jitter
        By how many bp, at most, a window is moved to either side, anew in each epoch.
    background
        Windows beside all peaks, per window at a peak; they teach the network where nothing is.
    at_most
        Counts above this at one position are taken as this; 1 counts each position with a tag
        once, where amplification made many copies of few fragments.
    """

    tracks: dict[str, list[Path]]
    control: dict[str, list[Path]] = field(default_factory=dict)
    positions: int = 1000
    context: int = 1346
    jitter: int = 0
    background: float = 1.0
    at_most: float | None = None


@dataclass(frozen=True)
class WindowOptions:
    """Which windows are cut out around peaks, and what they are held against.

    Attributes
    ----------
    context
        Length of the sequence that the network sees, in bp, with the summit of a peak in its
        middle; peaks on "-" are reverse-complemented.
    width
        The stretch in the middle whose peaks label the window.
    rule
        A task is bound if that stretch holds the summit of a peak of it ("summit") or a base of
        one ("any").
    margin
        A task that is not bound is ambiguous, and left out of loss and scores, if its evidence
        lies as near to the stretch as this, in bp; where it is not given, if it lies anywhere in
        the window. 0 calls all of that unbound.
    merge
        Summits as near as this share one window, in bp; less than half of `width`.
    negatives
        Windows without a peak of any task, for each window with one.
    matched
        What they are chosen to be alike in: "gc" content, "dinucleotide" shares and GC, or "none".
    distance
        Bases that must lie between a negative and a peak.
    """

    context: int = 500
    width: int = 100
    rule: Literal["summit", "any"] = "summit"
    margin: int | None = None
    merge: int = 0
    negatives: float = 1.0
    matched: Literal["gc", "dinucleotide", "none"] = "gc"
    distance: int = 0


@dataclass(frozen=True)
class GenomeOptions:
    """How a genome becomes labelled sequences.

    Attributes
    ----------
    peaks
        Which peaks label it; wanted for all but transcripts.
    bins
        How it is cut.
    profile
        Take counts in windows around the peaks in place of labels of bins.
    windows
        Cut windows around peaks instead, and draw negatives from the rest of the genome.
    transcripts
        Cut windows at the ends of transcripts instead, with measurements from a table.
    aliases
        A table of chromosome names, all of one chromosome on a line between tabs; without it
        names are matched by themselves, and reported.
    exclude
        BED files of regions that no sequence may touch.
    """

    peaks: PeakOptions | None = None
    bins: BinOptions = field(default_factory=BinOptions)
    profile: ProfileOptions | None = None
    windows: WindowOptions | None = None
    transcripts: TranscriptOptions | None = None
    aliases: Path | None = None
    exclude: list[Path] = field(default_factory=list)

    def __post_init__(self) -> None:
        ways = {
            "bins": self.bins != BinOptions(),
            "windows": self.windows is not None,
            "profile": self.profile is not None,
            "transcripts": self.transcripts is not None,
        }
        if sum(ways.values()) > 1:
            named = " and ".join(name for name, given in ways.items() if given)
            raise UserError(f"{named}: a dataset is cut one way; leave all but one of them out")
        if (self.peaks is None) == (self.transcripts is None):
            raise UserError("peaks or transcripts: one of them is wanted, and only one")
