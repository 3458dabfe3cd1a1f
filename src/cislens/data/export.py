"""Datasets in formats that other tools read: HDF5, NPZ, FASTA, tables and BED."""

import csv
import zipfile
from collections.abc import Iterator
from pathlib import Path

import h5py
import numpy as np
from numpy.typing import NDArray

from cislens.data import _results, fasta
from cislens.data.dataset import SequenceDataset, SequenceView
from cislens.data.splits import SPLITS
from cislens.errors import UserError
from cislens.sequence import npz
from cislens.sequence.shapes import Codes

BLOCK = 4096
"""Sequences in memory at once."""
KEYS = {"train": "train", "validation": "valid", "test": "test"}
"""What the layout of Koo calls the splits."""
PLACES = ("chrom", "start", "end", "strand")


def to_hdf5(
    dataset: SequenceDataset, path: Path, *, split: str | None = None, overwrite: bool = False
) -> None:
    """Write ``X_train`` (rows, 4, length), ``Y_train`` (rows, tasks), and so for valid and test.

    Channels are A C G T (or U), numbers uint8 and float32, compressed by gzip; N is a column of
    zeros. Splits without sequences are left out. Names stand in ``ids_train`` and, for the tasks,
    in ``target_labels``; places, where there are any, in ``chrom_train``, ``start_train``,
    ``end_train`` and ``strand_train``.

    Parameters
    ----------
    dataset
        The dataset.
    path
        The file; it appears when it is complete.
    split
        Only the sequences of this split.
    overwrite
        Replace a file that stands there.

    Raises
    ------
    UserError
        If the place is taken.
    """
    with (
        _results.replacing(path, overwrite=overwrite) as partial,
        h5py.File(partial, "w") as file,
    ):
        file["target_labels"] = np.array(dataset.tasks, dtype=h5py.string_dtype())
        for key, view in _views(dataset, split):
            rows = min(len(view), 256)
            sequences = file.create_dataset(
                f"X_{key}",
                (len(view), 4, view.length),
                "u1",
                chunks=(rows, 4, view.length),
                compression="gzip",
            )
            targets = file.create_dataset(f"Y_{key}", (len(view), len(view.tasks)), "f4")
            for start, codes in _blocks(view):
                end = start + len(codes)
                sequences[start:end] = _onehot(codes)
                targets[start:end] = view.read_targets(slice(start, end))
            file[f"ids_{key}"] = np.array(view.ids, dtype=h5py.string_dtype())
            for name, values in _places(view).items():
                texts = values.dtype == object
                file[f"{name}_{key}"] = values.astype(h5py.string_dtype()) if texts else values


