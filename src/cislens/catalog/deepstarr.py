"""Enhancer activity in fly cells, de Almeida et al. 2022."""

import csv
from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path

from cislens.catalog import unpack
from cislens.catalog.card import Card, Remote
from cislens.data import fasta
from cislens.errors import UserError

RECORD = "https://zenodo.org/records/5502060/files"
SETS = {"Train": "train", "Val": "validation", "Test": "test"}
TARGETS = ("Dev_log2_enrichment", "Hk_log2_enrichment")
TABLE = "deepstarr.tsv"


def card() -> Card:
    """Describe the dataset.

    Returns
    -------
    Card
        A FASTA file and a table for each of three sets.
    """
    names = [
        name for part in SETS for name in (f"Sequences_{part}.fa", f"Sequences_activity_{part}.txt")
    ]
    return Card(
        title="Developmental and housekeeping enhancer activity of Drosophila S2 cells, 249 bp",
        citation=(
            "de Almeida BP, Reiter F, Pagani M, Stark A. DeepSTARR predicts enhancer activity from "
            "DNA sequence and enables the de novo design of synthetic enhancers. Nat Genet 54, "
            "613-624 (2022), doi:10.1038/s41588-022-01048-5; data doi:10.5281/zenodo.5502060"
        ),
        licence="see doi:10.5281/zenodo.5502060",
        layout=(
            "FASTA files of 402,296, 40,570 and 41,186 sequences, both strands of each region; "
            "beside each a table with Dev_log2_enrichment and Hk_log2_enrichment, row by row"
        ),
        size="190 MB",
        files=tuple(Remote(name, f"{RECORD}/{name}?download=1") for name in names),
        verb="data import",
        options={
            "path": f"{{folder}}/{TABLE}",
            "target_columns": list(TARGETS),
            "id_column": "id",
            "target_kind": "continuous",
            "split": {"by": "column", "column": "set"},
        },
        prepare=prepare,
    )


def prepare(folder: Path, genome: Path | None) -> None:
    """Set sequences and activities side by side.

    Parameters
    ----------
    folder
        Where the files are; ``deepstarr.tsv`` comes beside them.
    genome
        Not needed.
    """
    unpack.table(folder / TABLE, ("id", "set", "sequence", *TARGETS), _rows(folder))


def _rows(folder: Path) -> Iterator[list[str]]:
    for part, split in SETS.items():
        path = folder / f"Sequences_activity_{part}.txt"
        with path.open(newline="", encoding="utf-8") as stream:
            table = csv.DictReader(stream, delimiter="\t")
            if missing := [name for name in TARGETS if name not in (table.fieldnames or [])]:
                raise UserError(f"{path}, line 1: no column {missing[0]}; {TARGETS} are wanted")
            pairs = zip_longest(fasta.records(folder / f"Sequences_{part}.fa"), table)
            for number, (record, row) in enumerate(pairs, start=1):
                if record is None or row is None:
                    more, fewer = (
                        ("FASTA file", "table") if row is None else ("table", "FASTA file")
                    )
                    raise UserError(
                        f"{path}: the {more} of {part} has more than the {number - 1:,} rows of "
                        f"the {fewer}; fetch both again"
                    )
                yield [record.id, split, record.sequence, *(row[name] for name in TARGETS)]
