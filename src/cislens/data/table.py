"""Tables of sequences and measurements: TSV and CSV, plain or gzip, read row by row."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from cislens.data import _lines
from cislens.data.intervals import Interval
from cislens.errors import UserError

SEPARATORS = {".csv": ",", ".tsv": "\t", ".tab": "\t"}
MISSING = frozenset({"", "na", "nan", "n/a", "null", "none", "."})
"""What tables write, in any case, for a value that was not measured."""


@dataclass(frozen=True)
class Columns:
    """Which columns of a table hold what.

    Attributes
    ----------
    sequence
        The column of sequences.
    targets
        The columns of measurements, one a task.
    id
        The column that names the row; rows are numbered without it.
    chrom
        The column of chromosomes; `start` and `end` go with it.
    start
        The column of first bases.
    end
        The column of ends.
    strand
        The column of strands.
    separator
        What parts the fields; told by the file's ending or its first line without it.
    """

    sequence: str = "sequence"
    targets: Sequence[str] = field(default_factory=list)
    id: str | None = None
    chrom: str | None = None
    start: str | None = None
    end: str | None = None
    strand: str | None = None
    separator: str | None = None


class TableRow(NamedTuple):
    """One row of a table.

    Attributes
    ----------
    id
        Name of the row.
    sequence
        Letters as they stand.
    targets
        Measurements, NaN where there is none.
    interval
        Coordinates as written, if the table has them.
    split
        What the split column says, if there is one.
    line
        Line number, from 1.
    """

    id: str
    sequence: str
    targets: tuple[float, ...]
    interval: Interval | None
    split: str | None
    line: int


def rows(path: Path, columns: Columns, *, split: str | None = None) -> Iterator[TableRow]:
    """Read a table, one row in memory at a time.

    Parameters
    ----------
    path
        The file; its first line names the columns.
    columns
        Which columns hold what.
    split
        The column that says train, validation or test.

    Yields
    ------
    TableRow
        Each row, in order; blank lines are passed over.

    Raises
    ------
    UserError
        If the file is empty or no text, a column is not there, a row has too many or too few
        fields, or a target is no finite number; names file and line.
    """
    texts = (text for _, text in _lines.read(path))
    first = next(texts, "")
    separator = columns.separator or _separator(path, first)
    header = next(csv.reader([first], delimiter=separator), [])
    places = _places(path, header, columns, split)
    reader = csv.reader(texts, delimiter=separator, strict=True)
    line = 0
    try:
        for fields in reader:
            if fields:
                line = reader.line_num + 1
                _check_count(path, line, fields, header)
                yield _row(
                    path, line, {key: fields[i] for key, i in places.items()}, columns, split
                )
    except csv.Error as error:
        raise UserError(f"{path}, line {reader.line_num + 1}: {error}; mend the quotes") from error
    if not line:
        raise UserError(f"{path}: the table holds no row below the column names; give it some")


def _separator(path: Path, first: str) -> str:
    """Tell the separator by the file's ending, else by what the first line has most of."""
    name = path.with_suffix("") if path.suffix in {".gz", ".bgz"} else path
    return SEPARATORS.get(name.suffix.lower()) or max("\t,;", key=first.count)


def _places(path: Path, header: list[str], columns: Columns, split: str | None) -> dict[str, int]:
    """Find the wanted columns."""
    if not any(header):
        raise UserError(f"{path}: the file is empty; a table with a line of column names is wanted")
    if not columns.targets:
        raise UserError(f"target_columns: none given; columns of {path} are {', '.join(header)}")
    single = [columns.sequence, columns.id, columns.chrom, columns.start, columns.end]
    wanted = [name for name in [*single, columns.strand, split, *columns.targets] if name]
    for name in wanted:
        if header.count(name) != 1:
            fault = "no" if name not in header else "more than one"
            raise UserError(
                f"{path}: {fault} column {name!r}; columns are {', '.join(header)}{_hint(header)}"
            )
    if columns.chrom and not (columns.start and columns.end):
        raise UserError(f"chrom={columns.chrom!r}: columns for start and end are wanted with it")
    return {name: header.index(name) for name in wanted}


def _hint(header: list[str]) -> str:
    """Say what may be wrong where a table seems to have one column only."""
    marks = {"\t": "tabs", ";": "semicolons", ",": "commas", " ": "blanks"}
    if len(header) == 1 and (found := [name for mark, name in marks.items() if mark in header[0]]):
        return (
            f"; fields seem to be parted by {found[0]}: .tsv wants tabs, .csv commas, and .txt "
            "takes tabs, commas or semicolons"
        )
    return ""


def _check_count(path: Path, line: int, fields: list[str], header: list[str]) -> None:
    """Refuse a row with too many or too few fields."""
    if len(fields) != len(header):
        raise UserError(
            f"{path}, line {line}: {len(fields)} fields where the header has {len(header)}; "
            "mend the line or give the separator"
        )


def _row(
    path: Path, line: int, values: dict[str, str], columns: Columns, split: str | None
) -> TableRow:
    """Turn the fields of a line into a row."""
    where = f"{path}, line {line}"
    sequence = values[columns.sequence].strip()
    if not sequence:
        raise UserError(f"{where}: no sequence in column {columns.sequence!r}; remove the line")
    return TableRow(
        id=values[columns.id] if columns.id else f"row_{line - 1}",
        sequence=sequence,
        targets=tuple(_number(values[name], where, name) for name in columns.targets),
        interval=_interval(values, columns, where),
        split=values[split] if split else None,
        line=line,
    )


def _number(text: str, where: str, column: str) -> float:
    """Read a measurement."""
    if text.strip().lower() in MISSING:
        return float("nan")
    try:
        value = float(text)
    except ValueError:
        value = float("inf")
    if value in (float("inf"), float("-inf")):
        raise UserError(
            f"{where}: {column}={text!r}; a number is wanted, or NA where nothing was measured"
        )
    return value


def _interval(values: dict[str, str], columns: Columns, where: str) -> Interval | None:
    """Read coordinates as written."""
    if not (columns.chrom and columns.start and columns.end):
        return None
    start, end = values[columns.start], values[columns.end]
    if not (start.isdecimal() and end.isdecimal()):
        raise UserError(f"{where}: start={start!r}, end={end!r}; whole numbers are wanted")
    strand = values[columns.strand] if columns.strand else "."
    if strand not in {"+", "-", "."}:
        raise UserError(f"{where}: strand={strand!r}; +, - or . is wanted")
    return Interval(values[columns.chrom], int(start), int(end), strand)
