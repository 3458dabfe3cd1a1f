import gzip

import pytest

from cislens.data import fasta
from cislens.data.fasta import FastaRecord
from cislens.data.intervals import Interval
from cislens.errors import UserError

TEXT = ">one first\nACGT\nacgN\n\n>two\nTTTT\n"
RECORDS = [FastaRecord("one", "one first", "ACGTacgN", 1), FastaRecord("two", "two", "TTTT", 5)]


@pytest.fixture
def path(tmp_path):
    return tmp_path / "x.fa"


def bgzip(data):
    """Several gzip members and the empty one at the end, as bgzip writes."""
    return b"".join(
        gzip.compress(data[i : i + 7], mtime=0) for i in range(0, len(data), 7)
    ) + gzip.compress(b"", mtime=0)


@pytest.mark.parametrize(
    "content",
    [
        TEXT.encode(),
        TEXT.replace("\n", "\r\n").encode(),
        b"\xef\xbb\xbf" + TEXT.encode(),
        gzip.compress(TEXT.encode(), mtime=0),
        bgzip(TEXT.encode()),
        TEXT.rstrip().encode(),
    ],
    ids=["plain", "crlf", "bom", "gzip", "bgzip", "no last line end"],
)
def test_records(path, content):
    path.write_bytes(content)
    assert list(fasta.records(path)) == RECORDS


def test_blank_line_first_and_space_before_the_name(path):
    path.write_text("\n> chr1,+,5,9; class:0\nACGTA\n")
    assert list(fasta.records(path)) == [
        FastaRecord("chr1,+,5,9;", "chr1,+,5,9; class:0", "ACGTA", 2)
    ]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", r"x\.fa: the file holds no record"),
        (b"\n\n", r"x\.fa: the file holds no record"),
        (b"ACGT\n>x\nA\n", r"x\.fa, line 1: got 'ACGT'; a FASTA file begins with"),
        (b">x\n>y\nA\n", r"x\.fa, line 1: record 'x' has no sequence"),
        (b">x\nA\n>y\n", r"x\.fa, line 3: record 'y' has no sequence"),
        (b">x\nA\n>\nA\n", r"x\.fa, line 3: a header without a name"),
        (b">x\nAC\nAC-T\n", r"x\.fa, line 3: '-' at column 3 is no letter"),
        (b">x\nAC\nA T\n", r"x\.fa, line 3: ' ' at column 2 is no letter"),
        (b">x\nA\n\xff\xfe\x00\n", r"x\.fa, line 3: this is not text"),
        (b">x\nA\x00\n", r"x\.fa, line 2: '\\x00' at column 2"),
        (
            gzip.compress(b">x\n" + b"ACGT\n" * 50, mtime=0)[:-9],
            r"x\.fa, line \d+: .* cut short or damaged",
        ),
        (
            gzip.compress(TEXT.encode(), mtime=0) + b"rubbish",
            r"x\.fa, line \d+: .* cut short or damaged",
        ),
    ],
)
def test_faults_name_file_and_line(path, content, message):
    path.write_bytes(content)
    with pytest.raises(UserError, match=message):
        list(fasta.records(path))


def test_missing_file(path):
    with pytest.raises(UserError, match=r"x\.fa: no such file"):
        list(fasta.records(path))


def test_first_record_comes_before_a_fault_further_down(path):
    path.write_text(">x\nACGT\n>y\nACGT\n>z\n")
    assert next(fasta.records(path)).id == "x"


@pytest.mark.parametrize(
    ("header", "interval"),
    [
        ("chr1:100-200", Interval("chr1", 100, 200, ".")),
        ("chr1:100-200(+)", Interval("chr1", 100, 200, "+")),
        ("chr1:100-200(-) peak 3", Interval("chr1", 100, 200, "-")),
        ("peak_3 chrX:5-9", Interval("chrX", 5, 9, ".")),
        ("peak::chr1:100-200(-)", Interval("chr1", 100, 200, "-")),
        ("chr1,-,100,200; class:1", Interval("chr1", 100, 200, "-")),
        ("HLA_1.2:7-8", Interval("HLA_1.2", 7, 8, ".")),
        ("peak_3", None),
        ("gene BRCA1 class:1", None),
        ("chr1:100", None),
    ],
)
def test_interval_of(header, interval):
    assert fasta.interval_of(header) == interval


@pytest.mark.parametrize("name", ["out.fa", "out.fa.gz"])
def test_written_records_come_back(tmp_path, name):
    path = tmp_path / name
    fasta.write(path, [(record.description, record.sequence) for record in RECORDS])
    assert (path.read_bytes()[:2] == b"\x1f\x8b") == name.endswith(".gz")
    assert [record[:3] for record in fasta.records(path)] == [record[:3] for record in RECORDS]


def test_write_leaves_nothing_after_an_error(tmp_path):
    def entries():
        yield "x", "ACGT"
        raise RuntimeError("stop")

    with pytest.raises(RuntimeError, match="stop"):
        fasta.write(tmp_path / "out.fa", entries())
    assert list(tmp_path.iterdir()) == []


def test_write_refuses_to_overwrite(path):
    path.write_text("mine")
    with pytest.raises(UserError, match="exists already"):
        fasta.write(path, [("x", "A")])
    assert path.read_text() == "mine"
    fasta.write(path, [("x", "A")], overwrite=True)
    assert path.read_text() == ">x\nA\n"


def test_ctcf_peaks(real_data):
    records = list(fasta.records(real_data / "chip" / "CTCF_100.fa.gz"))
    intervals = [fasta.interval_of(record.description) for record in records]
    assert len(records) == 39_184
    assert {len(record.sequence) for record in records} == {100}
    assert {interval.end - interval.start for interval in intervals} == {100}


def test_pum2_sites(real_data):
    record = next(fasta.records(real_data / "rna" / "PUM2_parclip_train.fa.gz"))
    assert fasta.interval_of(record.description) == Interval("chr1", 69315, 69415, "+")
    assert len(record.sequence) == 101
