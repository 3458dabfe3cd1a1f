"""Sequences with measurements on disk: one Zarr store, read lazily."""

from functools import cached_property
from pathlib import Path
from typing import Any, Never

import numpy as np
import pandas as pd
import zarr
from jaxtyping import Float32
from numpy.typing import NDArray

from cislens.data import _truth_store, splits, store
from cislens.data.placements import Placements
from cislens.data.rows import Rows
from cislens.data.writer import DatasetWriter
from cislens.errors import UserError
from cislens.sequence.alphabet import Alphabet
from cislens.sequence.shapes import Codes

SPLITS = splits.SPLITS
Targets = Float32[np.ndarray, "batch tasks"]


def create(
    path: Path | str,
    *,
    length: int,
    alphabet: Alphabet,
    tasks: tuple[str, ...],
    target_kind: str,
    provenance: dict[str, Any],
    overwrite: bool = False,
) -> DatasetWriter:
    """Begin a dataset.

    Parameters
    ----------
    path
        Folder of the store, usually ``name.zarr``.
    length
        Length of every sequence, in bp.
    alphabet
        DNA or RNA.
    tasks
        Name of each task.
    target_kind
        "binary", "continuous" or "count"; profiles are written by `cislens.data.profile_build`.
    provenance
        Where the data come from, as JSON values.
    overwrite
        Replace a dataset that stands there.

    Returns
    -------
    DatasetWriter
        To be used in a ``with`` block; the store appears when the block ends without an error.

    Raises
    ------
    UserError
        If the place is taken, its folder is missing, or a value is not as said.
    """
    header = store.Header(0, length, alphabet, tuple(tasks), target_kind, (), provenance)
    return DatasetWriter(Path(path), header, overwrite=overwrite)


def open(path: Path | str) -> "SequenceDataset":  # noqa: A001 - read as dataset.open
    """Open a dataset for reading.

    Parameters
    ----------
    path
        Folder of the store.

    Returns
    -------
    SequenceDataset
        The dataset; only its attributes are read yet.

    Raises
    ------
    UserError
        If there is no complete dataset that this version reads.
    """
    folder = Path(path)
    group, header = store.open_group(folder)
    return SequenceDataset(folder, group, header)


