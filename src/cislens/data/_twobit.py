"""Letters of a genome in a 2bit file: two bits a base, and runs of N beside them.

References
----------
UCSC Genome Browser, file format FAQ, "twoBit": version 0, and version 1 with offsets of 64 bits.
"""

from pathlib import Path
from typing import NamedTuple, no_type_check

import numba
import numpy as np
from numpy.typing import NDArray

from cislens.errors import UserError

_SIGNATURE = 0x1A412743
MAGIC = {_SIGNATURE.to_bytes(4, "little"): "<", _SIGNATURE.to_bytes(4, "big"): ">"}
"""First bytes in each byte order."""
_LETTERS = np.frombuffer(b"TCAG", np.uint8)


class _Record(NamedTuple):
    """One sequence: its length, where its bases are in the file, and its runs of N."""

    length: int
    offset: int
    n_begin: NDArray[np.int64]
    n_end: NDArray[np.int64]


class TwoBit:
    """A 2bit file, mapped; the records are read when it is opened, the bases when asked for."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._bytes = np.memmap(path, np.uint8, mode="r")
        self._order = MAGIC[bytes(self._bytes[:4])]
        records = {name: self._record(name, at) for name, at in self._index().items()}
        self._records = list(records.values())
        self.sizes = {name: record.length for name, record in records.items()}

    def letters(
        self, rows: NDArray[np.int64], starts: NDArray[np.int64], length: int
    ) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
        """Give the windows as letters one behind another, as `_genome_text` says."""
        sizes = np.array([record.length for record in self._records], np.int64)[rows]
        first, last = np.clip(starts, 0, sizes), np.clip(starts + length, 0, sizes)
        places = np.concatenate([[0], np.cumsum(last - first)])
        text = np.empty(places[-1], np.uint8)
        for row in np.unique(rows):
            here = np.flatnonzero(rows == row)
            record = self._records[row]
            _unpack(
                self._bytes[record.offset :], record.n_begin, record.n_end,
                first[here], last[here], places[here], _LETTERS, text,
            )  # fmt: skip
        # A sequence is one line, of which base 0 would stand this far before the window's first.
        return text, np.column_stack([sizes, places[:-1] - first, sizes, sizes])

    def where(self, chrom: str, place: int, byte: int) -> str:
        """Name a place of a chromosome."""
        return f"{self.path}: {chrom}, base {place + 1}"

    def _index(self) -> dict[str, int]:
        """Read where each record begins."""
        version, count, _ = self._numbers(4, 3).tolist()
        if version > 1:
            raise UserError(f"{self.path}: 2bit of version {version}; versions 0 and 1 can be read")
        found: dict[str, int] = {}
        at = 16
        for _ in range(count):
            size = int(self._part(at, 1)[0])
            name = bytes(self._part(at + 1, size)).decode("utf-8", "replace")
            if name in found:
                raise UserError(f"{self.path}: {name} stands in the file twice; keep one")
            found[name] = int(self._numbers(at + 1 + size, 1, width=4 * (version + 1))[0])
            at += 1 + size + 4 * (version + 1)
        if not found:
            raise UserError(f"{self.path}: the file holds no sequence")
        return found

    def _record(self, name: str, at: int) -> _Record:
        length, runs = self._numbers(at, 2).tolist()
        begin = self._numbers(at + 8, runs)
        end = begin + self._numbers(at + 8 + 4 * runs, runs)
        masked_at = at + 8 + 8 * runs
        masked = int(self._numbers(masked_at, 1)[0])
        # Behind the soft-masked runs, which are passed over, stand four bytes without meaning.
        offset = masked_at + 4 + 8 * masked + 4
        self._part(offset, (length + 3) // 4)
        if (end > length).any() or (begin[1:] < end[:-1]).any():
            raise UserError(f"{self.path}: runs of N of {name} are no such; copy the file again")
        return _Record(length, offset, begin, end)

    def _numbers(self, at: int, count: int, *, width: int = 4) -> NDArray[np.int64]:
        part = self._part(at, count * width)
        return np.frombuffer(bytes(part), f"{self._order}u{width}").astype(np.int64)

    def _part(self, at: int, size: int) -> NDArray[np.uint8]:
        if at + size > len(self._bytes):
            raise UserError(
                f"{self.path}: wants bytes to {at + size} and has {len(self._bytes)}; the file is "
                "cut short, copy it again"
            )
        return self._bytes[at : at + size]


@numba.njit(nogil=True, cache=True)
@no_type_check
def _unpack(
    packed: np.ndarray,
    n_begin: np.ndarray,
    n_end: np.ndarray,
    first: np.ndarray,
    last: np.ndarray,
    places: np.ndarray,
    known: np.ndarray,
    text: np.ndarray,
) -> None:
    """Write the letters of stretches: the first base of a byte is in its highest bits."""
    for number in range(len(first)):
        shift = places[number] - first[number]
        for base in range(first[number], last[number]):
            text[base + shift] = known[packed[base // 4] >> (6 - 2 * (base % 4)) & 3]
        run = np.searchsorted(n_end, first[number], side="right")
        while run < len(n_begin) and n_begin[run] < last[number]:
            for base in range(max(n_begin[run], first[number]), min(n_end[run], last[number])):
                text[base + shift] = 78
            run += 1
