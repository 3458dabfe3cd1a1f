"""Basset: regions and labels, with sequences out of a genome."""

import csv
import gzip

import numpy as np
import pytest

from cislens.catalog import basset
from cislens.errors import UserError
from cislens.sequence import alphabet

CHROM = "chr1"


@pytest.fixture
def genome(tmp_path, rng):
    letters = "".join(rng.choice(list("ACGT"), 2000))
    path = tmp_path / "hg19.fa"
    path.write_text(f">{CHROM}\n{letters}\n")
    return path, letters


def write(folder, *rows):
    text = "\tcell a\tcell b\n" + "".join(f"{row}\t1\t0\n" for row in rows)
    (folder / basset.ACTIVITY).write_bytes(gzip.compress(text.encode()))


def test_sequences_are_those_of_the_genome_on_their_strand(tmp_path, genome):
    path, letters = genome
    write(tmp_path, "chr1:10-610(+)", "chr1:700:1300:-", "chr1:0-600(-)")
    basset.prepare(tmp_path, path)
    with (tmp_path / basset.TABLE).open(newline="") as stream:
        rows = list(csv.DictReader(stream, delimiter="\t"))
    assert [row["id"] for row in rows] == ["chr1:10-610(+)", "chr1:700:1300:-", "chr1:0-600(-)"]
    assert (rows[1]["start"], rows[1]["end"], rows[1]["strand"]) == ("700", "1300", "-")
    assert (rows[0]["cell a"], rows[0]["cell b"]) == ("1", "0")
    assert rows[0]["sequence"] == letters[10:610]
    codes = np.array(alphabet.DNA.encode(letters[700:1300]), np.uint8)
    other = alphabet.DNA.decode(alphabet.reverse_complement(codes))
    assert rows[1]["sequence"] == other


@pytest.mark.parametrize("row", ["chr1:10-600(+)", "chr1-10-610", "chr1:10-610"])
def test_row_that_is_no_region_is_told(tmp_path, genome, row):
    write(tmp_path, "chr1:10-610(+)", row)
    with pytest.raises(UserError, match=r"line 3: 'chr1.* a region of 600 bp"):
        basset.prepare(tmp_path, genome[0])
    assert not (tmp_path / basset.TABLE).exists()


def test_another_genome_is_refused(tmp_path, genome):
    write(tmp_path, "chr9:10-610(+)")
    with pytest.raises(UserError, match="chr9"):
        basset.prepare(tmp_path, genome[0])
