"""Genomes: every window equals a slow look at the text, and damage is told by file and line."""

import gzip
import os
import pickle
import re
import struct
import zlib

import numpy as np
import pytest

from cislens.data import genome
from cislens.errors import UserError

LETTERS = "ACGTNacgtnRY"
COMPLEMENT = {0: 3, 1: 2, 2: 1, 3: 0, 4: 4}


def wrapped(text, width, end):
    return "".join(text[i : i + width] + end for i in range(0, len(text), width))


def bgzipped(data, size):
    """Pack a text in blocks, as the specification of BAM says."""
    out = b""
    for begin in [*range(0, len(data), size), len(data)]:
        pack = zlib.compressobj(wbits=-15)
        packed = pack.compress(data[begin : begin + size]) + pack.flush()
        out += b"\x1f\x8b\x08\x04" + bytes(5) + b"\xff\x06\x00BC\x02\x00"
        out += struct.pack("<H", len(packed) + 25) + packed
        out += struct.pack("<II", zlib.crc32(data[begin : begin + size]), len(data[begin:][:size]))
    return out


def runs(text, letters):
    """List where runs of some letters begin, and how long they are."""
    found = [(match.start(), len(match[0])) for match in re.finditer(f"[{letters}]+", text)]
    return [begin for begin, _ in found], [size for _, size in found]


def twobit(texts, order, version=0):
    """Write 2bit base by base; ambiguity letters are N there."""
    wide = "Q" if version else "I"
    head = struct.pack(f"{order}4I", 0x1A412743, version, len(texts), 0)
    at = len(head) + sum(1 + len(name) + (8 if version else 4) for name in texts)
    records = b""
    for name, text in texts.items():
        head += bytes([len(name)]) + name.encode()
        head += struct.pack(f"{order}{wide}", at + len(records))
        records += struct.pack(f"{order}I", len(text))
        for letters in ("NRYnry", "a-z"):
            begins, sizes = runs(text, letters)
            numbers = [len(begins), *begins, *sizes]
            records += struct.pack(f"{order}{len(numbers)}I", *numbers)
        records += bytes(4)
        two = ["TCAG".find(letter) % 4 for letter in text.upper() + "TTT"]
        for i in range(0, len(text), 4):
            records += bytes([two[i] << 6 | two[i + 1] << 4 | two[i + 2] << 2 | two[i + 3]])
    return head + records


FORMATS = {
    "unix": ("\n", 7, True),
    "windows": ("\r\n", 60, True),
    "open end": ("\n", 5, False),
    "bgzip": ("\n", 7, True),
    "2bit <": ("\n", 7, True),
    "2bit >": ("\n", 7, True),
    "2bit wide": ("\n", 7, True),
}


@pytest.fixture(params=FORMATS)
def texts_and_path(request, rng, tmp_path):
    """Three chromosomes, one of them a whole number of lines, with and without a last line end."""
    end, width, closed = FORMATS[request.param]
    texts = {
        name: "".join(rng.choice(list(LETTERS), size))
        for name, size in (("chrI", 143), ("chr2", 5 * width), ("M", 3))
    }
    # A run of N over several lines, and one at the end.
    texts["chrI"] = texts["chrI"][:51] + "N" * 30 + texts["chrI"][81:-5] + "n" * 5
    body = "".join(f">{n} some words{end}{wrapped(t, width, end)}" for n, t in texts.items())
    data = (body if closed else body.rstrip("\r\n")).encode()
    if request.param == "bgzip":
        data = bgzipped(data, 40)
    if request.param.startswith("2bit"):
        version = int(request.param == "2bit wide")
        data = twobit(texts, "<" if version else request.param[-1], version)
    path = tmp_path / "genome.fa"
    path.write_bytes(data)
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


def test_another_process_opens_the_file_again(texts_and_path):
    texts, path = texts_and_path
    again = pickle.loads(pickle.dumps(genome.open(path)))
    assert again.windows(["chrI"], [0], length=143).tolist() == [slow(texts["chrI"], 0, 143, "+")]


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
    with pytest.raises(UserError, match=r"gunzip --keep .*bgzip instead"):
        genome.open(path)
    with pytest.raises(UserError, match="no such file"):
        genome.open(tmp_path / "none.fa")


def test_indexes_of_bgzip_are_left_beside_it_and_used(tmp_path, monkeypatch):
    text = b">a x\nACGT\nAC\n>b\nGGTT\n"
    path = tmp_path / "g.fa.gz"
    path.write_bytes(bgzipped(text, 9))
    genome.open(path)
    assert (tmp_path / "g.fa.gz.fai").read_text() == "a\t6\t5\t4\t5\nb\t4\t16\t4\t5\n"
    # As bgzip --reindex writes it: number, then places of all blocks but the first.
    index = np.frombuffer((tmp_path / "g.fa.gz.gzi").read_bytes(), "<u8").tolist()
    assert index[0] == 2
    assert index[2::2] == [9, 18]
    assert index[1] == len(bgzipped(text[:9], 9)) - 28
    monkeypatch.setattr("cislens.data._bgzip._scan", None)
    monkeypatch.setattr("cislens.data._fasta_index.scan", None)
    opened = genome.open(path)
    assert opened.windows(["b"], [1], length=4).tolist() == [[2, 3, 3, 4]]


