"""Zarr arrays that grow by appending, one chunk in memory at a time."""

import numpy as np
import zarr
from numpy.typing import DTypeLike, NDArray

CHUNK_BYTES = 32 * 2**20
"""Bytes of a chunk: large enough for few files, small enough to be one buffer of the writer."""


class Column:
    """An array of a Zarr group to which rows are appended.

    Parameters
    ----------
    group
        The group the array is made in, when its first chunk is full.
    name
        Name of the array.
    dtype
        Type of its values.
    row_shape
        Shape of one row; ``()`` for a flat array.
    compressed
        Whether chunks are compressed. Rows that are read at random are not: see `rows`.
    """

    def __init__(
        self,
        group: zarr.Group,
        name: str,
        dtype: DTypeLike,
        *,
        row_shape: tuple[int, ...] = (),
        compressed: bool = True,
    ) -> None:
        row_bytes = int(np.prod(row_shape, dtype=np.int64)) * np.dtype(dtype).itemsize
        self._group, self._name, self._compressed = group, name, compressed
        self._buffer = np.empty((max(1, CHUNK_BYTES // row_bytes), *row_shape), dtype)
        self._filled = 0
        self._written = 0
        self._array: zarr.Array | None = None

    def __len__(self) -> int:
        return self._written + self._filled

    def append(self, rows: NDArray) -> None:
        """Add rows at the end.

        Parameters
        ----------
        rows
            Values of shape ``(count, *row_shape)``.
        """
        done = 0
        while done < len(rows):
            count = min(len(rows) - done, len(self._buffer) - self._filled)
            self._buffer[self._filled : self._filled + count] = rows[done : done + count]
            self._filled += count
            done += count
            if self._filled == len(self._buffer):
                self._flush()

    def close(self) -> None:
        """Write what is still in memory."""
        if self._filled or self._array is None:
            self._flush()

    def _flush(self) -> None:
        """Move the buffer to disk; a dataset below one chunk gets a chunk of its own size."""
        if self._array is None:
            self._array = self._create(max(1, self._filled))
        end = self._written + self._filled
        self._array.resize((end, *self._buffer.shape[1:]))
        self._array[self._written : end] = self._buffer[: self._filled]
        self._written, self._filled = end, 0

    def _create(self, chunk_rows: int) -> zarr.Array:
        """Make the array, empty."""
        row_shape = self._buffer.shape[1:]
        return self._group.create_array(
            self._name,
            shape=(0, *row_shape),
            chunks=(chunk_rows, *row_shape),
            dtype=self._buffer.dtype,
            compressors="auto" if self._compressed else None,
            filters=None,
            # A chunk of zeros must be a file like any other: it is mapped, not decoded.
            config={"write_empty_chunks": True},
        )
