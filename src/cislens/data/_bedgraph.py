"""Values of bedGraph files, held in memory: they have no index."""

import gzip
from pathlib import Path
from typing import no_type_check

import numba
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cislens.data import _lines
from cislens.errors import UserError

_SKIPPED = ("#", "track", "browser")
_COLUMNS = ("chrom", "start", "end", "value")


class BedGraph:
    """The runs of equal values of each chromosome, by place."""

    def __init__(self, path: Path) -> None:
        self.path = path
        table = _at_once(path)
        table = _by_line(path) if table is None else table
        if not len(table):
            raise UserError(f"{path}: the file holds no value; a bedGraph file is wanted")
        self._runs = {str(name): _runs(path, group) for name, group in table.groupby("chrom")}
        self._last_lines = {
            str(name): (int(group["end"].max()), int(group["line"].iloc[group["end"].argmax()]))
            for name, group in table.groupby("chrom")
        }

    @property
    def sizes(self) -> dict[str, int]:
        """Give the largest end on each chromosome, which is all the file says."""
        return {name: end for name, (end, _) in self._last_lines.items()}

    def check(self, chrom: str, size: int) -> None:
        """Refuse values beyond the end of a chromosome."""
        end, line = self._last_lines[chrom]
        if end > size:
            raise UserError(
                f"{self.path}, line {line}: ends at {end}, {chrom} has {size} bp; is this the "
                "right genome?"
            )

    def fill(
        self,
        chrom: str,
        rows: NDArray[np.int64],
        starts: NDArray[np.int64],
        out: NDArray[np.float32],
    ) -> None:
        """Write windows to rows; NaN where there is no value, and beyond the ends."""
        _paint(*self._runs[chrom], rows, starts, out)


def _at_once(path: Path) -> pd.DataFrame | None:
    """Read a file of nothing but four columns between tabs; None if it is any other."""
    with path.open("rb") as raw:
        compressed = raw.read(2) == _lines.GZIP_MAGIC
    try:
        with gzip.open(path) if compressed else path.open("rb") as stream:
            skipped = 0
            while stream.readline().decode().startswith(_SKIPPED):
                skipped += 1
            stream.seek(0)
            table = pd.read_csv(
                stream, sep="\t", header=None, skiprows=skipped, names=_COLUMNS, quoting=3,
                na_filter=False, skip_blank_lines=False, index_col=False, compression=None,
                dtype={"chrom": str, "start": np.int64, "end": np.int64, "value": np.float64},
                on_bad_lines="error",
            )  # fmt: skip
    except (ValueError, OSError, EOFError, OverflowError):
        return None
    right = (table["start"] >= 0) & (table["end"] > table["start"])
    bare = all(name and not name.startswith(("#", " ")) for name in table["chrom"].unique())
    if not bare or not (right & ~np.isinf(table["value"])).all():
        return None
    return table.assign(line=np.arange(skipped + 1, skipped + 1 + len(table)))


def _by_line(path: Path) -> pd.DataFrame:
    rows = [
        _row(f"{path}, line {number}", number, line)
        for number, line in _lines.read(path)
        if line.strip() and not line.startswith(_SKIPPED)
    ]
    return pd.DataFrame(rows, columns=[*_COLUMNS, "line"])


def _row(where: str, number: int, line: str) -> tuple[str, int, int, float, int]:
    fields = line.split()
    if fields[0] in {"fixedStep", "variableStep"}:
        raise UserError(f"{where}: a wiggle file; make it a bigWig with wigToBigWig")
    if len(fields) != 4:
        raise UserError(f"{where}: {len(fields)} columns; wants chromosome, start, end and value")
    try:
        start, end, value = int(fields[1]), int(fields[2]), float(fields[3])
    except ValueError:
        raise UserError(
            f"{where}: {' '.join(fields[1:])!r}; wants whole numbers as start and end, and a value"
        ) from None
    if start < 0 or end <= start:
        raise UserError(f"{where}: {start} to {end}; wants a start of 0 or more and an end behind")
    if np.isinf(value):
        raise UserError(f"{where}: value {fields[3]}; wants a finite number")
    return fields[0], start, end, value, number


def _runs(path: Path, group: pd.DataFrame) -> tuple[NDArray, NDArray, NDArray]:
    """Sort the runs of a chromosome, which may not overlap."""
    by_place = group.sort_values("start", kind="stable")
    begin, end = by_place["start"].to_numpy(), by_place["end"].to_numpy()
    overlapping = np.flatnonzero(begin[1:] < end[:-1])
    if len(overlapping):
        one, other = sorted(by_place["line"].iloc[[overlapping[0], overlapping[0] + 1]])
        raise UserError(
            f"{path}, line {other}: overlaps line {one}; a base has one value: keep one, or "
            "merge them"
        )
    return begin, end, by_place["value"].to_numpy(np.float32)


@numba.njit(nogil=True, cache=True)
@no_type_check
def _paint(
    begin: np.ndarray,
    end: np.ndarray,
    value: np.ndarray,
    rows: np.ndarray,
    starts: np.ndarray,
    out: np.ndarray,
) -> None:
    length = out.shape[1]
    for number in range(len(rows)):
        row, start = rows[number], starts[number]
        for step in range(length):
            out[row, step] = np.nan
        run = np.searchsorted(end, start, side="right")
        while run < len(begin) and begin[run] < start + length:
            for place in range(max(begin[run], start), min(end[run], start + length)):
                out[row, place - start] = value[run]
            run += 1
