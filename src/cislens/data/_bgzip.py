"""Text in a file of bgzip: gzip blocks that can be unpacked one by one.

The index of samtools (``.gzi``) holds, after a count, for each block but the first where it begins
in the file and in the text, as little-endian numbers of 64 bits.

References
----------
SAM/BAM format specification 1.6, section 4.1 (BGZF).
"""

import zlib
from collections import OrderedDict
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cislens.data import _results
from cislens.errors import UserError

HEADER = b"\x1f\x8b\x08\x04"
LAST = bytes.fromhex("1f8b08040000000000ff0600424302001b0003000000000000000000")
"""The empty block at the end of every complete file."""
_KEPT = 512
"""Unpacked blocks kept in memory, of 64 kB at most."""


class Blocks:
    """The text, unpacked where it is asked for."""

    def __init__(self, path: Path, packed: NDArray[np.uint8]) -> None:
        self.path = path
        self._packed = packed
        if bytes(packed[-len(LAST) :]) != LAST:
            raise UserError(
                f"{path}: the end of a bgzip file is missing; it was cut short, copy it again"
            )
        self._at, self._begin = _read_index(path, packed)
        self._unpacked: OrderedDict[int, NDArray[np.uint8]] = OrderedDict()
        self.size = int(self._begin[-1]) + len(self._block(len(self._at) - 1))

    def copy(
        self, begins: NDArray[np.int64], ends: NDArray[np.int64]
    ) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
        """Give stretches of the text one behind another, and where each begins there."""
        sizes = (ends - begins).clip(min=0)
        places = np.concatenate([[0], np.cumsum(sizes)])
        text = np.empty(places[-1], np.uint8)
        # Neighbours after one another, so that each block is unpacked once.
        for row in np.argsort(begins, kind="stable"):
            place, begin, end = places[row], begins[row], ends[row]
            number = int(np.searchsorted(self._begin, begin, side="right")) - 1
            while begin < end:
                first = int(self._begin[number])
                piece = self._block(number)[begin - first : end - first]
                text[place : place + len(piece)] = piece
                place, begin, number = place + len(piece), begin + len(piece), number + 1
        return text, places[:-1]

    def unpack_to(self, path: Path) -> None:
        """Write the whole text."""
        with path.open("wb") as stream:
            for number in range(len(self._at)):
                stream.write(self._block(number).tobytes())

    def _block(self, number: int) -> NDArray[np.uint8]:
        if number in self._unpacked:
            self._unpacked.move_to_end(number)
            return self._unpacked[number]
        at = int(self._at[number])
        try:
            text = zlib.decompress(bytes(self._packed[at : at + _size(self._packed, at)]), 31)
        except (zlib.error, ValueError) as error:
            raise UserError(
                f"{self.path}: the block at byte {at} is damaged, or its index (.gzi) is of "
                "another file; remove the index, or copy the file again"
            ) from error
        self._unpacked[number] = np.frombuffer(text, np.uint8)
        if len(self._unpacked) > _KEPT:
            self._unpacked.popitem(last=False)
        return self._unpacked[number]


def is_bgzip(head: bytes) -> bool:
    """Tell bgzip from other gzip files by their first 18 bytes."""
    return head[:4] == HEADER and head[12:16] == b"BC\x02\x00"


def _size(packed: NDArray[np.uint8], at: int) -> int:
    """Read the size of a block from its head."""
    head = bytes(packed[at : at + 18])
    if not is_bgzip(head):
        raise ValueError(f"no block at byte {at}")
    return int.from_bytes(head[16:18], "little") + 1


def _read_index(path: Path, packed: NDArray[np.uint8]) -> tuple[NDArray, NDArray]:
    """Read the index beside the file, or make one and leave it there."""
    beside = path.with_name(f"{path.name}.gzi")
    if not beside.exists():
        at, begin = _scan(path, packed)
        index = np.column_stack([at[1:], begin[1:]]).astype("<u8")
        _results.leave(beside, np.array(len(index), "<u8").tobytes() + index.tobytes())
        return at, begin
    if beside.stat().st_mtime < path.stat().st_mtime:
        raise UserError(f"{beside}: older than {path.name}; remove it, or run bgzip -r again")
    data = beside.read_bytes()
    numbers = np.frombuffer(data[: len(data) // 8 * 8], "<u8").astype(np.int64)
    if len(data) % 16 != 8 or numbers[0] != len(numbers) // 2:
        raise UserError(f"{beside}: no index of bgzip; remove it, or run bgzip -r again")
    at, begin = np.vstack([[[0, 0]], numbers[1:].reshape(-1, 2)]).T
    if (np.diff(at) <= 0).any() or (np.diff(begin) < 0).any() or at[-1] >= len(packed):
        raise UserError(f"{beside}: of another file; remove it, or run bgzip -r again")
    return at, begin


def _scan(path: Path, packed: NDArray[np.uint8]) -> tuple[NDArray, NDArray]:
    """Walk from block to block; the last four bytes of each tell the size of its text."""
    at, begin, place, text = list[int](), list[int](), 0, 0
    # The empty block at the end is no block of the index, as samtools makes it.
    while place < max(1, len(packed) - len(LAST)):
        try:
            end = place + _size(packed, place)
        except ValueError:
            end = len(packed) + 1
        if end > len(packed):
            raise UserError(
                f"{path}: no block of bgzip at byte {place}; the file is cut short or damaged, "
                "copy it again"
            )
        at.append(place)
        begin.append(text)
        text += int.from_bytes(bytes(packed[end - 4 : end]), "little")
        place = end
    return np.array(at, np.int64), np.array(begin, np.int64)
