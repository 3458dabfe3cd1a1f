"""Formats told apart by what is in the file."""

import gzip
import subprocess
import sys

import pytest

from cislens.errors import UserError
from cislens.sequence import motif_file

TEXTS = {
    "MEME": "MEME version 4\nMOTIF M1\nletter-probability matrix: w= 1\n0.5 0.5 0 0\n",
    "JASPAR": ">M1 X\nA [ 1 ]\nC [ 1 ]\nG [ 0 ]\nT [ 0 ]\n",
    "HOMER": ">M\tM1\t6.0\n0.5\t0.5\t0\t0\n",
}


def test_every_format_has_its_text():
    assert set(TEXTS) == set(motif_file.READERS)


@pytest.mark.parametrize("layout", TEXTS)
@pytest.mark.parametrize("pack", [bytes, gzip.compress, lambda b: b"\xef\xbb\xbf\r\n" + b])
def test_the_format_is_recognised_whatever_the_name(layout, pack, tmp_path):
    path = tmp_path / "motifs.dat"
    path.write_bytes(pack(TEXTS[layout].encode()))
    (motif,) = motif_file.read(path)
    assert motif.name == "M1"
    assert motif.probabilities[:, 0].tolist() == [0.5, 0.5, 0, 0]


def test_four_plain_rows_are_jaspar_though_they_could_be_probabilities(tmp_path):
    path = tmp_path / "motifs.dat"
    path.write_text(">M1\tX\n1 1 0 0\n0 0 1 1\n0 0 0 0\n0 0 0 0\n")
    (motif,) = motif_file.read(path)
    assert motif.probabilities[:, 0].tolist() == [1, 0, 0, 0]


@pytest.mark.parametrize("text", ["DE\tM1\n0\t1\t2\t3\t4\n", "0.1 0.2\n", "\n\nACGT\n"])
def test_an_unknown_format_is_an_error_that_lists_the_known(text, tmp_path):
    path = tmp_path / "motifs.dat"
    path.write_text(text)
    with pytest.raises(UserError, match=r"begins no known motif file; wants MEME, JASPAR, HOMER"):
        motif_file.read(path)


def test_an_empty_file_is_an_error(tmp_path):
    path = tmp_path / "motifs.dat"
    path.write_text("")
    with pytest.raises(UserError, match="is empty"):
        motif_file.read(path)


def test_motif_files_are_read_without_torch():
    code = "import sys, cislens.sequence.motif_file; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("JASPAR_CORE_2016_vertebrates.meme", 518),
        ("pfm_vertebrates.txt", 519),
        ("plant_TF_clusters.meme", 72),
        ("plant_core_promoter_elements.meme", 6),
    ],
)
def test_files_of_the_field_are_recognised(real_data, name, count):
    assert len(motif_file.read(real_data / "motifs" / name)) == count
