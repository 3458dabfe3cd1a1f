"""Rows of an uncompressed Zarr array, read through memory maps of its chunk files.

Uniformly shuffled batches want single rows from everywhere. Decoding whole chunks for them costs
thousands of times what is used; a chunk without compression is a plain array on disk, so that the
operating system reads only the pages that hold the rows, and keeps them as long as memory allows.
"""

from pathlib import Path
from typing import Any

import numpy as np
import zarr
from numpy.typing import NDArray

from cislens.errors import UserError

MAPS = 256
"""Chunk files held open at once; the limit of open files is 1,024 on most machines."""


class Rows:
    """Random access to the first axis of an array, without ever holding all of it.

    Parameters
    ----------
    array
        A Zarr array in a local folder, chunked along its first axis only, without compression.
    folder
        The folder of that array.

    Raises
    ------
    UserError
        If a chunk file is missing or cut short.
    """

    def __init__(self, array: zarr.Array, folder: Path) -> None:
        self._shape: tuple[int, ...] = array.shape
        self._chunk: tuple[int, ...] = array.chunks
        self._dtype = np.dtype(array.dtype).newbyteorder("<")
        count = -(-self._shape[0] // self._chunk[0])
        zeros = (0,) * (len(self._shape) - 1)
        self._files = [folder / array.metadata.encode_chunk_key((i, *zeros)) for i in range(count)]
        self._maps: dict[int, NDArray[Any]] = {}
        self._check(array)

    def __len__(self) -> int:
        return self._shape[0]

    def __getstate__(self) -> dict[str, Any]:
        """Leave the maps behind: pickled, each would become a copy of its file."""
        return {**self.__dict__, "_maps": {}}

    def read(self, rows: NDArray[np.int64]) -> NDArray[Any]:
        """Read rows in any order.

        Parameters
        ----------
        rows
            Row numbers, 0-based; they may repeat.

        Returns
        -------
        NDArray[Any]
            A copy of these rows, in the order asked for.
        """
        chunks, within = np.divmod(rows, self._chunk[0])
        if not rows.size:
            return np.empty((0, *self._shape[1:]), self._dtype)
        if chunks[0] == chunks[-1] and (chunks == chunks[0]).all():
            return np.take(self._map(int(chunks[0])), within, axis=0)
        out = np.empty((len(rows), *self._shape[1:]), self._dtype)
        order = np.argsort(rows, kind="stable")
        present, firsts = np.unique(chunks[order], return_index=True)
        for chunk, mine in zip(present, np.split(order, firsts[1:]), strict=True):
            out[mine] = np.take(self._map(int(chunk)), within[mine], axis=0)
        return out

    def _map(self, chunk: int) -> NDArray[Any]:
        """Map one chunk file, forgetting the one used longest ago when many are open."""
        mapped = self._maps.pop(chunk, None)
        if mapped is None:
            # A plain array over the map: indexing numpy's memmap class costs ten times as much.
            mapped = np.asarray(np.memmap(self._files[chunk], self._dtype, "r", shape=self._chunk))
            if len(self._maps) >= MAPS:
                del self._maps[next(iter(self._maps))]
        self._maps[chunk] = mapped
        return mapped

    def _check(self, array: zarr.Array) -> None:
        """Refuse compressed arrays and chunk files of the wrong size."""
        if array.compressors or array.filters or array.shards or self._chunk[1:] != self._shape[1:]:
            raise UserError(
                f"{self._files[0].parent}: stored in another chunking or compressed; "
                "write the dataset again with cislens"
            )
        wanted = int(np.prod(self._chunk)) * self._dtype.itemsize
        for file in self._files:
            got = file.stat().st_size if file.exists() else 0
            if got != wanted:
                raise UserError(
                    f"{file}: incomplete dataset, {got} bytes where {wanted} are wanted; "
                    "write the dataset again"
                )
