"""Datasets are written batch after batch, in constant memory, and appear only when complete."""

from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

import numpy as np
import zarr
from numpy.typing import ArrayLike, NDArray

from cislens import files
from cislens.data import _profile_store, _results, _row_checks, _truth_store, placements, store
from cislens.data.columns import Column
from cislens.data.placements import Placements
from cislens.data.splits import SPLITS
from cislens.errors import UserError

ABSENT = -1
"""Start, end and chromosome number of a sequence without an interval."""


class DatasetWriter:
    """A dataset in the making; made by ``dataset.create`` and used in a ``with`` block.

    The store appears at its path when the block ends without an error; otherwise nothing is left.

    Parameters
    ----------
    path
        Where the store will appear.
    header
        What is known beforehand; ``writer.header`` may be replaced until the block ends, for
        what shows only with the last row, such as the kind of the targets.
    overwrite
        Whether a dataset that stands there may be replaced.

    Raises
    ------
    UserError
        If the place is taken, or the header is not one of a dataset.
    """

    def __init__(self, path: Path, header: store.Header, *, overwrite: bool) -> None:
        _row_checks.header(header)
        _results.check_free(path, overwrite=overwrite)
        if path.exists() and not store.is_dataset(path):
            raise UserError(f"{path}: exists and is no cislens dataset; choose another name")
        self.header = header
        self._path = path
        self._partial = files.temporary(path)
        self._placements: Placements | None = None
        self._splits: NDArray[np.uint8] | None = None
        self._chromosomes: dict[str, int] = {}

    def __enter__(self) -> "DatasetWriter":
        group = zarr.open_group(self._partial, mode="w", zarr_format=3)
        row = (self.header.length + 2 * self.header.margin,)
        tasks = (len(self.header.tasks),)
        self._group = group
        self._columns = {
            "codes": Column(group, "codes", np.uint8, row_shape=row, compressed=False),
            "targets": Column(group, "targets", "<f4", row_shape=tasks, compressed=False),
            "split": Column(group, "split", np.uint8),
            "ids": Column(group, "ids", np.uint8),
            "chrom": Column(group, "chrom", "<i4"),
            "start": Column(group, "start", "<i8"),
            "end": Column(group, "end", "<i8"),
            "strand": Column(group, "strand", np.uint8),
            **_profile_store.columns(group, self.header),
        }
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if kind is None:
                self._finish()
                files.put(self._partial, self._path)
        finally:
            files.remove(self._partial)

    def __len__(self) -> int:
        return len(self._columns["codes"])

    def append(
        self,
        codes: NDArray[np.uint8],
        targets: ArrayLike,
        *,
        ids: Sequence[str],
        split: Sequence[str] | NDArray | str | None = None,
        chrom: Sequence[str] | None = None,
        start: ArrayLike | None = None,
        end: ArrayLike | None = None,
        strand: Sequence[str] | None = None,
    ) -> None:
        """Add a batch of rows.

        Parameters
        ----------
        codes
            Base codes A C G T N = 0..4, of shape (batch, length).
        targets
            Measurements, of shape (batch, tasks); NaN is not measured.
        ids
            A name for each sequence, without line breaks.
        split
            "train", "validation" or "test", for each sequence or for all; without it they are
            "train" until `set_split` says otherwise.
        chrom
            Chromosome of each sequence; an empty name for one that has no interval.
        start
            First base, 0-based; -1 for a sequence without an interval.
        end
            One past the last base; -1 for a sequence without an interval.
        strand
            "+", "-" or "." for each sequence; "." without it.

        Raises
        ------
        UserError
            If shapes, numbers of rows, codes, targets or names are not as said.
        """
        count = len(codes)
        values = np.asarray(targets, np.float32)
        _row_checks.codes(codes, length=self.header.length + 2 * self.header.margin)
        _row_checks.targets(values, self.header, count)
        new: dict[str, NDArray] = {
            "codes": codes,
            "targets": values,
            "split": _codes_of(["train"] if split is None else split, SPLITS, "split", count),
            "chrom": self._number(chrom, count),
            "start": _places(start, "start", count),
            "end": _places(end, "end", count),
            "strand": _codes_of(strand or ["."], store.STRANDS, "strand", count),
        }
        lines = _to_lines(ids, count)
        for name, rows in new.items():
            self._columns[name].append(rows)
        self._columns["ids"].append(lines)

    def append_tracks(
        self,
        counts: NDArray[np.float32],
        *,
        is_peak: NDArray[np.bool_],
        control: NDArray[np.float32] | None = None,
    ) -> None:
        """Add the tracks of the rows of the last `append`, to a dataset of profiles.

        Parameters
        ----------
        counts
            (batch, tracks, positions), the margin for jitter included.
        is_peak
            Whether each lies at a peak, and not in the background.
        control
            The same of the control tracks, where the layout has some.

        Raises
        ------
        UserError
            If shapes or values are not as said.
        """
        for name, rows in _profile_store.rows(self.header, counts, is_peak, control).items():
            self._columns[name].append(rows)

    def set_split(self, names: Sequence[str] | NDArray) -> None:
        """Say the split of every row, in place of what was said at `append`.

        Parameters
        ----------
        names
            "train", "validation" or "test" for each row, once all are appended.

        Raises
        ------
        UserError
            If a name is no split, or the number of names is not that of the rows.
        """
        self._splits = _codes_of(names, SPLITS, "split", len(self))

    def set_placements(self, truth: Placements) -> None:
        """Store which motifs were planted where.

        Parameters
        ----------
        truth
            Planted sites and their motifs; checked against the rows when the block ends.
        """
        self._placements = truth

    def _number(self, chrom: Sequence[str] | None, count: int) -> NDArray[np.int32]:
        """Give chromosomes numbers in the order in which they are met."""
        if chrom is None:
            return np.full(count, ABSENT, np.int32)
        if len(chrom) != count:
            raise UserError(f"chrom: got {len(chrom)} beside {count} rows of codes; one each")
        known = self._chromosomes
        return np.array([known.setdefault(c, len(known)) if c else ABSENT for c in chrom], np.int32)

    def _finish(self) -> None:
        """Write what is left: the last chunks, the truth and the attributes."""
        count = len(self)
        if count == 0:
            raise UserError(f"{self._path}: no sequence was written; a dataset wants at least one")
        if self._splits is not None:
            self._columns["split"] = self._rewritten_split(count)
        for column in self._columns.values():
            column.close()
        _profile_store.check_complete(self._columns, self.header)
        if self._placements is not None:
            placements.check(self._placements, sequences=count, length=self.header.length)
            _truth_store.write(self._group, self._placements)
        header = self.header._replace(sequences=count, chromosomes=tuple(self._chromosomes))
        _row_checks.header(header)
        self._group.attrs[store.KEY] = store.to_attributes(header)

    def _rewritten_split(self, count: int) -> Column:
        """Replace the splits said at `append` by those of `set_split`."""
        assert self._splits is not None
        if len(self._splits) != count:
            raise UserError(f"split: got {len(self._splits)} names for {count} rows; one each")
        if "split" in self._group:
            del self._group["split"]
        column = Column(self._group, "split", np.uint8)
        column.append(self._splits)
        return column