def test_files_of_samtools_are_read(rng, tmp_path):
    pysam = pytest.importorskip("pysam")
    texts = {name: "".join(rng.choice(list("ACGTN"), 90_000)) for name in "ab"}
    plain = tmp_path / "g.fa"
    plain.write_text("".join(f">{n}\n{wrapped(t, 60, chr(10))}" for n, t in texts.items()))
    path = tmp_path / "g.fa.gz"
    pysam.tabix_compress(str(plain), str(path))
    starts = rng.integers(0, 89_000, 40)
    wanted = genome.open(plain).windows(["b"] * 40, starts, length=900)
    ours = genome.open(path).windows(["b"] * 40, starts, length=900)
    left = {end: path.with_name(f"g.fa.gz.{end}").read_bytes() for end in ("fai", "gzi")}
    pysam.faidx(str(path))
    theirs = genome.open(path).windows(["b"] * 40, starts, length=900)
    assert (ours == wanted).all()
    assert (theirs == wanted).all()
    assert left == {end: path.with_name(f"g.fa.gz.{end}").read_bytes() for end in left}


def test_folder_that_may_not_be_written_does_without_index(tmp_path, monkeypatch):
    path = tmp_path / "g.fa.gz"
    path.write_bytes(bgzipped(b">a\nACGT\n", 9))
    monkeypatch.setattr("cislens.files.whole", lambda path: (_ for _ in ()).throw(OSError()))
    assert genome.open(path).windows(["a"], [0], length=4).tolist() == [[0, 1, 2, 3]]
    assert [found.name for found in tmp_path.iterdir()] == ["g.fa.gz"]


def test_damaged_bgzip_is_told(tmp_path):
    whole = bgzipped(b">a\nACGT\nACQT\n", 6)
    path = tmp_path / "g.fa.gz"
    beside = tmp_path / "g.fa.gz.gzi"
    path.write_bytes(whole)
    with pytest.raises(UserError, match=r"g\.fa\.gz: a, base 7: 'Q' is no letter"):
        genome.open(path).windows(["a"], [-3], length=11, strand="-")
    beside.write_bytes(b"\x01" + bytes(14))
    with pytest.raises(UserError, match=r"g\.fa\.gz\.gzi: no index of bgzip; remove it"):
        genome.open(path)
    beside.write_bytes(struct.pack("<3Q", 1, 10**6, 6))
    with pytest.raises(UserError, match=r"g\.fa\.gz\.gzi: of another file; remove it"):
        genome.open(path)
    beside.write_bytes(struct.pack("<3Q", 1, 11, 6))
    with pytest.raises(UserError, match="the block at byte 11 is damaged, or its index"):
        genome.open(path)
    os.utime(beside, (1, 1))
    with pytest.raises(UserError, match=r"g\.fa\.gz\.gzi: older than g\.fa\.gz"):
        genome.open(path)
    beside.unlink()
    path.write_bytes(whole[:-30])
    with pytest.raises(UserError, match="the end of a bgzip file is missing; it was cut short"):
        genome.open(path)
    path.write_bytes(whole[:40] + whole[45:])
    with pytest.raises(UserError, match=r"no block of bgzip at byte \d+; the file is cut short"):
        genome.open(path)


def test_damaged_2bit_is_told(tmp_path):
    texts = {"a": "ACGTNNAC", "b": "GATTACA"}
    path = tmp_path / "g.2bit"
    for size in (14, 20, 30, 50):
        path.write_bytes(twobit(texts, "<")[:size])
        with pytest.raises(UserError, match=rf"wants bytes to \d+ and has {size}; .* cut short"):
            genome.open(path)
    path.write_bytes(twobit({}, "<"))
    with pytest.raises(UserError, match="holds no sequence"):
        genome.open(path)
    path.write_bytes(twobit(texts, "<").replace(b"\x01b", b"\x01a"))
    with pytest.raises(UserError, match="a stands in the file twice"):
        genome.open(path)
    path.write_bytes(twobit(texts, ">")[:4] + struct.pack(">I", 2) + twobit(texts, ">")[8:])
    with pytest.raises(UserError, match="2bit of version 2; versions 0 and 1"):
        genome.open(path)
    record = struct.pack("<I", 2) + struct.pack("<2I", 1, 4)
    path.write_bytes(twobit(texts, "<").replace(record[4:], struct.pack("<2I", 1, 7)))
    with pytest.raises(UserError, match="runs of N of a are no such"):
        genome.open(path)


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
