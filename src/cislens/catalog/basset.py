"""DNase hypersensitivity in 164 cell types, Kelley et al. 2016."""

import gzip
import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from cislens.catalog import unpack
from cislens.catalog.card import Card, Remote
from cislens.data import genome as genomes
from cislens.errors import UserError
from cislens.sequence.alphabet import DNA

ACTIVITY = "encode_roadmap_act.txt.gz"
TABLE = "basset.tsv"
LENGTH = 600
ROW = re.compile(r"(?P<chrom>.+?):(?P<start>\d+)[-:](?P<end>\d+)[(:](?P<strand>[+-])\)?")
BLOCK = 1024
"""Regions cut out at once."""


def card() -> Card:
    """Describe the dataset.

    Returns
    -------
    Card
        One table of regions and labels.
    """
    return Card(
        title="DNase hypersensitivity of 2,071,886 human regions in 164 cell types, 600 bp",
        citation=(
            "Kelley DR, Snoek J, Rinn JL. Basset: learning the regulatory code of the accessible "
            "genome with deep convolutional neural networks. Genome Res 26, 990-999 (2016), "
            "doi:10.1101/gr.200535.115"
        ),
        licence="MIT for the code (repository davek44/Basset); not stated for the table",
        layout=(
            "table: rows chrom:start-end(strand) of hg19, columns 0 or 1 for each cell type; the "
            "sequences are cut out of a genome that you give"
        ),
        size="not known",
        files=(
            Remote(
                ACTIVITY, "https://www.dropbox.com/s/8g3kc0ai9ir5d15/encode_roadmap_act.txt.gz?dl=1"
            ),
        ),
        verb="data import",
        options={
            "path": f"{{folder}}/{TABLE}",
            "id_column": "id",
            "interval_columns": ["chrom", "start", "end", "strand"],
            "target_kind": "binary",
            # As many as published, 70,000 and 71,886, of which only the seed is not known.
            "split": {"by": "random", "fractions": [0.931518, 0.033786, 0.034696]},
        },
        prepare=prepare,
        targets_after="sequence",
        wants_genome="hg19",
    )


def prepare(folder: Path, genome: Path | None) -> None:
    """Cut the sequences out and set them beside their labels.

    Parameters
    ----------
    folder
        Where the table is; ``basset.tsv`` comes beside it.
    genome
        The FASTA file of hg19.

    Raises
    ------
    UserError
        If a row does not name a region of 600 bp, or the genome has no such chromosome.
    """
    assert genome is not None
    path = folder / ACTIVITY
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        cells = next(stream).rstrip("\n").split("\t")[1:]
        head = ("id", "chrom", "start", "end", "strand", "sequence", *cells)
        lines = ((number, line.rstrip("\n")) for number, line in enumerate(stream, start=2))
        unpack.table(folder / TABLE, head, _rows(path, lines, genomes.open(genome)))


def _rows(
    path: Path, lines: Iterator[tuple[int, str]], genome: genomes.Genome
) -> Iterator[list[str]]:
    while block := [_region(path, *line) for line in islice(lines, BLOCK)]:
        chroms, starts, strands = zip(
            *((r["chrom"], int(r["start"]), r["strand"]) for r, _ in block), strict=True
        )
        codes = genome.windows(list(chroms), list(starts), length=LENGTH, strand=list(strands))
        for (region, labels), row in zip(block, codes, strict=True):
            place = [region[name] for name in ("chrom", "start", "end", "strand")]
            yield [region[0], *place, DNA.decode(row), *labels]


def _region(path: Path, number: int, line: str) -> tuple[re.Match[str], list[str]]:
    name, *labels = line.split("\t")
    found = ROW.fullmatch(name)
    if found is None or int(found["end"]) - int(found["start"]) != LENGTH:
        raise UserError(
            f"{path}, line {number}: {name!r}; a region of {LENGTH} bp such as "
            "chr1:713797-714397(+) is wanted"
        )
    return found, labels
