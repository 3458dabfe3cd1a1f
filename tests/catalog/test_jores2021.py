"""Plant promoters, from tables of the same layout to one table."""

import csv

import numpy as np
import pytest

from cislens.catalog import download, jores2021
from cislens.errors import UserError


def table(path, split, rows, rng):
    lines = ["set\tsp\tgene\tsequence\tenrichment\n"]
    for row in range(rows):
        letters = "".join(rng.choice(list("ACGT"), 20))
        lines.append(f"{split}\tAt\t{split}{row}\t{letters}\t{rng.normal()}\n")
    path.write_text("".join(lines))


def test_tenth_of_the_training_rows_is_validation(tmp_path, rng):
    table(tmp_path / jores2021.TRAIN, "train", 1000, rng)
    table(tmp_path / jores2021.TEST, "test", 50, rng)
    jores2021.prepare(tmp_path, None)
    before = (tmp_path / jores2021.TABLE).read_bytes()
    rows = list(csv.DictReader(before.decode().splitlines(), delimiter="\t"))
    sets = np.array([row["set"] for row in rows])
    assert 70 < (sets == "validation").sum() < 130
    assert (sets == "test").sum() == 50
    assert [row["gene"] for row in rows[:2]] == ["train0", "train1"]
    assert all(row["gene"].startswith("train") for row in rows if row["set"] != "test")
    jores2021.prepare(tmp_path, None)
    assert (tmp_path / jores2021.TABLE).read_bytes() == before


def test_another_table_is_refused(tmp_path, rng):
    table(tmp_path / jores2021.TEST, "test", 2, rng)
    (tmp_path / jores2021.TRAIN).write_text("set\tgene\n")
    with pytest.raises(UserError, match="line 1: no column sp"):
        jores2021.prepare(tmp_path, None)
    assert not (tmp_path / jores2021.TABLE).exists()


def test_checksum_is_that_of_the_file(real_data):
    file = next(file for file in jores2021.card().files if file.name == jores2021.TEST)
    assert download.sha256(real_data / "mpra" / "jores2021_leaf.tsv") == file.sha256
