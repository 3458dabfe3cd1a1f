"""FASTA files: plain, gzip or bgzip; read record by record, and written."""

import gzip
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from cislens.data import _lines, _results
from cislens.data.intervals import Interval
from cislens.errors import UserError

COLONS = re.compile(
    r"(?:^|\s|::)(?P<chrom>[^\s:,;]+):(?P<start>\d+)-(?P<end>\d+)(?:\((?P<strand>[+\-.])\))?"
)
COMMAS = re.compile(r"^\s*(?P<chrom>[^\s:,;]+),(?P<strand>[+\-.]),(?P<start>\d+),(?P<end>\d+)")


class FastaRecord(NamedTuple):
    """One sequence of a FASTA file.

    Attributes
    ----------
    id
        First word of the header.
    description
        The whole header without ``>``.
    sequence
        Letters as they stand, lower case (soft-masked) included.
    line
        Line number of the header, from 1.
    """

    id: str
    description: str
    sequence: str
    line: int


def records(path: Path) -> Iterator[FastaRecord]:
    """Read a FASTA file, one record in memory at a time.

    Parameters
    ----------
    path
        The file; compression is told by its content. Blank lines and any line ends are taken.

    Yields
    ------
    FastaRecord
        Each record, in order.

    Raises
    ------
    UserError
        If the file is empty, cut short, no text, does not begin with ``>``, or has a record
        without name or sequence or with a character that is no letter; names file and line.
    """
    header, start, parts = "", 0, list[str]()
    for number, text in _lines.read(path):
        line = text.strip()
        if line.startswith(">"):
            if start:
                yield _record(path, header, parts, start)
            header, start, parts = line[1:].strip(), number, []
        elif line:
            _check_line(path, number, line, after_header=bool(start))
            parts.append(line)
    if not start:
        raise UserError(f"{path}: the file holds no record; a FASTA file is wanted")
    yield _record(path, header, parts, start)


def interval_of(header: str) -> Interval | None:
    """Find the coordinates in a header.

    Parameters
    ----------
    header
        A header such as ``chr1:100-200``, ``chr1:100-200(+)``, ``name::chr1:100-200(-)`` or
        ``chr1,+,100,200``.

    Returns
    -------
    Interval | None
        The coordinates as written (see ``intervals.half_open``), or None if there are none.
    """
    found = COLONS.search(header) or COMMAS.search(header)
    if found is None:
        return None
    start, end = int(found["start"]), int(found["end"])
    return Interval(found["chrom"], start, end, found["strand"] or ".")


def write(path: Path, entries: Iterable[tuple[str, str]], *, overwrite: bool = False) -> None:
    """Write a FASTA file, each sequence on one line; gzip if the name ends in ``.gz``.

    Parameters
    ----------
    path
        The file; it appears when all entries are written.
    entries
        Headers without ``>``, and sequences.
    overwrite
        Replace a file that stands there.

    Raises
    ------
    UserError
        If the place is taken.
    """
    with _results.replacing(path, overwrite=overwrite) as partial:
        compressed = path.suffix == ".gz"
        with gzip.open(partial, "wt") if compressed else partial.open("w") as stream:
            for header, sequence in entries:
                stream.write(f">{header}\n{sequence}\n")


def _record(path: Path, header: str, parts: list[str], line: int) -> FastaRecord:
    """Put a record together, refusing one without name or sequence."""
    if not header:
        raise UserError(f"{path}, line {line}: a header without a name; write one after '>'")
    if not parts:
        raise UserError(
            f"{path}, line {line}: record {header!r} has no sequence; remove or fill it"
        )
    return FastaRecord(header.split()[0], header, "".join(parts), line)


def _check_line(path: Path, number: int, line: str, *, after_header: bool) -> None:
    """Refuse text before the first header and characters that are no letters."""
    if not after_header:
        raise UserError(
            f"{path}, line {number}: got {line[:20]!r}; "
            "a FASTA file begins with a header line, '>' and a name"
        )
    if not (line.isascii() and line.isalpha()):
        column = next(i for i, c in enumerate(line) if not (c.isascii() and c.isalpha()))
        raise UserError(
            f"{path}, line {number}: {line[column]!r} at column {column + 1} is no letter of a "
            "sequence; remove gaps, blanks and digits"
        )
