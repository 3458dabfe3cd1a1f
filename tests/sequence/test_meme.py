"""MEME files as programs write them, as people break them, and as we write them."""

import gzip
import re
from decimal import Decimal

import numpy as np
import pytest
from memelite import io as memelite_io

from cislens.errors import UserError
from cislens.sequence import meme
from cislens.sequence.alphabet import RNA
from cislens.sequence.pwm import Pwm

HEADER = "MEME version 4\n\nALPHABET= ACGT\n\nstrands: + -\n\n"
BACKGROUND = "Background letter frequencies\nA 0.3 C 0.2 G 0.2 T 0.3\n\n"
ROWS = "0.1 0.2 0.3 0.4\n0.25 0.25 0.25 0.25\n1 0 0 0\n"
MATRIX = f"letter-probability matrix: alength= 4 w= 3 nsites= 20 E= 0\n{ROWS}"
MOTIF = f"MOTIF MA1 CTCF\n{MATRIX}"
PROBABILITIES = [[0.1, 0.2, 0.3, 0.4], [0.25] * 4, [1, 0, 0, 0]]
SPELT = (
    'MEME version 5\n\nALPHABET "DNA" DNA-LIKE\nA "Adenine" CC0000 ~ T "Thymine" 008000\n'
    'C "Cytosine" 0000CC ~ G "Guanine" FFB300\nN "Any = base" = ACGT\nX = ACGT\nU = T\n'
    "END ALPHABET\n\n"
)
SPELT_RNA = (
    'MEME version 5\nALPHABET "RNA"\n'
    'A "Adenine"\nC "Cytosine"\nG "Guanine" # wobbles\nU\nEND ALPHABET\n'
)
FULL = f"""********************************************************************************
MEME - Motif discovery tool
********************************************************************************
MEME version 4.9.1 (Release date: some day)

ALPHABET= ACGT
Sequence name            Weight Length  Sequence name            Weight Length
letter frequencies in dataset:
A 0.31 C 0.18 G 0.18 T 0.33
Background letter frequencies (from dataset with add-one prior applied):
A 0.301 C 0.202 G 0.199 T 0.299
********************************************************************************
MOTIF  1\twidth =    3   sites =  10   llr = 184   E-value = 7.3e-003
********************************************************************************
\tMotif 1 position-specific scoring matrix
log-odds matrix: alength= 4 w= 3 n= 190 bayes= 4.2 E= 7.3e-003
  -100   -200    169   -997
     0      0      0      0
   202   -997   -997   -997
--------------------------------------------------------------------------------
\tMotif 1 position-specific probability matrix
--------------------------------------------------------------------------------
letter-probability matrix: alength= 4 w= 3 nsites= 10 E= 7.3e-003
 {ROWS}--------------------------------------------------------------------------------
Time  0.5 secs.
MOTIF ACG MEME-2\twidth =    3   sites =  4
letter-probability matrix: alength= 4 w= 3 nsites= 4 E= 1
{ROWS}
SUMMARY OF MOTIFS
"""


@pytest.fixture
def file(tmp_path):
    def make(text):
        path = tmp_path / "motifs.meme"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return make


