"""Datasets from the files people have: FASTA, tables, HDF5 and MATLAB bundles."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from cislens.data import _stream, bundle, dataset, dividing, fasta, kinds, splits, table
from cislens.data._entries import Entry
from cislens.data.encoding import AS_DNA, Encoding
from cislens.errors import UserError
from cislens.sequence.alphabet import DNA, Alphabet

SHUFFLE = "dinucleotide-shuffle"
LABEL = re.compile(r"\bclass[:=]([01])\b")


def from_fasta(
    positives: Path | str,
    out: Path | str,
    *,
    negatives: Path | str | None = None,
    split: dividing.Plan = splits.RANDOM,
    task: str = "bound",
    encoding: Encoding = AS_DNA,
    seed: int = 0,
    overwrite: bool = False,
) -> None:
    """Write a binary dataset of one task from FASTA files.

    Coordinates in the headers are kept as intervals, 0-based and half-open; where they do not fit
    the length of the sequence only the chromosome is, and the provenance counts how often.

    Parameters
    ----------
    positives
        Sequences with target 1; without negatives, sequences whose headers say ``class:0`` or
        ``class:1``.
    out
        The dataset to write (.zarr).
    negatives
        A FASTA file of sequences with target 0, or "dinucleotide-shuffle" for one uniform shuffle
        of each positive, which follows it into its split.
    split
        How sequences are divided; at random, 80:10:10, unless said.
    task
        Name of the task.
    encoding
        Alphabet and length; DNA, all of one length, unless said.
    seed
        Seed of random splits and of shuffles.
    overwrite
        Replace a dataset that stands there.

    Raises
    ------
    UserError
        If a file is not as said, sequences differ in length, a letter is not of the alphabet, a
        header lacks its class or the chromosome that the split wants; names file and line.
    """
    if negatives is None:
        entries = _labelled(Path(positives))
    elif str(negatives) == SHUFFLE:
        entries = _fasta(Path(positives), target=1.0)
    else:
        entries = _positives_then_negatives(Path(positives), Path(negatives))
    source = _stream.Source(
        entries,
        tasks=(task,),
        encoding=encoding,
        provenance={
            "format": "fasta",
            "positives": str(positives),
            "negatives": "class in headers" if negatives is None else str(negatives),
            "seed": seed,
        },
        kind="binary",
        shuffled_negatives=str(negatives) == SHUFFLE,
    )
    _stream.write(source, Path(out), plan=split, seed=seed, overwrite=overwrite)


def from_table(
    path: Path | str,
    out: Path | str,
    *,
    columns: table.Columns,
    split: dividing.Plan | splits.ByColumn = splits.RANDOM,
    target_kind: str | None = None,
    encoding: Encoding = AS_DNA,
    seed: int = 0,
    overwrite: bool = False,
) -> None:
    """Write a dataset from a table of sequences and measurements.

    Coordinates are treated as in `from_fasta`.

    Parameters
    ----------
    path
        TSV or CSV, plain or gzip, with a line of column names.
    out
        The dataset to write (.zarr).
    columns
        Which columns hold what.
    split
        How sequences are divided; at random, 80:10:10, unless said.
    target_kind
        "binary", "continuous" or "count"; without it, binary where all targets are 0 or 1, else
        continuous.
    encoding
        Alphabet and length; DNA, all of one length, unless said.
    seed
        Seed of random splits.
    overwrite
        Replace a dataset that stands there.

    Raises
    ------
    UserError
        If the file is not as said, a column is not there, a target is no number or not of the
        kind, or sequences differ in length; names file and line.
    """
    split_column = split.column if isinstance(split, splits.ByColumn) else None
    path = Path(path)
    rows = table.rows(path, columns, split=split_column)
    source = _stream.Source(
        _of_table(path, rows, columns.targets, target_kind),
        tasks=tuple(columns.targets),
        encoding=encoding,
        provenance={"format": "table", "path": str(path), "seed": seed},
        kind=target_kind,
    )
    _stream.write(source, Path(out), plan=split, seed=seed, overwrite=overwrite)


def from_bundle(
    path: Path | str,
    out: Path | str,
    *,
    layout: str = "auto",
    tasks: Sequence[str] | None = None,
    columns: Sequence[int] | None = None,
    target_kind: str | None = None,
    alphabet: Alphabet = DNA,
    overwrite: bool = False,
) -> None:
    """Write a dataset from arrays that come with their splits: HDF5, NPZ or MATLAB files.

    Parameters
    ----------
    path
        A file, or a folder of MATLAB files (train.mat, valid.mat, test.mat).
    out
        The dataset to write (.zarr).
    layout
        One of ``bundle.LAYOUTS``; "auto" tells it by the names of the arrays.
    tasks
        Name of each task; without it those of the file, else task_0, task_1 and so on, and the
        name of the file where there is one task only.
    columns
        Which columns of the targets are kept, counted from 0, and with them the rows of which at
        least one is 1; without it all columns and all rows.
    target_kind
        "binary", "continuous" or "count"; without it, binary where all targets are 0 or 1, else
        continuous.
    alphabet
        Whether the fourth base is read as T or as U.
    overwrite
        Replace a dataset that stands there.

    Raises
    ------
    UserError
        If the file is no such bundle, its shapes are ambiguous or do not match, a column of the
        targets is not there, or one of the sequences is not one-hot; names key, row and position.
    """
    path = Path(path)
    with bundle.open_parts(path, layout=layout) as opened:
        names = _task_names(path, opened, tasks, columns)
        inference = kinds.Inference()
        writer = dataset.create(
            out,
            length=opened.parts[0].length,
            alphabet=alphabet,
            tasks=names,
            target_kind=target_kind or "continuous",
            provenance={"path": str(path), **opened.facts()},
            overwrite=overwrite,
        )
        with writer:
            for part in opened.parts:
                for start, codes, targets in part.blocks():
                    ids = part.names(start, start + len(codes))
                    places = part.intervals(start, start + len(codes))
                    if columns is not None:
                        targets = targets[:, list(columns)]
                        kept = np.flatnonzero((targets == 1).any(axis=1))
                        codes, targets, ids = codes[kept], targets[kept], [ids[i] for i in kept]
                        places = {name: np.array(v)[kept] for name, v in places.items()}
                    writer.append(codes, targets, ids=ids, split=part.split, **places)
                    inference.see(targets)
            kind = target_kind or inference.kind
            writer.header = writer.header._replace(target_kind=kind)


def _task_names(
    path: Path,
    opened: bundle.Bundle,
    tasks: Sequence[str] | None,
    columns: Sequence[int] | None,
) -> tuple[str, ...]:
    """Name the tasks: as asked, as the file does, or by number."""
    count = opened.parts[0].tasks
    chosen = range(count) if columns is None else columns
    if wrong := [column for column in chosen if not 0 <= column < count]:
        raise UserError(f"columns: {wrong[0]}; {path} has 0 to {count - 1}")
    if tasks and len(tasks) != len(chosen):
        raise UserError(f"{path}: got {len(tasks)} names for {len(chosen)} tasks; give one each")
    if tasks:
        return tuple(tasks)
    if opened.task_names and len(opened.task_names) != count:
        raise UserError(
            f"{path}: got {len(opened.task_names)} names for {count} tasks; give one each"
        )
    if opened.task_names:
        return tuple(opened.task_names[column] for column in chosen)
    return (path.stem,) if count == 1 else tuple(f"task_{column}" for column in chosen)


def _of_table(
    path: Path, rows: Iterator[table.TableRow], tasks: Sequence[str], kind: str | None
) -> Iterator[Entry]:
    """Turn rows of a table into entries, refusing targets that are not of the kind."""
    if kind is not None:
        kinds.check(kind)
    for row in rows:
        where = f"{path}, line {row.line}"
        fits = kinds.allowed(kind or "continuous", np.array(row.targets, np.float32))
        if not fits.all():
            task = int(np.argmin(fits))
            raise UserError(
                f"{where}: {tasks[task]}={row.targets[task]:g}; {kind} targets are "
                f"{kinds.KINDS[kind or 'continuous']}"
            )
        yield Entry(row.id, row.sequence, row.targets, row.interval, row.split, where)


def _fasta(path: Path, *, target: float) -> Iterator[Entry]:
    """Read the sequences of a file, all with one target."""
    for record in fasta.records(path):
        interval = fasta.interval_of(record.description)
        where = f"{path}, line {record.line}"
        yield Entry(record.id, record.sequence, (target,), interval, None, where)


def _positives_then_negatives(positives: Path, negatives: Path) -> Iterator[Entry]:
    """Read two files, one after the other."""
    yield from _fasta(positives, target=1.0)
    yield from _fasta(negatives, target=0.0)


def _labelled(path: Path) -> Iterator[Entry]:
    """Read the sequences of a file and their classes from the headers."""
    for record in fasta.records(path):
        label = LABEL.search(record.description)
        where = f"{path}, line {record.line}"
        if label is None:
            raise UserError(
                f"{where}: header {record.description!r} says no class; write class:0 or class:1 "
                f"into every header, or give negatives (a file or {SHUFFLE!r})"
            )
        interval = fasta.interval_of(record.description)
        yield Entry(record.id, record.sequence, (float(label[1]),), interval, None, where)
