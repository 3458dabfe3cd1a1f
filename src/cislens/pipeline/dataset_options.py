"""Options of the verbs that look at datasets, get published ones, and count reads."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal


@dataclass(frozen=True)
class Inspect:
    """Options of `cislens data inspect`.

    Attributes
    ----------
    data
        A dataset (.zarr).
    out
        A page to write (.html) with tables and figures; only text is printed without it.
    similar
        Look for held-out sequences that are much like a training sequence.
    overwrite
        Replace an existing page.
    """

    data: Path
    out: Path | None = None
    similar: bool = True
    overwrite: bool = False


@dataclass(frozen=True)
class Fetch:
    """Options of `cislens data fetch`.

    Attributes
    ----------
    name
        A published dataset; without one the catalogue is listed.
    out
        The folder it goes to; data/NAME where it is not given.
    from_
        A folder that holds the files already; nothing is downloaded.
    genome
        The genome that the dataset's sequences are cut out of, for those that bring none.
    sha256
        Checksums that files must have, by name, over those of the catalogue.
    list
        List the catalogue.
    """

    name: str | None = None
    out: Path | None = None
    from_: Path | None = None
    genome: Path | None = None
    sha256: dict[str, str] = field(default_factory=dict)
    list: bool = False


@dataclass(frozen=True)
class ReadOptions:
    """Which reads count; unmapped, secondary, supplementary and failed ones never do.

    Attributes
    ----------
    least_quality
        Smallest mapping quality.
    duplicates
        Count reads that are marked as duplicates.
    mate
        1 or 2 for the first or second read of pairs alone (ChIP-exo: 1).
    turned
        Reads lie on the other strand than what they tell of, as of dUTP libraries.
    longest
        Pairs that span more are no fragments, in bp.
    """

    least_quality: int = 0
    duplicates: bool = False
    mate: Literal[1, 2] | None = None
    turned: bool = False
    longest: int = 2000


@dataclass(frozen=True)
class Signal:
    """Options of `cislens data signal`.

    Attributes
    ----------
    alignments
        Aligned reads (.bam), sorted by place; an index is made where there is none.
    out
        What the files are called: OUT.plus.bw and OUT.minus.bw, or OUT.bw of both strands.
    kind
        What is counted: "5prime" or "3prime" ends of reads; "tn5", the middle of the nine bases
        that Tn5 doubles; "fragment", pairs that span a base; "coverage", reads aligned to a base.
    strands
        A file for each strand ("apart"), or one for both ("together").
    reads
        Which reads count.
    genome
        The genome (FASTA or 2bit), whose names and sizes of chromosomes are then those of the
        files; chromosomes that it has not are left out.
    aliases
        A table of chromosome names, all of one chromosome on a line between tabs.
    overwrite
        Replace existing files.
    """

    alignments: Path
    out: Path
    kind: Literal["5prime", "3prime", "tn5", "fragment", "coverage"] = "5prime"
    strands: Literal["apart", "together"] = "apart"
    reads: ReadOptions = field(default_factory=ReadOptions)
    genome: Path | None = None
    aliases: Path | None = None
    overwrite: bool = False
