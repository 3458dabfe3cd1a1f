"""HOMER files, known and de novo, and broken ones."""

import gzip
import re

import numpy as np
import pytest

from cislens.errors import UserError
from cislens.sequence import homer

KNOWN = (
    ">ATGACTCATC\tAP-1(bZIP)/ThioMac-PU.1-ChIP-Seq(GSE21512)/Homer\t6.049537\t-1.782996e+03\t0\t"
    "9805.3,5781.0,3085.1,2715.0,0.00e+00\n0.419\t0.275\t0.277\t0.028\n0.001\t0.001\t0.001\t0.997\n"
)
DE_NOVO = (
    ">NTG\t1-NTG,BestGuess:AP-1(bZIP)/x/Homer(0.98)\t8.6\t-11535.9\t0\t"
    "T:17311.0(44.36%),B:2181.5(5.80%),P:1e-5009\n0.25 0.25 0.25 0.26\n"
)


@pytest.fixture
def file(tmp_path):
    def make(text):
        path = tmp_path / "known.motifs"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return make


@pytest.mark.parametrize(
    "text",
    [KNOWN, KNOWN.replace("\n", "\r\n"), gzip.compress(KNOWN.encode(), mtime=0), f"\n{KNOWN}\n"],
)
def test_a_known_motif(file, text):
    (motif,) = homer.read(file(text))
    assert motif.name == "AP-1(bZIP)/ThioMac-PU.1-ChIP-Seq(GSE21512)/Homer"
    assert (motif.label, motif.nsites) == ("AP-1(bZIP)", None)
    first = np.array([0.419, 0.275, 0.277, 0.028]) / 0.999
    np.testing.assert_allclose(motif.probabilities.T, [first, [0.001, 0.001, 0.001, 0.997]])


def test_many_motifs_and_their_sites(file):
    known, found = homer.read(file(KNOWN + DE_NOVO))
    assert known.nsites is None
    assert (found.name.split(",")[0], found.label, found.nsites) == ("1-NTG", "1-NTG", 17311)
    assert found.probabilities.sum() == pytest.approx(1)


def test_white_space_in_a_name_becomes_an_underscore(file):
    (motif,) = homer.read(file(">A\tmy motif\t1\n1 0 0 0\n"))
    assert (motif.name, motif.label) == ("my_motif", "my_motif")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", ": the file is empty"),
        ("0.1 0.2\n", ", line 1: wants a line '>consensus, name, ...' first"),
        (">ACGT name 6.0\n1 0 0 0\n", ", line 1: no name after the consensus"),
        (">ACGT\t\t6.0\n1 0 0 0\n", ", line 1: no name after the consensus"),
        (KNOWN + ">A\tempty\t1\n", ", line 4: motif 'empty' has no rows"),
        (KNOWN.replace("0.997", "x"), ", line 3: got 'x'; wants a number"),
        (KNOWN.replace("0.997", "0.9"), ", line 3: the probabilities sum to 0.903"),
        (KNOWN.replace("\t0.997", ""), ", line 3: got 3 numbers; wants four"),
    ],
)
def test_what_is_broken_is_named_by_file_and_line(file, text, message):
    path = file(text)
    with pytest.raises(UserError, match=f"^{re.escape(str(path))}.*{message}"):
        homer.read(path)
