"""Letters of a genome in a FASTA file: as it is, or in blocks of bgzip.

A source gives, for windows, a text that holds their letters, and for each window a row of geometry:
length of its sequence, where that begins in the text (perhaps before it), letters and bytes a line.
"""

import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cislens.data import _bgzip, _fasta_index, _results
from cislens.data._fasta_index import Entry

Text = NDArray[np.uint8]
Numbers = NDArray[np.int64]


class PlainFasta:
    """A FASTA file, mapped and not read."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._text = np.memmap(path, np.uint8, mode="r")
        entries = _fasta_index.read(path, len(self._text))
        entries = _fasta_index.scan(path, self._text) if entries is None else entries
        self.sizes = {entry.name: entry.length for entry in entries}
        self._geometry = _geometry(entries)

    def letters(self, rows: Numbers, starts: Numbers, length: int) -> tuple[Text, Numbers]:
        """Give the whole text."""
        return self._text, self._geometry[rows]

    def where(self, chrom: str, place: int, byte: int) -> str:
        """Name the line of a byte."""
        return f"{self.path}, line {np.count_nonzero(self._text[:byte] == 10) + 1}"


class BgzipFasta:
    """A FASTA file of bgzip, of which only the blocks that are asked for are unpacked."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._blocks = _bgzip.Blocks(path, np.memmap(path, np.uint8, mode="r"))
        entries = _fasta_index.read(path, self._blocks.size)
        entries = self._index() if entries is None else entries
        self.sizes = {entry.name: entry.length for entry in entries}
        self._geometry = _geometry(entries)

    def letters(self, rows: Numbers, starts: Numbers, length: int) -> tuple[Text, Numbers]:
        """Give the unpacked windows one behind another."""
        geometry = self._geometry[rows]
        first = np.clip(starts, 0, geometry[:, 0])
        last = np.clip(starts + length, 0, geometry[:, 0]) - 1
        begins = byte(geometry.T, first)
        text, places = self._blocks.copy(
            begins, np.where(last < first, begins, byte(geometry.T, last) + 1)
        )
        geometry[:, 1] += places - begins
        return text, geometry

    def where(self, chrom: str, place: int, byte: int) -> str:
        """Name a place of a chromosome: its line would cost a pass over the file."""
        return f"{self.path}: {chrom}, base {place + 1}"

    def _index(self) -> list[Entry]:
        with tempfile.TemporaryDirectory() as folder:
            unpacked = Path(folder) / "text"
            self._blocks.unpack_to(unpacked)
            entries = _fasta_index.scan(self.path, np.memmap(unpacked, np.uint8, mode="r"))
        rows = ["\t".join(map(str, entry)) for entry in entries]
        _results.leave(
            self.path.with_name(f"{self.path.name}.fai"), "\n".join([*rows, ""]).encode()
        )
        return entries


def byte(geometry: Numbers, place: Numbers) -> Numbers:
    """Say where a base stands in the text: geometry by column, or a row of it for one base."""
    _, offset, bases, width = geometry
    found: Numbers = offset + place // bases * width + place % bases
    return found


def _geometry(entries: Sequence[Entry]) -> Numbers:
    rows = [(e.length, e.offset, e.line_bases, e.line_bytes) for e in entries]
    return np.array(rows, np.int64)
