"""Values of bigWig files, by pybigtools."""

import os
from pathlib import Path

import numpy as np
import pybigtools
from numpy.typing import NDArray

from cislens.errors import UserError

MAGIC = (b"\x26\xfc\x8f\x88", b"\x88\x8f\xfc\x26")
"""First bytes, in either byte order."""
ENDINGS = {".bw", ".bigWig", ".bigwig"}


class BigWig:
    """An open file; each process opens its own, since forks would share one place in the file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._reader: pybigtools.BBIReader | None = None
        self._process = -1
        try:
            self.sizes: dict[str, int] = dict(self._open().chroms())
        except pybigtools.BBIReadError as error:
            raise UserError(
                f"{path}: begins as a bigWig file and cannot be read as one; it is cut short or "
                "damaged, copy it again"
            ) from error

    def __getstate__(self) -> dict[str, object]:
        return {**self.__dict__, "_reader": None, "_process": -1}

    def fill(
        self,
        chrom: str,
        rows: NDArray[np.int64],
        starts: NDArray[np.int64],
        out: NDArray[np.float32],
    ) -> None:
        """Write windows to rows; NaN where there is no value, and beyond the ends."""
        reader, length = self._open(), out.shape[1]
        window = np.empty(length)
        for row, start in zip(rows.tolist(), starts.tolist(), strict=True):
            try:
                reader.values(chrom, start, start + length, fillna=None, arr=window)
            except BaseException as error:
                # Over a damaged block the reader panics, and its panic is no Exception.
                panic = type(error).__name__ == "PanicException"
                if not panic and not isinstance(error, pybigtools.BBIReadError):
                    raise
                raise UserError(
                    f"{self.path}: {chrom}:{start}-{start + length} cannot be read; the file is "
                    "cut short or damaged, copy it again"
                ) from error
            out[row] = window

    def _open(self) -> pybigtools.BBIReader:
        if self._process != os.getpid():
            # The reader asks the name what the file is; a stream has none.
            named = self.path.suffix in ENDINGS
            self._reader = pybigtools.open(str(self.path) if named else self.path.open("rb"))
            self._process = os.getpid()
        return self._reader
