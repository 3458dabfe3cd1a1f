"""Arrays of HDF5, NPZ and MATLAB files by key, read in slices where the format allows it."""

import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import lru_cache, partial
from pathlib import Path
from typing import Protocol, runtime_checkable

import h5py
import numpy as np
from numpy.typing import NDArray
from scipy import io

from cislens.errors import UserError

DAMAGED = (
    OSError, ValueError, KeyError, NotImplementedError, EOFError,
    zipfile.BadZipFile, zlib.error, io.matlab.MatReadError,
)  # fmt: skip
Slices = slice | tuple[slice, ...]


@runtime_checkable
class Array(Protocol):
    """What HDF5 datasets and numpy arrays share."""

    @property
    def shape(self) -> tuple[int, ...]:
        """Length of each axis."""

    def __getitem__(self, item: Slices) -> NDArray:
        """Read a part."""


class WholeArray:
    """An array of a format that can only be read whole: read at the first slice."""

    def __init__(self, shape: tuple[int, ...], load: Callable[[], NDArray]) -> None:
        self.shape = shape
        self._load = load

    def __getitem__(self, item: Slices) -> NDArray:
        return self._load()[item]


def to_texts(values: NDArray) -> list[str]:
    """Turn an array of bytes or texts into texts."""
    flat = np.ravel(values).tolist()
    return [value.decode() if isinstance(value, bytes) else str(value) for value in flat]


@contextmanager
def opened(path: Path) -> Iterator[dict[str, Array]]:
    """Open the arrays of a file, or of all MATLAB files in a folder, by key."""
    files = sorted(path.glob("*.mat")) if path.is_dir() else [path]
    if not files or not path.exists():
        raise UserError(f"{path}: no such file, or a folder without .mat files; check the name")
    with ExitStack() as stack:
        arrays: dict[str, Array] = {}
        for file in files:
            found = _open_file(file, stack)
            twice = sorted(set(found) & set(arrays))
            if twice:
                raise UserError(
                    f"{file}: {twice[0]} is in another file of the folder too; keep one"
                )
            arrays |= found
        yield arrays


def _open_file(path: Path, stack: ExitStack) -> dict[str, Array]:
    """Open one file by its content."""
    try:
        if h5py.is_hdf5(path):
            file = stack.enter_context(h5py.File(path, "r"))
            return {key: value for key, value in file.items() if isinstance(value, h5py.Dataset)}
        if zipfile.is_zipfile(path):
            return _open_npz(path)
        return _open_matlab(path)
    except DAMAGED as error:
        raise UserError(
            f"{path}: this is no complete HDF5, NPZ or MATLAB file; copy it again"
        ) from error


def _open_npz(path: Path) -> dict[str, Array]:
    """Read the shapes in an NPZ file."""
    load = lru_cache(maxsize=2)(lambda key: np.load(path, allow_pickle=False)[key])
    arrays: dict[str, Array] = {}
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            with archive.open(name) as stream:
                version = np.lib.format.read_magic(stream)
                read = getattr(np.lib.format, f"read_array_header_{version[0]}_{version[1]}")
                key = name.removesuffix(".npy")
                arrays[key] = WholeArray(read(stream)[0], partial(load, key))
    return arrays


def _open_matlab(path: Path) -> dict[str, Array]:
    """Read the shapes in a MATLAB file up to version 7."""
    load = lru_cache(maxsize=2)(lambda key: io.loadmat(path, variable_names=[key])[key])
    return {key: WholeArray(tuple(shape), partial(load, key)) for key, shape, _ in io.whosmat(path)}