def to_npz(
    dataset: SequenceDataset, path: Path, *, split: str | None = None, overwrite: bool = False
) -> None:
    """Write the arrays of `to_hdf5` as one compressed file of numpy arrays.

    Parameters
    ----------
    dataset
        The dataset.
    path
        The file; it appears when it is complete.
    split
        Only the sequences of this split.
    overwrite
        Replace a file that stands there.

    Raises
    ------
    UserError
        If the place is taken.
    """
    with (
        _results.replacing(path, overwrite=overwrite) as partial,
        zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        _put(archive, "target_labels", np.array(dataset.tasks, dtype=str))
        for key, view in _views(dataset, split):
            sequences = (_onehot(codes) for _, codes in _blocks(view))
            npz.stream(archive, f"X_{key}", shape=(len(view), 4, view.length), blocks=sequences)
            starts = range(0, len(view), BLOCK)
            targets = (view.read_targets(slice(start, start + BLOCK)) for start in starts)
            npz.stream(archive, f"Y_{key}", shape=(len(view), len(view.tasks)), blocks=targets)
            _put(archive, f"ids_{key}", np.array(view.ids, dtype=str))
            for name, values in _places(view).items():
                _put(
                    archive, f"{name}_{key}", values.astype(str if values.dtype == object else int)
                )


def to_fasta(
    dataset: SequenceDataset, path: Path, *, split: str | None = None, overwrite: bool = False
) -> None:
    """Write a FASTA file, and beside it a TSV of the same name with all but the sequences.

    Parameters
    ----------
    dataset
        The dataset.
    path
        The FASTA file; gzip if the name ends in ``.gz``. Each file appears when it is complete.
    split
        Only the sequences of this split.
    overwrite
        Replace files that stand there.

    Raises
    ------
    UserError
        If one of the places is taken.
    """
    _results.check_free(path, overwrite=overwrite)
    beside = path.with_suffix("") if path.suffix == ".gz" else path
    view = dataset.view(split)
    _write_rows(view, beside.with_suffix(".tsv"), sequences=False, overwrite=overwrite)
    texts = ((facts[0], text) for facts, text, _ in _rows(view))
    fasta.write(path, texts, overwrite=overwrite)


def to_table(
    dataset: SequenceDataset, path: Path, *, split: str | None = None, overwrite: bool = False
) -> None:
    """Write a table: ``id``, ``split``, intervals if there are any, ``sequence``, and the tasks.

    Parameters
    ----------
    dataset
        The dataset.
    path
        The file; commas part its columns if the name ends in ``.csv``, tabs else. It appears when
        it is complete. What was not measured reads NA.
    split
        Only the sequences of this split.
    overwrite
        Replace a file that stands there.

    Raises
    ------
    UserError
        If the place is taken.
    """
    _write_rows(dataset.view(split), path, sequences=True, overwrite=overwrite)


def to_bed(
    dataset: SequenceDataset, path: Path, *, split: str | None = None, overwrite: bool = False
) -> None:
    """Write the places of the sequences as BED6: 0-based, half-open, the score 0.

    Parameters
    ----------
    dataset
        The dataset; sequences whose place is not known are left out.
    path
        The file; it appears when it is complete.
    split
        Only the sequences of this split.
    overwrite
        Replace a file that stands there.

    Raises
    ------
    UserError
        If the place is taken, or no sequence has a place.
    """
    view = dataset.view(split)
    places = _places(view)
    if not places or not np.any(places["start"] >= 0):
        raise UserError(f"{dataset.path}: no sequence has a place in a genome; BED wants one")
    with (
        _results.replacing(path, overwrite=overwrite) as partial,
        partial.open("w", encoding="utf-8") as stream,
    ):
        rows = zip(*(places[name] for name in PLACES), view.ids, strict=True)
        for chrom, start, end, strand, name in rows:
            if start >= 0:
                stream.write(f"{chrom}\t{start}\t{end}\t{name}\t0\t{strand}\n")


FORMATS = {
    "hdf5": to_hdf5,
    "npz": to_npz,
    "fasta": to_fasta,
    "table": to_table,
    "bed": to_bed,
}
"""Exports by name of the format."""


def _views(dataset: SequenceDataset, split: str | None) -> Iterator[tuple[str, SequenceView]]:
    """Go through the splits that have sequences, or look at one."""
    for name in SPLITS if split is None else (split,):
        view = dataset.view(name)
        if len(view):
            yield KEYS[name], view


def _places(view: SequenceView) -> dict[str, NDArray]:
    """Tell where sequences lie, a column each; nothing if none lies anywhere."""
    intervals = view.dataset.intervals
    if intervals is None:
        return {}
    return {name: intervals[name].to_numpy()[view.indices] for name in PLACES}


def _blocks(view: SequenceView) -> Iterator[tuple[int, Codes]]:
    """Read a view block after block."""
    for start in range(0, len(view), BLOCK):
        yield start, view[start : start + BLOCK]


def _onehot(codes: Codes) -> NDArray[np.uint8]:
    """Turn codes into one-hot columns of bytes; the tensors of `sequence.onehot` take four each."""
    letters = np.arange(4, dtype=np.uint8)[:, None]
    onehot: NDArray[np.uint8] = np.equal(codes[:, None, :], letters).astype(np.uint8)
    return onehot


def _put(archive: zipfile.ZipFile, name: str, values: NDArray) -> None:
    """Add an array to an NPZ file."""
    with archive.open(f"{name}.npy", "w", force_zip64=True) as stream:
        np.lib.format.write_array(stream, values, allow_pickle=False)


def _write_rows(view: SequenceView, path: Path, *, sequences: bool, overwrite: bool) -> None:
    """Write a table, with or without sequences."""
    places = PLACES if view.dataset.intervals is not None else ()
    texts = ["sequence"] if sequences else []
    whole = view.dataset.target_kind != "continuous"
    with (
        _results.replacing(path, overwrite=overwrite) as partial,
        partial.open("w", newline="", encoding="utf-8") as stream,
    ):
        comma = "," if path.suffix == ".csv" else "\t"
        table = csv.writer(stream, delimiter=comma, lineterminator="\n")
        table.writerow(["id", "split", *places, *texts, *view.tasks])
        for facts, text, targets in _rows(view):
            values = [_number(value, whole=whole) for value in targets]
            table.writerow([*facts, *([text] if sequences else []), *values])


def _number(value: np.float32, *, whole: bool) -> str:
    """Write a measurement so that the same float is read again."""
    if np.isnan(value):
        return "NA"
    return str(int(value)) if whole else str(value)


def _rows(view: SequenceView) -> Iterator[tuple[list[str], str, NDArray[np.float32]]]:
    """Yield id, split and interval, sequence, and targets of each row."""
    places = [*_places(view).values()]
    ids, splits = view.ids, view.dataset.split[view.indices]
    for start, codes in _blocks(view):
        targets = view.read_targets(slice(start, start + len(codes)))
        for row, text_codes in enumerate(codes, start):
            facts = [ids[row], str(splits[row]), *(str(values[row]) for values in places)]
            yield facts, view.dataset.alphabet.decode(text_codes), targets[row - start]