@pytest.mark.parametrize(
    "text",
    [
        HEADER + BACKGROUND + MOTIF,
        (HEADER + BACKGROUND + MOTIF).replace("\n", "\r\n"),
        (HEADER + BACKGROUND + MOTIF).encode("utf-8-sig"),
        gzip.compress((HEADER + BACKGROUND + MOTIF).encode(), mtime=0),
        "MEME version 5.4.1 (Release)\n" + BACKGROUND + MOTIF,
        "# made by hand\n\n" + HEADER.replace("= ", "=") + BACKGROUND + MOTIF,
        HEADER.replace("strands: + -\n", "") + BACKGROUND + MOTIF,
        HEADER + BACKGROUND.replace("frequencies", "frequencies (from file x):") + MOTIF,
        HEADER + BACKGROUND.replace(" G", "\n  G") + MOTIF,
        HEADER + BACKGROUND.replace("frequencies\n", "frequencies\n\n") + MOTIF,
        SPELT + BACKGROUND + MOTIF,
        SPELT_RNA + BACKGROUND.replace("T", "U") + MOTIF,
        HEADER.replace("ACGT", "ACGU") + BACKGROUND.replace("T 0", "U 0") + MOTIF,
        HEADER + BACKGROUND + MOTIF.replace(" ", " \t "),
        HEADER + BACKGROUND + MOTIF.replace("E= 0\n", "E= 0\n\n"),
        HEADER + BACKGROUND + MOTIF.replace(" w= 3", ""),
        HEADER + BACKGROUND + MOTIF.replace("E= 0", "E= 1.7e-318"),
        HEADER + BACKGROUND + MOTIF + "\nURL http://example.org/MA1\n\n",
        HEADER + BACKGROUND + MOTIF.replace(" w= 3", "") + "URL http://example.org/MA1\n",
        HEADER + BACKGROUND + MOTIF.replace("0.4\n", "0.4 \t\n").rstrip("\n"),
        HEADER + BACKGROUND + "MOTIF MA1 CTCF\nlog-odds matrix: w= 1\n 1 2 -3 4\n" + MATRIX,
    ],
)
def test_one_motif_in_many_dresses(file, text):
    (motif,) = meme.read(file(text))
    assert (motif.name, motif.label, motif.nsites) == ("MA1", "CTCF", 20)
    assert motif.probabilities.T.tolist() == PROBABILITIES
    assert motif.background.tolist() == [0.3, 0.2, 0.2, 0.3]


def test_a_full_file_with_scores_before_the_probabilities(file):
    first, second = meme.read(file(FULL))
    assert (first.name, first.label, first.nsites) == ("1", "", 10)
    assert (second.name, second.label, second.nsites) == ("ACG", "MEME-2", 4)
    assert first.probabilities.T.tolist() == second.probabilities.T.tolist() == PROBABILITIES
    np.testing.assert_allclose(first.background, np.array([301, 202, 199, 299]) / 1001)


def test_what_is_missing_is_uniform_unknown_or_empty(file):
    text = "MEME version 4\nMOTIF MA1\nletter-probability matrix:\n" + ROWS
    (motif,) = meme.read(file(text))
    assert (motif.label, motif.nsites) == ("", None)
    assert motif.background.tolist() == [0.25] * 4


