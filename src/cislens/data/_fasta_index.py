"""Where each sequence of a FASTA file stands: the index that samtools calls ``.fai``."""

from pathlib import Path
from typing import NamedTuple, no_type_check

import numba
import numpy as np
from numpy.typing import NDArray

from cislens.errors import UserError


class Entry(NamedTuple):
    """One sequence in the file: ``line_bytes`` counts the line end, ``line_bases`` does not."""

    name: str
    length: int
    offset: int
    line_bases: int
    line_bytes: int


def read(path: Path, size: int) -> list[Entry] | None:
    """Read the index beside a file whose text has ``size`` bytes; None if there is none.

    An index that is older than the file, or points beyond it, is an error and no hint.
    """
    beside = path.with_name(f"{path.name}.fai")
    if not beside.exists():
        return None
    if beside.stat().st_mtime < path.stat().st_mtime:
        raise UserError(f"{beside}: older than {path.name}; remove it, or run samtools faidx again")
    entries = [
        _entry(beside, line, row)
        for line, row in enumerate(beside.read_text().splitlines(), start=1)
    ]
    for line, entry in enumerate(entries, start=1):
        if _last_byte(entry) > size:
            raise UserError(
                f"{beside}, line {line}: {entry.name} ends beyond {path.name}, which has "
                f"{size} bytes; remove the index, or run samtools faidx again"
            )
    return entries


def scan(path: Path, text: NDArray[np.uint8]) -> list[Entry]:
    """Find the sequences of a FASTA text; all lines of one but its last must be as long."""
    if not len(text) or text[0] != ord(">"):
        raise UserError(f"{path}, line 1: a FASTA file begins with '>' and a name")
    entries = []
    starts = _header_starts(text)
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        body = start + _line_length(text, start)
        words = bytes(text[start + 1 : body]).split()
        if not words:
            raise UserError(
                f"{path}, line {_line_number(text, start)}: a header without a name; write one "
                "after '>'"
            )
        name = words[0].decode("utf-8", "replace")
        length, bases, width, wrong = _measure(text, body, end)
        if wrong:
            raise UserError(
                f"{path}, line {_line_number(text, body) + wrong - 1}: not as long as the lines of "
                f"{name} before it; write the file anew with lines of one length, as samtools "
                "faidx wants it too"
            )
        if not length:
            raise UserError(
                f"{path}, line {_line_number(text, start)}: {name} has no sequence; remove or "
                "fill it"
            )
        entries.append(Entry(name, length, body, bases, width))
    names = [entry.name for entry in entries]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise UserError(f"{path}: {twice} stands in the file twice; keep one")
    return entries


def _line_number(text: NDArray[np.uint8], place: int) -> int:
    return int(np.count_nonzero(text[:place] == ord("\n"))) + 1


def _entry(path: Path, line: int, row: str) -> Entry:
    fields = row.split("\t")
    if len(fields) < 5 or not all(field.isdigit() for field in fields[1:5]):
        raise UserError(
            f"{path}, line {line}: wants name, length, offset, bases and bytes of a line, between "
            "tabs; remove the index, or run samtools faidx again"
        )
    return Entry(fields[0], *(int(field) for field in fields[1:5]))


def _last_byte(entry: Entry) -> int:
    last = entry.length - 1
    return entry.offset + last // entry.line_bases * entry.line_bytes + last % entry.line_bases + 1


@numba.njit(nogil=True, cache=True)
@no_type_check
def _header_starts(text: np.ndarray) -> list[int]:
    """List where a ">" begins a line."""
    starts = [0]
    for place in range(1, len(text)):
        if text[place] == 62 and text[place - 1] == 10:
            starts.append(place)
    return starts


@numba.njit(nogil=True, cache=True)
@no_type_check
def _line_length(text: np.ndarray, start: int) -> int:
    """Count the bytes of a line, its end included."""
    place = start
    while place < len(text) and text[place] != 10:
        place += 1
    return min(place + 1, len(text)) - start


@numba.njit(nogil=True, cache=True)
@no_type_check
def _measure(text: np.ndarray, start: int, end: int) -> tuple[int, int, int, int]:
    """Give letters, letters and bytes of a line, and the number of a line that does not fit."""
    length, bases, width, line, ended = 0, 0, 0, 0, False
    place = start
    while place < end:
        size = min(_line_length(text, place), end - place)
        letters = size
        while letters and text[place + letters - 1] in (10, 13):
            letters -= 1
        line += 1
        if letters:
            if line == 1:
                bases, width = letters, size
            elif ended or letters > bases or (letters == bases and size > width):
                return length, bases, width, line
        ended = ended or letters < bases
        length += letters
        place += size
    return length, bases, width, 0
