"""JASPAR files in both layouts, and broken ones."""

import gzip
import re

import numpy as np
import pytest

from cislens.errors import UserError
from cislens.sequence import jaspar, meme

BRACKETS = ">MA0139.1 CTCF\nA  [ 1 0 ]\nC  [2 0]\nG  [  3  0 ]\nT  [ 4 10 ]\n"
SECOND = ">MA2\tAhr::Arnt\n0 1 2\n0 1 2\n0 1 2\n5 1 2\n"


@pytest.fixture
def file(tmp_path):
    def make(text):
        path = tmp_path / "motifs.pfm"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return make


@pytest.mark.parametrize(
    "text",
    [
        BRACKETS,
        BRACKETS.replace("\n", "\r\n"),
        gzip.compress(BRACKETS.encode(), mtime=0),
        BRACKETS.replace("T ", "U "),
        BRACKETS.lower().replace("ma0139.1 ctcf", "MA0139.1 CTCF"),
        BRACKETS.replace("[", "").replace("]", ""),
        BRACKETS.replace("[", "|").replace("]", ""),
        BRACKETS.replace("  [", "[").replace("]\n", "]  \n\n"),
        ">MA0139.1 CTCF\n1 0\n2 0\n3 0\n4.0 10\n",
        ">MA0139.1 CTCF\nT [4 10]\nC [2 0]\nG [3 0]\nA [1 0]\n",
    ],
)
def test_one_motif_in_many_dresses(file, text):
    (motif,) = jaspar.read(file(text))
    assert (motif.name, motif.label, motif.nsites) == ("MA0139.1", "CTCF", 10)
    np.testing.assert_allclose(motif.probabilities.T, [[0.1, 0.2, 0.3, 0.4], [0, 0, 0, 1]])


def test_many_motifs_of_both_layouts(file):
    motifs = jaspar.read(file(BRACKETS + "\n" + SECOND + ">MA3\n" + SECOND.split("\n", 1)[1]))
    assert [(motif.name, motif.label, motif.width) for motif in motifs] == [
        ("MA0139.1", "CTCF", 2), ("MA2", "Ahr::Arnt", 3), ("MA3", "", 3)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", ": the file is empty"),
        ("1 2\n3 4\n", ", line 1: wants a line '>identifier label' first"),
        (">\n" + SECOND, ", line 1: motif '' has 0 rows; wants a name and four"),
        (SECOND + "1 2 3\n", ", line 1: motif 'MA2' has 5 rows"),
        (BRACKETS + ">MA2\n1 2\n", ", line 6: motif 'MA2' has 1 rows"),
        (BRACKETS.replace("G", "A"), ", line 2: rows named 'ACAT'; wants A C G T"),
        (BRACKETS.replace("G", ""), ", line 2: rows named 'ACT'; wants A C G T"),
        (BRACKETS.replace("3  0", "3"), ", line 4: motif 'MA0139.1': wants rows of one length"),
        (BRACKETS.replace("3  0", "3 x"), ", line 4: got 'x'; wants a number"),
        (BRACKETS.replace("3  0", "3 -1"), ", line 4: got '-1'; wants a number, 0 or more"),
        (BRACKETS.replace("10", "0"), ", line 1: motif 'MA0139.1' has a column without counts"),
        (">M\nA []\nC []\nG []\nT []\n", ", line 2: motif 'M': wants rows of one length"),
    ],
)
def test_what_is_broken_is_named_by_file_and_line(file, text, message):
    path = file(text)
    with pytest.raises(UserError, match=f"^{re.escape(str(path))}.*{message}"):
        jaspar.read(path)


def test_the_vertebrates_of_2016_are_those_of_the_meme_file(real_data):
    motifs = {m.name: m for m in jaspar.read(real_data / "motifs" / "pfm_vertebrates.txt")}
    assert len(motifs) == 519
    others = meme.read(real_data / "motifs" / "JASPAR_CORE_2016_vertebrates.meme")
    assert set(motifs) - {other.name for other in others} == {"MA0615.1"}
    for other in others:
        assert motifs[other.name].label == other.label
        np.testing.assert_allclose(
            motifs[other.name].probabilities, other.probabilities, rtol=0, atol=2e-6
        )
