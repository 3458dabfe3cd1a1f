"""Datasets in formats that other tools read: HDF5, NPZ, FASTA and TSV."""

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
from cislens.sequence import npz
from cislens.sequence.shapes import Codes

BLOCK = 4096
"""Sequences in memory at once."""
KEYS = {"train": "train", "validation": "valid", "test": "test"}
"""What the layout of Koo calls the splits."""


def to_hdf5(dataset: SequenceDataset, path: Path, *, overwrite: bool = False) -> None:
    """Write ``X_train`` (rows, 4, length), ``Y_train`` (rows, tasks), and so for valid and test.

    Channels are A C G T (or U), numbers uint8 and float32, compressed by gzip; N is a column of
    zeros. Splits without sequences are left out. Names stand in ``ids_train`` and, for the tasks,
    in ``target_labels``.

    Parameters
    ----------
    dataset
        The dataset.
    path
        The file; it appears when it is complete.
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
        for key, view in _views(dataset):
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


def to_npz(dataset: SequenceDataset, path: Path, *, overwrite: bool = False) -> None:
    """Write the arrays of `to_hdf5` as one compressed file of numpy arrays.

    Parameters
    ----------
    dataset
        The dataset.
    path
        The file; it appears when it is complete.
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
        for key, view in _views(dataset):
            sequences = (_onehot(codes) for _, codes in _blocks(view))
            npz.stream(archive, f"X_{key}", shape=(len(view), 4, view.length), blocks=sequences)
            starts = range(0, len(view), BLOCK)
            targets = (view.read_targets(slice(start, start + BLOCK)) for start in starts)
            npz.stream(archive, f"Y_{key}", shape=(len(view), len(view.tasks)), blocks=targets)
            _put(archive, f"ids_{key}", np.array(view.ids, dtype=str))


def to_fasta(dataset: SequenceDataset, path: Path, *, overwrite: bool = False) -> None:
    """Write a FASTA file, and beside it a TSV of the same name with all but the sequences.

    Parameters
    ----------
    dataset
        The dataset.
    path
        The FASTA file; gzip if the name ends in ``.gz``. Each file appears when it is complete.
    overwrite
        Replace files that stand there.

    Raises
    ------
    UserError
        If one of the places is taken.
    """
    _results.check_free(path, overwrite=overwrite)
    beside = path.with_suffix("") if path.suffix == ".gz" else path
    _write_rows(dataset, beside.with_suffix(".tsv"), sequences=False, overwrite=overwrite)
    texts = ((facts[0], text) for facts, text, _ in _rows(dataset))
    fasta.write(path, texts, overwrite=overwrite)


def to_table(dataset: SequenceDataset, path: Path, *, overwrite: bool = False) -> None:
    """Write a TSV: ``id``, ``split``, intervals if there are any, ``sequence``, and the tasks.

    Parameters
    ----------
    dataset
        The dataset.
    path
        The file; it appears when it is complete. What was not measured reads NA.
    overwrite
        Replace a file that stands there.

    Raises
    ------
    UserError
        If the place is taken.
    """
    _write_rows(dataset, path, sequences=True, overwrite=overwrite)


FORMATS = {"hdf5": to_hdf5, "npz": to_npz, "fasta": to_fasta, "table": to_table}
"""Exports by name of the format."""


def _views(dataset: SequenceDataset) -> Iterator[tuple[str, SequenceView]]:
    """Go through the splits that have sequences."""
    for split in SPLITS:
        view = dataset.view(split)
        if len(view):
            yield KEYS[split], view


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


def _write_rows(dataset: SequenceDataset, path: Path, *, sequences: bool, overwrite: bool) -> None:
    """Write a TSV, with or without sequences."""
    places = ["chrom", "start", "end", "strand"] if dataset.intervals is not None else []
    texts = ["sequence"] if sequences else []
    with (
        _results.replacing(path, overwrite=overwrite) as partial,
        partial.open("w", newline="") as stream,
    ):
        table = csv.writer(stream, delimiter="\t", lineterminator="\n")
        table.writerow(["id", "split", *places, *texts, *dataset.tasks])
        for facts, text, targets in _rows(dataset):
            values = ["NA" if np.isnan(value) else str(value) for value in targets]
            table.writerow([*facts, *([text] if sequences else []), *values])


def _rows(dataset: SequenceDataset) -> Iterator[tuple[list[str], str, NDArray[np.float32]]]:
    """Yield id, split and interval, sequence, and targets of each row."""
    everything, intervals = dataset.view(), dataset.intervals
    for start, codes in _blocks(everything):
        targets = everything.read_targets(slice(start, start + len(codes)))
        for row, text_codes in enumerate(codes, start):
            facts = [dataset.ids[row], str(dataset.split[row])]
            if intervals is not None:
                facts += [str(value) for value in intervals.iloc[row]]
            yield facts, dataset.alphabet.decode(text_codes), targets[row - start]
