"""Maps are written block by block; what was written before a kill is not computed again.

An unfinished store is a hidden folder beside its place, with a small file for each block that is
whole. It takes its place when all blocks are there.
"""

import fcntl
import json
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple

import numpy as np
import zarr
from jaxtyping import Float, UInt8
from numpy.typing import NDArray

from cislens import files
from cislens.errors import UserError
from cislens.maps import header as headers
from cislens.maps.header import Header, Note
from cislens.maps.sequences import Sequences

BLOCKS = "blocks"


class Block(NamedTuple):
    """The maps of some sequences."""

    codes: UInt8[np.ndarray, "rows length"]
    values: Float[np.ndarray, "rows 4 length"]
    outputs: Float[np.ndarray, " rows"]
    gauge: str
    reference: str
    deltas: Float[np.ndarray, "rows references"] | None = None
    notes: tuple[str, ...] = ()


class MapsWriter:
    """A store of maps in the making; made by `begin` and used in a ``with`` block.

    The store appears at its path when the block ends with all maps written. If the ``with`` block
    fails or the process dies, the blocks written stay, and the next one goes on from there.

    Parameters
    ----------
    path
        Where the store will appear.
    header
        What it will carry.
    sequences
        What is known of the sequences.
    overwrite
        Whether an unfinished store of other work is removed.
    """

    def __init__(
        self, path: Path, header: Header, sequences: Sequences, *, overwrite: bool = False
    ) -> None:
        self.header = header
        self._path = path
        self._partial = path.with_name(f".{path.name}.unfinished")
        self._sequences = sequences
        self._overwrite = overwrite
        self._whole = path.exists()
        self._lock: int | None = None

    def __enter__(self) -> "MapsWriter":
        if not self._whole:
            self._partial.mkdir(parents=True, exist_ok=True)
            self._hold()
            self._take_up()
            self._group = zarr.open_group(self._partial, mode="r+", zarr_format=3)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if kind is None and not self._path.exists() and not self.missing():
                self._finish()
            elif kind is not None and self.done == 0:
                files.remove(self._partial)
        finally:
            self._let_go()

    @property
    def done(self) -> int:
        """Count the sequences whose maps are there.

        Returns
        -------
        int
            All of them, once the store is finished.
        """
        left = sum(int(rows.stop) - int(rows.start) for rows in self.missing())
        return self.header.sequences - left

    def missing(self) -> list[slice]:
        """List the blocks that are not there yet.

        Returns
        -------
        list of slice
            Rows of each, in order.
        """
        if self._whole:
            return []
        total, step = self.header.sequences, self.header.block
        starts = range(0, total, step)
        return [slice(i, min(i + step, total)) for i in starts if not self._mark(i).exists()]

    def write(self, rows: slice, block: Block) -> None:
        """Write the maps of one block.

        Parameters
        ----------
        rows
            One of `missing`.
        block
            Its maps.
        """
        arrays = {"values": block.values, "codes": block.codes, "outputs": block.outputs}
        if block.deltas is not None:
            arrays["deltas"] = block.deltas
        for name, rows_of in arrays.items():
            self._array(name, rows_of)[rows] = rows_of
        noted = {"gauge": block.gauge, "reference": block.reference, "notes": [*block.notes]}
        # Last: a block without its mark is written again.
        with files.whole(self._mark(rows.start)) as partial:
            partial.write_text(json.dumps(noted), encoding="utf-8")

    def _array(self, name: str, like: NDArray) -> zarr.Array:
        if name in self._group:
            return self._group[name]
        return self._group.create_array(
            name,
            shape=(self.header.sequences, *like.shape[1:]),
            chunks=(min(self.header.block, self.header.sequences), *like.shape[1:]),
            dtype=like.dtype.newbyteorder("<"),
            # A chunk of zeros is a file like any other, so that a missing one shows.
            config={"write_empty_chunks": True},
        )

    def _mark(self, start: int) -> Path:
        return self._partial / BLOCKS / f"{start:012d}.json"

    def _take_up(self) -> None:
        """Go on with an unfinished store if it is of the same work, or begin."""
        if not (self._partial / "zarr.json").exists():
            return self._start()
        _, before = headers.read(self._partial)
        changed = headers.difference(before.provenance, self.header.provenance)
        if not changed and before.block != self.header.block:
            changed = f"block_size was {before.block} and is now {self.header.block}"
        if changed and self._overwrite:
            return self._start()
        if changed:
            raise UserError(
                f"{self._path}: unfinished maps of other work stand there ({changed}); give "
                "another name or folder, or overwrite them"
            )
        for stray in self._partial.rglob("*.partial"):
            stray.unlink()
        # Killed between the last two steps of `_finish`.
        self._whole = before.complete
        return None

    def _start(self) -> None:
        """Write what is known beforehand; the attributes last, as they tell that it is whole."""
        for left in self._partial.iterdir():
            files.remove(left)
        begun = self._partial / "begun"
        group = zarr.open_group(begun, mode="w", zarr_format=3)
        text = "".join(f"{name}\n" for name in self._sequences.ids)
        columns = {**self._sequences.columns, "ids": np.frombuffer(text.encode(), np.uint8)}
        if self._sequences.sites is not None:
            columns["sites"] = self._sequences.sites
        for name, values in columns.items():
            group.create_array(name, data=values)
        group.attrs[headers.KEY] = headers.to_attributes(self.header)
        (self._partial / BLOCKS).mkdir()
        for child in sorted(begun.iterdir(), key=lambda path: path.name == "zarr.json"):
            child.rename(self._partial / child.name)
        begun.rmdir()

    def _finish(self) -> None:
        if not self._whole:
            self._group.attrs[headers.KEY] = headers.to_attributes(self._completed())
        files.remove(self._partial / BLOCKS)
        files.put(self._partial, self._path)

    def _completed(self) -> Header:
        """Join what was noted of the blocks."""
        noted = [(rows, self._noted(rows.start)) for rows in self._all()]
        first = noted[0][1]
        notes: dict[str, list[tuple[int, int]]] = {}
        for rows, block in noted:
            for text in block["notes"]:
                _extend(notes.setdefault(text, []), rows)
        return replace(
            self.header,
            complete=True,
            gauge=first["gauge"],
            reference=first["reference"],
            notes=tuple(Note(text, tuple(rows)) for text, rows in notes.items()),
        )

    def _all(self) -> Iterator[slice]:
        total, step = self.header.sequences, self.header.block
        return (slice(i, min(i + step, total)) for i in range(0, total, step))

    def _noted(self, start: int) -> dict[str, Any]:
        noted: dict[str, Any] = json.loads(self._mark(start).read_text(encoding="utf-8"))
        return noted

    def _hold(self) -> None:
        """Let no other process write here; the lock goes with this one, however it ends."""
        self._lock = os.open(self._partial, os.O_RDONLY)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            self._let_go()
            raise UserError(
                f"{self._path}: another process is writing there; wait for it, or give another "
                "name or folder"
            ) from error

    def _let_go(self) -> None:
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None


def begin(
    path: Path, header: Header, sequences: Sequences, *, overwrite: bool = False
) -> MapsWriter:
    """Begin a store of maps, go on with an unfinished one, or find it done.

    Parameters
    ----------
    path
        Folder of the store.
    header
        What it will carry; ``block`` sequences are written at once.
    sequences
        What is known of the sequences.
    overwrite
        Remove a finished or unfinished store of other work that stands there.

    Returns
    -------
    MapsWriter
        To be used in a ``with`` block.

    Raises
    ------
    UserError
        If a store of another model, method, target, dataset or other options stands there, or
        the place is no store of maps.
    """
    if path.exists():
        _, before = headers.read(path)
        changed = headers.difference(before.provenance, header.provenance)
        if changed and not overwrite:
            raise UserError(
                f"{path}: holds maps of other work ({changed}); give another name or folder, or "
                "overwrite them"
            )
        if changed:
            files.remove(path)
    return MapsWriter(path, header, sequences, overwrite=overwrite)


def _extend(stretches: list[tuple[int, int]], rows: slice) -> None:
    if stretches and stretches[-1][1] == rows.start:
        stretches[-1] = (stretches[-1][0], rows.stop)
    else:
        stretches.append((rows.start, rows.stop))
