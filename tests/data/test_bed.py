"""BED files of every width, and their faults by file and line."""

import gzip

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cislens.data import bed
from cislens.errors import UserError


def read(tmp_path, text, name="p.bed"):
    (tmp_path / name).write_text(text)
    return bed.read(tmp_path / name)


def test_three_columns(tmp_path):
    table = read(tmp_path, "track name=x\n#c\nchr1\t5\t9\n\nchr2 1 4\r\n")
    assert table[["chrom", "start", "end", "strand", "summit", "line"]].values.tolist() == [
        ["chr1", 5, 9, ".", 7, 3],
        ["chr2", 1, 4, ".", 2, 5],
    ]
    assert table["name"].tolist() == ["", ""]
    assert np.isnan(table["score"]).all()


@pytest.mark.parametrize("extra", ["", "\t5\t9\t0\t1\t4,\t0,"])
def test_six_and_twelve_columns(extra, tmp_path):
    (row,) = read(tmp_path, f"chr1\t5\t9\tpeak\t12.5\t-{extra}\n").itertuples(index=False)
    assert row == ("chr1", 5, 9, "peak", 12.5, "-", 7, 1)


def test_narrow_peaks_bring_summits(tmp_path):
    lines = "chr1\t10\t50\ta\t3\t.\t1\t2\t3\t7\nchr1\t10\t50\tb\t.\t.\t1\t2\t3\t-1\n"
    (tmp_path / "x.narrowPeak.gz").write_bytes(gzip.compress(lines.encode(), mtime=0))
    table = bed.read(tmp_path / "x.narrowPeak.gz")
    assert table["summit"].tolist() == [17, 30]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("chr1\t5", "2 columns; wants chromosome, start and end"),
        ("chr1\tfive\t9", "start 'five' is no whole number"),
        ("chr1\t5\t9.5", "end '9.5' is no whole number"),
        ("chr1\t9\t5", "9 to 5; wants"),
        ("chr1\t5\t5", "5 to 5; wants"),
        ("chr1\t-1\t5", "-1 to 5; wants"),
        ("chr1\t1\t5\tx\t0\t*", r"strand '\*'"),
        ("chr1\t1\t5\tx\thigh\t+", "score 'high' is no number"),
    ],
)
def test_fault_is_told_by_file_and_line(line, message, tmp_path):
    with pytest.raises(UserError, match=rf"p\.bed, line 2: {message}"):
        read(tmp_path, f"chr1\t1\t2\n{line}\n")


def test_empty_and_short_files(tmp_path):
    with pytest.raises(UserError, match="holds no interval"):
        read(tmp_path, "# nothing\n")
    with pytest.raises(UserError, match=r"line 1: summit 4 of 4 bp; wants one within"):
        read(tmp_path, "chr1\t1\t5\tx\t0\t+\t1\t1\t1\t4\n", name="y.narrowPeak")
    with pytest.raises(UserError, match="line 1: 6 columns; wants 10"):
        read(tmp_path, "chr1\t1\t5\tx\t0\t+\n", name="x.narrowPeak")


@pytest.mark.parametrize(
    "line",
    [
        "chr1\t5\t9",
        "chr1\t5\t9\t77",
        "1\t5\t9\ta b\t.\t-",
        'chr1\t5\t9\t"x\t1e3\t+\t1\t2\t0',
        "chr1\t5\t9\tNA\t3\t.\t1\t2\t3\t2",
    ],
)
def test_reading_at_once_equals_reading_line_by_line(line, tmp_path):
    name = "x.narrowPeak" if line.count("\t") == 9 else "x.bed"
    again = line.replace("\t5\t", "\t4\t")
    at_once = read(tmp_path, f"{line}\n{again}\n", name=name)
    # A comment sends the file to the slow reader.
    slow = read(tmp_path, f"# c\n{line}\n{again}\n", name=name)
    assert at_once["line"].tolist() == [1, 2]
    assert slow["line"].tolist() == [2, 3]
    pd.testing.assert_frame_equal(at_once.drop(columns="line"), slow.drop(columns="line"))


NAMES = st.text("abcXY019_.:|-", min_size=1, max_size=6).filter(lambda name: name not in {"."})
ROWS = st.lists(
    st.tuples(
        NAMES,
        st.integers(0, 2**40),
        st.integers(1, 2**20),
        NAMES,
        st.one_of(st.just("."), st.integers(-5, 1000).map(str), st.just("1.5e-3")),
        st.sampled_from("+-."),
    ),
    min_size=1,
    max_size=8,
)


@settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    rows=ROWS,
    width=st.sampled_from([3, 4, 5, 6, 9, 12]),
    gap=st.sampled_from(["\t", " ", "  "]),
    end=st.sampled_from(["\n", "\r\n"]),
    extra=st.lists(st.sampled_from(["# c", "track x", "browser\ty", "", "  "]), max_size=3),
    packed=st.booleans(),
)
def test_any_file_is_read_as_it_was_written(rows, width, gap, end, extra, packed, tmp_path):
    lines = list(extra)
    for chrom, start, size, name, score, strand in rows:
        fields = [chrom, start, start + size, name, score, strand, 0, 0, "0,0,0", 1, 9, 0]
        lines.append(gap.join(map(str, fields[:width])))
    data = (end.join(lines) + end).encode()
    path = tmp_path / "x.bed"
    path.write_bytes(gzip.compress(data, mtime=0) if packed else data)
    table = bed.read(path)
    for number, (chrom, start, size, name, score, strand) in enumerate(rows):
        row = table.iloc[number]
        assert (row["chrom"], row["start"], row["end"]) == (chrom, start, start + size)
        assert row["name"] == (name if width > 3 else "")
        assert row["strand"] == (strand if width > 5 else ".")
        wanted = float(score) if width > 4 and score != "." else np.nan
        np.testing.assert_equal(row["score"], wanted)
        assert row["summit"] == (2 * start + size) // 2
        assert row["line"] == len(extra) + number + 1
