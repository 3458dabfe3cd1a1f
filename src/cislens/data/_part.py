"""One split of a bundle: its axes found, its rows read in blocks, its one-hot columns checked."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cislens.data import _arrays
from cislens.data._arrays import Array
from cislens.errors import UserError
from cislens.sequence import alphabet as alphabets
from cislens.sequence.alphabet import DNA
from cislens.sequence.shapes import Codes

BLOCK_BYTES = 16 * 2**20
"""Bytes of one-hot numbers read at once, about."""
BLOCK_ROWS = 2**16
"""Rows read at once at most, however the file is chunked."""


class Axes(NamedTuple):
    """Which axis of an array is which; axes of length 1 are left out."""

    row: int
    base: int
    position: int


class Part:
    """Sequences and targets of one split."""

    def __init__(self, split: str, key: str, arrays: tuple[Array, Array], *, where: Path) -> None:
        self.split, self.key, self.where = split, key, where
        self.channels = DNA.letters
        self.ids: Array | None = None
        self.places: dict[str, Array] = {}
        self._sequences, self._targets = arrays
        self._axes = Axes(0, 1, 2)
        self._target_row = 0

    def __len__(self) -> int:
        return self._sequences.shape[self._axes.row]

    @property
    def length(self) -> int:
        """Length of the sequences in bp."""
        return self._sequences.shape[self._axes.position]

    @property
    def tasks(self) -> int:
        """Number of tasks."""
        return int(np.prod(self._targets.shape)) // self._targets.shape[self._target_row]

    def as_rows_first(self) -> None:
        """Read with rows on the first axis and bases on the one that has four."""
        self._axes = _axes(self._sequences.shape, f"{self.where}: {self.key}")

    def as_deepsea(self) -> None:
        """Read as DeepSEA writes: bases A G C T on the middle axis, rows first or last.

        MATLAB 7.3 files are HDF5 with all axes reversed, older ones are not; the number of rows
        of the targets tells.
        """
        shape, others = self._sequences.shape, self._targets.shape
        if len(shape) != 3 or shape[1] != len(DNA.letters) or len(others) != 2:
            raise UserError(
                f"{self.where}: {self.key} has shape {shape} and its targets {others}; the layout "
                "deepsea wants (rows, 4, length) and (rows, tasks), or both reversed"
            )
        forward, backward = shape[0] == others[0], shape[2] == others[1]
        if forward and backward:
            raise UserError(
                f"{self.where}: {self.key} has shape {shape} and its targets {others}, which reads "
                "forwards and reversed; write the file with another number of rows"
            )
        self.channels = "AGCT"
        self._axes = Axes(2, 1, 0) if backward else Axes(0, 1, 2)
        self._target_row = 1 if backward else 0

    def check_rows(self) -> None:
        """Refuse sequences and targets of different number."""
        rows = self._targets.shape[self._target_row]
        if rows != len(self) or rows == 0:
            raise UserError(
                f"{self.where}: {self.key} has {len(self)} rows, its targets have {rows}; "
                "one row of each for every sequence is wanted"
            )

    def blocks(self) -> Iterator[tuple[int, Codes, NDArray[np.float32]]]:
        """Yield first row, codes and targets, block after block."""
        step = self._step()
        for start in range(0, len(self), step):
            end = min(start + step, len(self))
            yield start, self.codes(start, end), self._read_targets(start, end)

    def codes(self, start: int, end: int) -> Codes:
        """Read rows as base codes, refusing columns that are not one-hot."""
        onehot = self._read(self._sequences, start, end, self._axes.row)
        rest = [axis for axis in range(onehot.ndim) if axis not in self._axes]
        channels = np.transpose(onehot, [*self._axes, *rest]).reshape(end - start, 4, self.length)
        ones = channels == 1
        wrong = ((channels != 0) & ~ones).any(axis=1) | (ones.sum(axis=1) > 1)
        if wrong.any():
            row, position = np.argwhere(wrong)[0]
            raise UserError(
                f"{self.where}: {self.key}, row {start + row}, position {position} holds "
                f"{channels[row, :, position].tolist()}; a column wants one 1, or four 0 for N"
            )
        codes = np.full((end - start, self.length), alphabets.N_CODE, np.uint8)
        for channel, letter in enumerate(self.channels):
            codes[ones[:, channel]] = DNA.letters.index(letter)
        return codes

    def names(self, start: int, end: int) -> list[str]:
        """Name rows as the file does, else by split and number."""
        if self.ids is None:
            return [f"{self.split}_{row}" for row in range(start, end)]
        return _arrays.to_texts(self.ids[start:end])

    def intervals(self, start: int, end: int) -> dict[str, Any]:
        """Tell where rows lie, as `DatasetWriter.append` takes it; nothing if the file does not."""
        texts = {"chrom", "strand"}
        return {
            name: _arrays.to_texts(array[start:end]) if name in texts else array[start:end]
            for name, array in self.places.items()
        }

    def _read_targets(self, start: int, end: int) -> NDArray[np.float32]:
        """Read rows of targets, one column a task."""
        values = self._read(self._targets, start, end, self._target_row)
        ordered = np.moveaxis(values, self._target_row, 0)
        return ordered.reshape(end - start, self.tasks).astype(np.float32)

    def _read(self, array: Array, start: int, end: int, axis: int) -> NDArray[Any]:
        """Read rows along one axis."""
        try:
            return np.asarray(array[(slice(None),) * axis + (slice(start, end),)])
        except _arrays.DAMAGED as error:
            raise UserError(
                f"{self.where}: {self.key}, rows {start} to {end} cannot be read; "
                "copy the file again"
            ) from error

    def _step(self) -> int:
        """Rows a block: whole chunks of the file, so that none is decoded twice."""
        wanted = max(1, BLOCK_BYTES // (4 * 4 * self.length))
        chunks = getattr(self._sequences, "chunks", None)
        chunk = chunks[self._axes.row] if chunks else 1
        return min(BLOCK_ROWS, -(-wanted // chunk) * chunk)


def _axes(shape: tuple[int, ...], what: str) -> Axes:
    """Find rows, bases and positions by the lengths of the axes."""
    rest = [axis for axis in range(1, len(shape)) if shape[axis] != 1]
    bases = [axis for axis in rest if shape[axis] == 4]
    if len(rest) != 2 or not bases:
        raise UserError(
            f"{what} has shape {shape}; (rows, 4, length) or (rows, length, 4) is wanted, "
            "with axes of length 1 anywhere"
        )
    if len(bases) == 2:
        raise UserError(
            f"{what} has shape {shape}: which axis holds the bases cannot be told at a length of "
            "4 bp; import a FASTA file or a table"
        )
    return Axes(0, bases[0], next(axis for axis in rest if axis != bases[0]))