def test_rows_that_almost_sum_to_one_are_scaled(file):
    rows = "0.33 0.33 0.33 0\n0.5 0.51 0 0\n1 0 0 0\n"
    (motif,) = meme.read(file(HEADER + MOTIF.replace(ROWS, rows)))
    np.testing.assert_allclose(motif.probabilities[:, 0], [1 / 3, 1 / 3, 1 / 3, 0])
    np.testing.assert_allclose(motif.probabilities[:, 1], [50 / 101, 51 / 101, 0, 0])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", ": the file is empty"),
        (" \n\n", ": the file is empty"),
        (b"\x89PNG\xff\xfe", ": not a text file"),
        (gzip.compress((HEADER + MOTIF).encode(), mtime=0)[:-12], ": the gzip stream is cut short"),
        (b"\x1f\x8b garbage", ": the gzip stream is cut short or damaged"),
        (MOTIF, ", line 1: no line 'MEME version'"),
        (HEADER, ", line 6: the file ends without a line 'MOTIF name'"),
        (HEADER + "MOTIF\n" + MATRIX, ", line 7: MOTIF without a name"),
        (HEADER + "MOTIF MA1\n", ", line 7: motif 'MA1' has no letter-probability matrix"),
        (HEADER.replace("ACGT", "ACDEFGHIKLMNPQRSTVWY") + MOTIF, ", line 3: alphabet 'ACDE"),
        (SPELT.replace("X =", "X # =") + MOTIF, ", line 3: alphabet 'ACGTX'; wants ACGT"),
        (HEADER + BACKGROUND.replace("T 0", "X 0") + MOTIF, ", line 7: background 'A 0.3 C"),
        (HEADER + BACKGROUND.replace("0.2", "0.1") + MOTIF, "line 7: .* sum to 0.8; wants 1"),
        (HEADER + MOTIF.replace("h= 4", "h= 20"), ", line 8: alength= 20; wants 4"),
        (HEADER + MOTIF.replace("w= 3", "w= x"), ", line 8: w= x; wants a whole number"),
        (HEADER + MOTIF.replace("= 20", "= -3"), ", line 8: got '-3'; wants a number, 0 or more"),
        (HEADER + MOTIF.replace("w= 3", "w= 4"), ", line 8: the matrix has 3 rows; wants w= 4"),
        (HEADER + MOTIF.replace("w= 3", "w= 2"), ", line 11: a row more than w= 2 of line 8"),
        (HEADER + MOTIF.replace(ROWS, ""), ", line 8: the matrix has 0 rows; wants w= 3"),
        (HEADER + MOTIF.replace("w= 3", "").replace(ROWS, ""), ", line 8: .* wants at least one"),
        (HEADER + MOTIF.replace("0.4", "O.4"), ", line 9: got 'O.4'; wants a number"),
        (HEADER + MOTIF.replace("0.1", "x"), ", line 9: got 'x'; wants a number"),
        (HEADER + MOTIF.replace("0.4", "nan"), ", line 9: got 'nan'; wants a number"),
        (HEADER + MOTIF.replace("0.4", "-0.4"), ", line 9: got '-0.4'; wants a number, 0 or"),
        (HEADER + MOTIF.replace(" 0.4", ""), ", line 9: got 3 numbers; wants four"),
        (HEADER + MOTIF.replace("0.4", "0.42"), ", line 9: the probabilities sum to 1.02"),
        (HEADER + MOTIF + MOTIF.replace("0.4", "0.3"), ", line 14: the probabilities sum to 0.9"),
    ],
)
def test_what_is_broken_is_named_by_file_and_line(file, text, message):
    path = file(text)
    with pytest.raises(UserError, match=f"^{re.escape(str(path))}.*{message}"):
        meme.read(path)


def test_a_missing_file_is_an_error(tmp_path):
    with pytest.raises(UserError, match="no such file"):
        meme.read(tmp_path / "none.meme")
    with pytest.raises(UserError, match="no such file"):
        meme.read(tmp_path)


@pytest.fixture
def motifs(rng):
    background = rng.dirichlet(np.full(4, 9.0))
    return [
        Pwm(f"M{i}", rng.dirichlet(np.full(4, 0.3), 5 + i).T, label, background, nsites)
        for i, (label, nsites) in enumerate([("CTCF", 20.0), ("", None), ("A::B(var.2)", 1234.5)])
    ]


def test_what_is_written_is_read(motifs, tmp_path):
    meme.write(tmp_path / "motifs.meme", motifs)
    back = meme.read(tmp_path / "motifs.meme")
    for before, after in zip(motifs, back, strict=True):
        assert (after.name, after.label, after.nsites) == (before.name, before.label, before.nsites)
        np.testing.assert_allclose(after.probabilities, before.probabilities, rtol=0, atol=1e-6)
        np.testing.assert_allclose(after.background, before.background, rtol=0, atol=1e-6)


def test_writing_what_was_read_gives_the_same_file(motifs, tmp_path):
    first, second = tmp_path / "first.meme", tmp_path / "second.meme"
    meme.write(first, motifs)
    meme.write(second, meme.read(first))
    assert second.read_bytes() == first.read_bytes()


def test_every_written_row_sums_to_exactly_one(rng, tmp_path):
    awkward = np.array([[1 / 3, 1 / 3, 1 / 3, 0], [1 / 7, 2 / 7, 4 / 7, 0], [1e-9, 0, 0, 1 - 1e-9]])
    columns = np.vstack([awkward, rng.dirichlet(np.full(4, 0.1), 500)])
    path = tmp_path / "motifs.meme"
    meme.write(path, [Pwm("M1", columns.T)])
    rows = [line.split() for line in path.read_text().splitlines() if line.startswith(" ")]
    assert len(rows) == 503
    assert all(sum(map(Decimal, row)) == 1 for row in rows)
    assert all(len(value) == 8 for row in rows for value in row)
    assert rows[0] == ["0.333334", "0.333333", "0.333333", "0.000000"]