class SequenceDataset:
    """Sequences of one length, their measurements, and which split each belongs to.

    Parameters
    ----------
    path
        Folder of the store.
    group
        The open store.
    header
        Its attributes.
    """

    def __init__(self, path: Path, group: zarr.Group, header: store.Header) -> None:
        self.path = path
        self.length = header.length
        self.alphabet = header.alphabet
        self.tasks = header.tasks
        self.target_kind = header.target_kind
        self.provenance = header.provenance
        self.profile = header.profile
        layout = header.profile._asdict() if header.profile else None
        arrays = ("codes", "targets", *store.profile_columns(layout))
        self.rows = {name: Rows(group[name], path / name) for name in arrays}
        self._group = group
        self._header = header

    def __len__(self) -> int:
        return self._header.sequences

    def __repr__(self) -> str:
        return f"SequenceDataset({self.path}, {len(self)} x {self.length} bp, tasks={self.tasks})"

    @cached_property
    def ids(self) -> NDArray:
        """Name each sequence.

        Returns
        -------
        NDArray
            Texts, in stored order.
        """
        names = self._all("ids").tobytes().decode().split("\n")[:-1]
        if len(names) != len(self):
            raise UserError(
                f"{self.path}: incomplete dataset, {len(names)} names for {len(self)} sequences; "
                "write the dataset again"
            )
        return np.array(names, dtype=object)

    @cached_property
    def split(self) -> NDArray:
        """Tell the split of each sequence.

        Returns
        -------
        NDArray
            "train", "validation" or "test".
        """
        names: NDArray = np.array(SPLITS)[self._all("split")]
        return names

    @cached_property
    def targets(self) -> Targets:
        """Read all measurements; a view reads only some.

        Returns
        -------
        Targets
            One row a sequence and one column a task; NaN is not measured.
        """
        return self.rows["targets"].read(np.arange(len(self)))

    @cached_property
    def intervals(self) -> pd.DataFrame | None:
        """Tell where the sequences lie in the genome.

        Returns
        -------
        pd.DataFrame | None
            ``chrom start end strand``, 0-based, half-open; None if no sequence has an interval.
            Where only some have, the others have an empty ``chrom``; ``start`` and ``end`` are
            -1 where they are not known.
        """
        if not self._header.chromosomes:
            return None
        chromosomes = np.array([*self._header.chromosomes, ""], dtype=object)
        return pd.DataFrame(
            {
                "chrom": chromosomes[self._all("chrom")],
                "start": self._all("start"),
                "end": self._all("end"),
                "strand": np.array(store.STRANDS, dtype=object)[self._all("strand")],
            }
        )

    @cached_property
    def placements(self) -> Placements | None:
        """Read the planted motifs.

        Returns
        -------
        Placements | None
            None if the dataset brings no such truth.
        """
        return _truth_store.read(self._group)

    def view(self, split: str | None = None) -> "SequenceView":
        """Look at one split, or at all sequences.

        Parameters
        ----------
        split
            "train", "validation" or "test"; all sequences without it.

        Returns
        -------
        SequenceView
            The sequences of the split in stored order, unread; it may be empty.

        Raises
        ------
        UserError
            If there is no split of that name.
        """
        if split is None:
            return SequenceView(self, np.arange(len(self)))
        if split not in SPLITS:
            raise UserError(f"split={split!r}: known are {', '.join(SPLITS)}")
        return SequenceView(self, np.flatnonzero(self.split == split))

    def _all(self, name: str) -> NDArray[Any]:
        """Read a whole array of the store."""
        return np.asarray(self._group[name][:])


class SequenceView:
    """Some rows of a dataset; sequences are read only when asked for, measurements too.

    Parameters
    ----------
    dataset
        The dataset looked at.
    indices
        Row numbers in the dataset.
    """

    def __init__(self, dataset: SequenceDataset, indices: NDArray[np.int64]) -> None:
        self.dataset = dataset
        self.indices = indices
        self.length = dataset.length
        self.tasks = dataset.tasks
        margin = dataset.profile.jitter if dataset.profile else 0
        self._middle = slice(margin, margin + dataset.length)

    def __len__(self) -> int:
        return len(self.indices)

    def __getitem__(self, rows: slice | NDArray[np.integer] | NDArray[np.bool_]) -> Codes:
        """Read sequences ``[a:b]``, or those of an array of positions in any order."""
        codes = self.dataset.rows["codes"].read(self._rows(rows))
        return np.ascontiguousarray(codes[:, self._middle])

    def __iter__(self) -> Never:
        raise TypeError("a view is read in slices, view[a:b], not sequence by sequence")

    @cached_property
    def targets(self) -> Targets:
        """Read all measurements of these sequences.

        Returns
        -------
        Targets
            One row a sequence and one column a task; NaN is not measured.
        """
        return self.read_targets(np.arange(len(self)))

    @cached_property
    def ids(self) -> NDArray:
        """Name these sequences.

        Returns
        -------
        NDArray
            Texts, in the order of the view.
        """
        return self.dataset.ids[self.indices]

    def read_targets(self, rows: slice | NDArray[np.integer]) -> Targets:
        """Read the measurements of some sequences only.

        Parameters
        ----------
        rows
            A slice, or positions in the view in any order.

        Returns
        -------
        Targets
            One row for each, one column a task.
        """
        return self.dataset.rows["targets"].read(self._rows(rows))

    def _rows(self, rows: slice | NDArray) -> NDArray[np.int64]:
        """Turn positions in the view into row numbers of the dataset."""
        found: NDArray[np.int64] = self.indices[rows]
        if np.ndim(found) != 1:
            raise TypeError(f"view[{rows}]: a slice or an array of positions is wanted")
        return found
