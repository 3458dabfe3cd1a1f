"""The genome of Saccharomyces cerevisiae as UCSC gives it."""

from pathlib import Path

from cislens.catalog import unpack
from cislens.catalog.card import Card, Remote

FILE = "sacCer3.fa.gz"


def card() -> Card:
    """Describe the dataset.

    Returns
    -------
    Card
        One FASTA file.
    """
    return Card(
        title="Genome of S. cerevisiae S288c, R64: chrI to chrXVI and chrM, 12.1 Mb",
        citation=(
            "Engel SR et al. The reference genome sequence of Saccharomyces cerevisiae: then and "
            "now. G3 4, 389-398 (2014), doi:10.1534/g3.113.008995; UCSC sacCer3"
        ),
        licence="free for all use (UCSC Genome Browser, Saccharomyces Genome Database)",
        layout="FASTA; repeats in lower case",
        size="4 MB",
        files=(Remote(FILE, f"https://hgdownload.soe.ucsc.edu/goldenPath/sacCer3/bigZips/{FILE}"),),
        verb="data build",
        options={"genome": "{folder}/sacCer3.fa", "peaks": {"files": ["PEAKS.bed"]}},
        prepare=prepare,
    )


def prepare(folder: Path, genome: Path | None) -> None:
    """Unpack the FASTA file, of which windows can then be read where they stand.

    Parameters
    ----------
    folder
        Where the file is.
    genome
        Not needed.
    """
    unpack.gunzip(folder / FILE, folder / "sacCer3.fa")