def test_the_text_of_a_file(tmp_path):
    path = tmp_path / "motifs.meme"
    meme.write(path, [Pwm("M1", np.array([[0.5, 0.5, 0, 0]]).T, "Two words", nsites=7.0)])
    assert path.read_text() == (
        "MEME version 4\n\nALPHABET= ACGT\n\nstrands: + -\n\n"
        "Background letter frequencies\nA 0.250000 C 0.250000 G 0.250000 T 0.250000\n\n"
        "MOTIF M1 Two_words\nletter-probability matrix: alength= 4 w= 1 nsites= 7 E= 0\n"
        " 0.500000  0.500000  0.000000  0.000000\n"
    )


def test_rna_has_one_strand_and_its_letters(motifs, tmp_path):
    path = tmp_path / "motifs.meme"
    meme.write(path, motifs, alphabet=RNA)
    assert "ALPHABET= ACGU\n\nstrands: +\n" in path.read_text()
    assert [motif.name for motif in meme.read(path)] == ["M0", "M1", "M2"]


def test_another_reader_reads_the_same(motifs, tmp_path):
    path = tmp_path / "motifs.meme"
    meme.write(path, motifs)
    theirs = memelite_io.read_meme(str(path))
    assert list(theirs) == ["M0 CTCF", "M1", "M2 A::B(var.2)"]
    for ours, other in zip(meme.read(path), theirs.values(), strict=True):
        np.testing.assert_allclose(ours.probabilities, other, rtol=0, atol=1e-12)


def test_no_motifs_give_a_header(tmp_path):
    meme.write(tmp_path / "none.meme", [])
    assert (tmp_path / "none.meme").read_text().startswith("MEME version 4\n")


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (["two words"], "name 'two words'; wants one word"),
        ([""], "name ''; wants one word"),
        (["M1", "M1"], "name 'M1' comes twice"),
    ],
)
def test_names_that_a_file_cannot_hold_are_an_error(names, message, tmp_path):
    with pytest.raises(UserError, match=message):
        meme.write(tmp_path / "no.meme", [Pwm(name, np.full((4, 2), 0.25)) for name in names])
    assert list(tmp_path.iterdir()) == []


def test_two_backgrounds_are_an_error(motifs, tmp_path):
    with pytest.raises(UserError, match="'M9' has another background than 'M0'"):
        meme.write(tmp_path / "no.meme", [*motifs, Pwm("M9", np.full((4, 2), 0.25))])


def test_a_failed_write_leaves_the_old_file_and_nothing_else(motifs, tmp_path):
    path = tmp_path / "motifs.meme"
    meme.write(path, motifs)
    before = path.read_bytes()
    with pytest.raises(UnicodeEncodeError):
        meme.write(path, [Pwm("\ud800", np.full((4, 2), 0.25))])
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("name", "count", "first"),
    [
        ("JASPAR_CORE_2016_vertebrates", 518, ("MA0002.2", "RUNX1", 2000, 11)),
        ("plant_TF_clusters", 72, ("TF-cluster_1", "NAC", 1000, 16)),
        ("plant_core_promoter_elements", 6, ("TATA", "TATA", 256, 16)),
    ],
)
def test_files_of_the_field_survive_a_round_trip(real_data, tmp_path, name, count, first):
    motifs = meme.read(real_data / "motifs" / f"{name}.meme")
    assert len(motifs) == count
    assert (motifs[0].name, motifs[0].label, motifs[0].nsites, motifs[0].width) == first
    meme.write(tmp_path / "again.meme", motifs)
    for before, after in zip(motifs, meme.read(tmp_path / "again.meme"), strict=True):
        assert (after.name, after.label, after.nsites) == (before.name, before.label, before.nsites)
        np.testing.assert_allclose(after.probabilities, before.probabilities, rtol=0, atol=1e-6)
