"""Intervals from BED files: three to twelve columns, narrowPeak and broadPeak."""

import re
from pathlib import Path

import numpy as np
import pandas as pd

from cislens.data import _lines
from cislens.errors import UserError

COLUMNS = ("chrom", "start", "end", "name", "score", "strand")
SUMMIT_COLUMN = 9
"""Of narrowPeak: the summit, counted from the start; -1 where none was called."""
_SKIPPED = re.compile(r"#|(track|browser)(\s|$)|\s*$")
"""Comments, lines for browsers, and empty ones."""


def read(path: Path | str) -> pd.DataFrame:
    """Read intervals.

    Parameters
    ----------
    path
        A BED file, plain or gzip, with tabs or blanks between its columns. A file whose name ends
        in ``.narrowPeak`` (or with ``.gz`` behind) brings summits. Rows may come in any order; one
        that stands twice comes twice. For the blocks of twelve columns see
        `cislens.data.bed_transcripts`.

    Returns
    -------
    pandas.DataFrame
        One row a line, in order: chrom, start and end (0-based, half-open), name ("" where there
        is none), score (NaN where there is none), strand ("." where it is not said), summit (the
        position of narrowPeak's summit, elsewhere the middle), line (from 1).

    Raises
    ------
    UserError
        If the file has no interval, or a line has too few columns, a coordinate that is no whole
        number, an end not behind its start, a strand that is none, or a summit beyond its end;
        names file and line.
    """
    place = Path(path)
    narrow = place.name.lower().removesuffix(".gz").endswith(".narrowpeak")
    if (plain := _plain(place, narrow=narrow)) is not None:
        return plain
    rows = [
        _row(place, number, line, narrow=narrow)
        for number, line in _lines.read(place)
        if not _SKIPPED.match(line)
    ]
    if not rows:
        raise UserError(f"{place}: the file holds no interval; a BED file is wanted")
    return pd.DataFrame(rows, columns=[*COLUMNS, "summit", "line"])


def _plain(path: Path, *, narrow: bool) -> pd.DataFrame | None:
    """Read a file of nothing but intervals between tabs at once; None if it is any other."""
    try:
        # Quotes are letters (3 is csv.QUOTE_NONE), and nothing is a missing value.
        table = pd.read_csv(
            path, sep="\t", header=None, quoting=3, na_filter=False, skip_blank_lines=False,
            compression=None, dtype={0: str, 1: np.int64, 2: np.int64},
        )  # fmt: skip
    except (ValueError, OSError, OverflowError):
        return None
    count = table.shape[1]
    if count < (SUMMIT_COLUMN + 1 if narrow else 3):
        return None
    start, end = table[1], table[2]
    names = table[3].astype(str) if count > 3 else pd.Series("", index=table.index)
    scores = table[4].astype(str).replace({".": "nan", "": "nan"}) if count > 4 else "nan"
    strands = table[5].astype(str) if count > 5 else pd.Series(".", index=table.index)
    summit = table[SUMMIT_COLUMN] if narrow else -1
    try:
        score = pd.Series(scores, index=table.index).astype(np.float64)
        peak = pd.Series(summit, index=table.index).astype(np.int64)
    except ValueError:
        return None
    bare = not any(_SKIPPED.match(name) or name.startswith(" ") for name in table[0].unique())
    if (
        not bare
        or (peak >= end - start).any()
        or not ((start >= 0) & (end > start) & strands.isin(["+", "-", "."])).all()
    ):
        return None
    middle = np.where(peak >= 0, start + peak, (start + end) // 2)
    columns = [table[0], start, end, names, score, strands, middle, np.arange(1, len(table) + 1)]
    return pd.DataFrame(dict(zip([*COLUMNS, "summit", "line"], columns, strict=True)))


def _row(path: Path, number: int, line: str, *, narrow: bool) -> tuple[object, ...]:
    where = f"{path}, line {number}"
    fields = line.split("\t") if "\t" in line else line.split()
    if len(fields) < (SUMMIT_COLUMN + 1 if narrow else 3):
        wanted = "10 of narrowPeak" if narrow else "chromosome, start and end"
        raise UserError(f"{where}: {len(fields)} columns; wants {wanted}")
    start, end = _whole(where, fields[1], "start"), _whole(where, fields[2], "end")
    if start < 0 or end <= start:
        raise UserError(f"{where}: {start} to {end}; wants a start of 0 or more and an end behind")
    name, score, strand = [*fields[3:6], *("", "", ".")[max(0, len(fields) - 3) :]][:3]
    if strand not in {"+", "-", "."}:
        raise UserError(f"{where}: strand {strand!r}; wants '+', '-' or '.'")
    summit = _whole(where, fields[SUMMIT_COLUMN], "summit") if narrow else -1
    if summit >= end - start:
        raise UserError(
            f"{where}: summit {summit} of {end - start} bp; wants one within, counted from the "
            "start, or -1"
        )
    middle = start + summit if summit >= 0 else (start + end) // 2
    return fields[0], start, end, name, _number(where, score), strand, middle, number


def _whole(where: str, text: str, name: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise UserError(f"{where}: {name} {text!r} is no whole number") from None


def _number(where: str, text: str) -> float:
    if text in {"", "."}:
        return float("nan")
    try:
        return float(text)
    except ValueError:
        raise UserError(f"{where}: score {text!r} is no number") from None