def _codes_of(
    names: Sequence[str] | NDArray | str, known: tuple[str, ...], what: str, count: int
) -> NDArray[np.uint8]:
    """Give each name its place in `known`; a single one stands for all rows."""
    values = np.asarray([names] if isinstance(names, str) else names, dtype=str)
    unknown = np.setdiff1d(values, known)
    if len(unknown):
        raise UserError(f"{what} {str(unknown[0])!r}: known are {', '.join(known)}")
    if len(values) not in (1, count):
        raise UserError(f"{what}: got {len(values)} beside {count} rows of codes; one each")
    order = np.argsort(known)
    places = order[np.searchsorted(known, values, sorter=order)].astype(np.uint8)
    return np.broadcast_to(places, (count,))


def _places(values: ArrayLike | None, what: str, count: int) -> NDArray[np.int64]:
    """Take starts or ends; without them no sequence has an interval."""
    if values is None:
        return np.full(count, ABSENT)
    places = np.asarray(values, np.int64)
    if places.shape != (count,):
        raise UserError(f"{what}: got shape {places.shape} beside {count} rows of codes; one each")
    return places


def _to_lines(ids: Sequence[str], count: int) -> NDArray[np.uint8]:
    """Turn names into bytes, one line each."""
    text = "".join(f"{name}\n" for name in ids)
    if len(ids) != count or text.count("\n") != count:
        raise UserError(
            f"ids: got {len(ids)} names beside {count} rows of codes; "
            "one each is wanted, without line breaks"
        )
    return np.frombuffer(text.encode(), np.uint8)
