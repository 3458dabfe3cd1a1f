import gzip
import math

import pytest

from cislens.data import table
from cislens.data.intervals import Interval
from cislens.data.table import Columns
from cislens.errors import UserError

COLUMNS = Columns(targets=["a", "b"])


@pytest.fixture
def write(tmp_path):
    def write(content, name="x.tsv"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


@pytest.mark.parametrize(
    ("name", "separator"),
    [("x.tsv", "\t"), ("x.csv", ","), ("x.txt", "\t"), ("x.txt", ","), ("x.dat", ";")],
)
@pytest.mark.parametrize("compress", [False, True])
def test_separator_by_ending_or_content(write, name, separator, compress):
    content = separator.join(["b", "sequence", "a"]) + "\n" + separator.join(["2", "ACgt", "-1e3"])
    data = gzip.compress(content.encode(), mtime=0) if compress else content
    path = write(data, name + ".gz" if compress else name)
    assert [row[1:3] for row in table.rows(path, COLUMNS)] == [("ACgt", (-1000.0, 2.0))]


def test_all_columns(write):
    path = write("n,s,c,f,t,d,set,y\np1,ACGT,chr1,5,9,-,val,0.5\n", "x.csv")
    columns = Columns("s", ["y"], id="n", chrom="c", start="f", end="t", strand="d")
    assert list(table.rows(path, columns, split="set")) == [
        table.TableRow("p1", "ACGT", (0.5,), Interval("chr1", 5, 9, "-"), "val", 2)
    ]


def test_quotes_crlf_and_blank_lines_keep_line_numbers(write):
    path = write('sequence,note,a,b\r\n\r\n"ACGT","x, y",1,2\r\nACGT,,3,4\r\n', "x.csv")
    rows = list(table.rows(path, COLUMNS))
    assert [(row.line, row.targets) for row in rows] == [(3, (1.0, 2.0)), (4, (3.0, 4.0))]
    assert [row.id for row in rows] == ["row_2", "row_3"]


@pytest.mark.parametrize("missing", ["", "NA", "nan", "NaN", "null", "."])
def test_not_measured(write, missing):
    path = write(f"sequence\ta\tb\nACGT\t{missing}\t1\n")
    assert math.isnan(next(table.rows(path, COLUMNS)).targets[0])


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", r"x\.tsv: the file is empty"),
        ("sequence\ta\tb\n", r"x\.tsv: the table holds no row"),
        ("seq\ta\tb\nACGT\t1\t2\n", r"x\.tsv: no column 'sequence'; columns are seq, a, b"),
        ("sequence\ta\ta\tb\n", r"x\.tsv: more than one column 'a'"),
        (
            "sequence\ta\tb\nACGT\t1\t2\nACGT\t1\n",
            r"x\.tsv, line 3: 2 fields where the header has 3",
        ),
        ("sequence\ta\tb\nACGT\t1\thigh\n", r"x\.tsv, line 2: b='high'; a number is wanted"),
        ("sequence\ta\tb\nACGT\t1\tinf\n", r"x\.tsv, line 2: b='inf'; a number is wanted"),
        ("sequence\ta\tb\n\t1\t2\n", r"x\.tsv, line 2: no sequence in column 'sequence'"),
        (
            'sequence\ta\tb\n"ACGT\t1\t2\n',
            r"x\.tsv, line 2: unexpected end of data; mend the quotes",
        ),
        (b"sequence\ta\tb\n\xff\n", r"x\.tsv, line 2: this is not text"),
        (
            gzip.compress(b"sequence\ta\tb\nA\t1\t2\n", mtime=0)[:-4],
            r"x\.tsv, line \d: .* cut short",
        ),
    ],
)
def test_faults_name_file_and_line(write, content, message):
    with pytest.raises(UserError, match=message):
        list(table.rows(write(content), COLUMNS))


def test_no_targets(write):
    path = write("sequence\ta\nACGT\t1\n")
    with pytest.raises(UserError, match=r"target_columns: none given; columns of .* sequence, a"):
        list(table.rows(path, Columns()))


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ("chr1\tx\t9\t+", "line 2: start='x', end='9'; whole numbers"),
        ("chr1\t5\t9\t*", r"line 2: strand='\*'"),
    ],
)
def test_wrong_coordinates(write, fields, message):
    path = write(f"sequence\ta\tc\tf\tt\td\nACGT\t1\t{fields}\n")
    columns = Columns(targets=["a"], chrom="c", start="f", end="t", strand="d")
    with pytest.raises(UserError, match=message):
        list(table.rows(path, columns))


def test_chromosome_alone_is_no_interval(write):
    with pytest.raises(UserError, match="columns for start and end are wanted"):
        list(table.rows(write("sequence\ta\tc\nA\t1\tx\n"), Columns(targets=["a"], chrom="c")))


def test_jores_promoters(real_data):
    columns = Columns(targets=["enrichment"], id="gene")
    rows = list(table.rows(real_data / "mpra" / "jores2021_leaf.tsv", columns))
    assert len(rows) == 7154
    assert {len(row.sequence) for row in rows} == {170}


@pytest.mark.parametrize(
    ("header", "told"),
    [
        ("sequence;a", "parted by semicolons"),
        ("sequence a", "parted by blanks"),
        ("sequence,a", "parted by commas"),
        ("sequences", "columns are sequences$"),
    ],
)
def test_another_separator_is_guessed_at(tmp_path, header, told):
    path = tmp_path / "x.tsv"
    path.write_text(f"{header}\nACGT\n")
    with pytest.raises(UserError, match=told):
        list(table.rows(path, Columns(targets=["a"])))
