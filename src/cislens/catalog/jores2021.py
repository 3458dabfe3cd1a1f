"""Plant promoters measured in tobacco leaves, Jores et al. 2021."""

import csv
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from cislens.catalog import unpack
from cislens.catalog.card import Card, Remote
from cislens.errors import UserError

REPOSITORY = (
    "https://raw.githubusercontent.com/tobjores/Synthetic-Promoter-Designs-Enabled-by-a-"
    "Comprehensive-Analysis-of-Plant-Core-Promoters/main/CNN"
)
TRAIN, TEST = "CNN_train_leaf.tsv", "CNN_test_leaf.tsv"
TABLE = "jores2021_leaf.tsv"
COLUMNS = ("set", "sp", "gene", "sequence", "enrichment")
VALIDATION = 0.1
"""Share of the training rows that are held out for the choice of the best epoch."""


def card() -> Card:
    """Describe the dataset.

    Returns
    -------
    Card
        Two tables.
    """
    return Card(
        title="Strength of 72,158 promoters of Arabidopsis, maize and sorghum in leaves, 170 bp",
        citation=(
            "Jores T et al. Synthetic promoter designs enabled by a comprehensive analysis of "
            "plant core promoters. Nat Plants 7, 842-855 (2021), doi:10.1038/s41477-021-00932-y"
        ),
        licence="not stated in the repository",
        layout=(
            "TSV: set, sp (At, Sb, Zm), gene, sequence, enrichment (log2); of the training rows a "
            "tenth, drawn with seed 0, is marked validation: the authors mark none"
        ),
        size="15 MB",
        files=(
            Remote(TRAIN, f"{REPOSITORY}/{TRAIN}"),
            Remote(
                TEST,
                f"{REPOSITORY}/{TEST}",
                sha256="8015b4ee25564eb04f9fbe360dc349c599a95aadb5357845e8822ccc960e59c7",
                size=1_524_366,
            ),
        ),
        verb="data import",
        options={
            "path": f"{{folder}}/{TABLE}",
            "target_columns": ["enrichment"],
            "id_column": "gene",
            "target_kind": "continuous",
            "split": {"by": "column", "column": "set"},
        },
        prepare=prepare,
    )


def prepare(folder: Path, genome: Path | None) -> None:
    """Join the two tables and mark validation rows.

    Parameters
    ----------
    folder
        Where the tables are; ``jores2021_leaf.tsv`` comes beside them.
    genome
        Not needed.
    """
    unpack.table(folder / TABLE, COLUMNS, _rows(folder))


def _rows(folder: Path) -> Iterator[list[str]]:
    rng = np.random.default_rng(0)
    for path in (folder / TRAIN, folder / TEST):
        with path.open(newline="", encoding="utf-8") as stream:
            table = csv.DictReader(stream, delimiter="\t")
            if missing := [name for name in COLUMNS if name not in (table.fieldnames or [])]:
                raise UserError(f"{path}, line 1: no column {missing[0]}; {COLUMNS} are wanted")
            for row in table:
                held = path.name == TRAIN and rng.random() < VALIDATION
                yield ["validation" if held else row["set"], *(row[name] for name in COLUMNS[1:])]
