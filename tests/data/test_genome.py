"""Genomes: every window equals a slow look at the text, and damage is told by file and line."""

import gzip

import numpy as np
import pytest

from cislens.data import genome
from cislens.errors import UserError

LETTERS = "ACGTNacgtnRY"
COMPLEMENT = {0: 3, 1: 2, 2: 1, 3: 0, 4: 4}


def wrapped(text, width, end):
    return "".join(text[i : i + width] + end for i in range(0, len(text), width))


@pytest.fixture(params=[("\n", 7, True), ("\r\n", 60, True), ("\n", 5, False)])
def texts_and_path(request, rng, tmp_path):
    """Three chromosomes, one of them a whole number of lines, with and without a last line end."""
    end, width, closed = request.param
    texts = {
        name: "".join(rng.choice(list(LETTERS), size))
        for name, size in (("chrI", 143), ("chr2", 5 * width), ("M", 3))
    }
    body = "".join(f">{n} some words{end}{wrapped(t, width, end)}" for n, t in texts.items())
    path = tmp_path / "genome.fa"
    path.write_bytes((body if closed else body.rstrip("\r\n")).encode())
    return texts, path


def slow(text, start, length, strand):
    codes = [
        "ACGT".find(text[i].upper()) % 5 if 0 <= i < len(text) else 4
        for i in range(start, start + length)
    ]
    return [COMPLEMENT[code] for code in reversed(codes)] if strand == "-" else codes


def test_windows_equal_a_slow_look_at_the_text(texts_and_path, rng):
    texts, path = texts_and_path
    opened = genome.open(path)
    assert opened.sizes == {name: len(text) for name, text in texts.items()}
    chroms = rng.choice(list(texts), 300)
    starts = rng.integers(-30, 160, 300)
    strands = rng.choice(["+", "-", "."], 300)
    for length in (1, 4, 23):
        found = opened.windows(chroms, starts, length=length, strand=strands)
        wanted = [
            slow(texts[chrom], start, length, strand)
            for chrom, start, strand in zip(chroms, starts, strands, strict=True)
        ]
        assert found.dtype == np.uint8
        assert found.tolist() == wanted
        ones = opened.onehot(chroms, starts, length=length, strand=strands)
        assert ones.dtype == np.int8
        assert (ones == (found[:, None] == np.arange(4)[:, None])).all()


def test_no_window_is_an_empty_batch(texts_and_path):
    _, path = texts_and_path
    assert genome.open(path).windows([], [], length=9).shape == (0, 9)


def test_samtools_index_is_used(tmp_path):
    path = tmp_path / "g.fa"
    path.write_text(">a\nACGT\nAC\n>b\nGGTT\n")
    beside = tmp_path / "g.fa.fai"
    # An index may leave sequences out; those are then not in the genome.
    beside.write_text("b\t4\t14\t4\t5\n")
    opened = genome.open(path)
    assert opened.sizes == {"b": 4}
    assert opened.windows(["b"], [0], length=4).tolist() == [[2, 2, 3, 3]]


@pytest.mark.parametrize(
    ("index", "message"),
    [
        ("b\t400\t14\t4\t5\n", r"g\.fa\.fai, line 1: b ends beyond g\.fa"),
        ("b\tx\t14\t4\t5\n", r"g\.fa\.fai, line 1: wants name, length"),
        ("b 4 14 4 5\n", r"g\.fa\.fai, line 1: wants name, length"),
    ],
)
def test_wrong_index_is_named(index, message, tmp_path):
    (tmp_path / "g.fa").write_text(">a\nACGT\nAC\n>b\nGGTT\n")
    (tmp_path / "g.fa.fai").write_text(index)
    with pytest.raises(UserError, match=message):
        genome.open(tmp_path / "g.fa")


def test_index_older_than_its_file_is_refused(tmp_path):
    import os

    (tmp_path / "g.fa").write_text(">b\nGGTT\n")
    beside = tmp_path / "g.fa.fai"
    beside.write_text("b\t4\t3\t4\t5\n")
    os.utime(beside, (1, 1))
    with pytest.raises(UserError, match=r"g\.fa\.fai: older than g\.fa"):
        genome.open(tmp_path / "g.fa")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the file is empty"),
        ("ACGT\n", "line 1: a FASTA file begins with '>'"),
        (">a\nACGT\nACG\nACGT\n", "line 4: not as long as the lines of a"),
        (">a\nACG\nACGT\n", "line 3: not as long as the lines of a"),
        (">b\nA\n>a\nACG\n\nACG\n", "line 6: not as long as the lines of a"),
        (">a\nACG\n>\nACGT\n", "line 3: a header without a name"),
        (">a\n>b\nACGT\n", "line 1: a has no sequence"),
        (">a\nACG\n>a\nACGT\n", "a stands in the file twice"),
    ],
)
def test_damaged_file_is_refused(text, message, tmp_path):
    path = tmp_path / "g.fa"
    path.write_text(text)
    with pytest.raises(UserError, match=message):
        genome.open(path)


def test_compressed_file_says_what_to_do(tmp_path):
    path = tmp_path / "g.fa.gz"
    path.write_bytes(gzip.compress(b">a\nACGT\n", mtime=0))
    with pytest.raises(UserError, match="gunzip --keep"):
        genome.open(path)
    with pytest.raises(UserError, match="no such file"):
        genome.open(tmp_path / "none.fa")


def test_bad_questions_are_refused(tmp_path):
    path = tmp_path / "g.fa"
    path.write_text(">a\nACGTQC\n")
    opened = genome.open(path)
    with pytest.raises(UserError, match=r"chromosome 'b': .* has a"):
        opened.windows(["b"], [0], length=2)
    with pytest.raises(UserError, match="line 2: 'Q' is no letter"):
        opened.onehot(["a"], [3], length=3)
    with pytest.raises(UserError, match=r"wants contiguous int8 of shape \(1, 4, 3\)"):
        opened.onehot(["a"], [0], length=3, out=np.empty((1, 4, 2), np.int8))
    with pytest.raises(UserError, match="chrom: 1 names for 2 starts"):
        opened.windows(["a"], [0, 1], length=2)
    with pytest.raises(UserError, match="strand: 1 for 2 starts"):
        opened.windows(["a", "a"], [0, 1], length=2, strand=["+"])
    with pytest.raises(UserError, match="strand='x'"):
        opened.windows(["a"], [0], length=2, strand="x")
    with pytest.raises(UserError, match="line 2: 'Q' is no letter"):
        opened.windows(["a"], [3], length=3)


def test_yeast_has_its_sizes(real_data):
    opened = genome.open(real_data / "yeast" / "sacCer3.fa")
    table = (real_data / "yeast" / "sacCer3.chrom.sizes").read_text().split()
    assert opened.sizes == dict(zip(table[::2], map(int, table[1::2]), strict=True))
