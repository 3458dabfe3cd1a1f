"""Bundles: one-hot sequences and targets as arrays, already split, in the layouts of the field."""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from cislens.data import _arrays, splits
from cislens.data._arrays import Array
from cislens.data._part import Part
from cislens.errors import UserError
from cislens.sequence import alphabet as alphabets


class Layout(NamedTuple):
    """Names of the arrays in a kind of bundle.

    Attributes
    ----------
    sequences
        Pattern of the keys of sequences, with a group ``split``.
    targets
        Keys that the targets beside such sequences may have.
    example
        The keys of one split, for errors.
    names
        Key of the names of tasks.
    adapt
        What sets a part to the axes and channels of the layout.
    """

    sequences: re.Pattern[str]
    targets: Callable[[str], tuple[str, ...]]
    example: str
    names: str = ""
    adapt: Callable[[Part], None] = Part.as_rows_first


LAYOUTS = {
    "koo": Layout(
        re.compile(r"[xX]_(?P<split>train|valid|val|validation|test)"),
        lambda key: ("Y" + key[1:], "y" + key[1:]),
        "X_train and Y_train",
        names="target_labels",
    ),
    "basset": Layout(
        re.compile(r"(?P<split>train|valid|test)_in"),
        lambda key: (key.removesuffix("in") + "out",),
        "train_in and train_out",
        names="target_labels",
    ),
    "deepsea": Layout(
        re.compile(r"(?P<split>train|valid|test)xdata"),
        lambda key: (key.removesuffix("xdata") + "data",),
        "trainxdata and traindata",
        adapt=Part.as_deepsea,
    ),
}
"""Layouts by name."""


PLACES = ("chrom", "start", "end", "strand")
"""Keys of the places of sequences, before the name of the split; all four, or none is read."""


class Bundle(NamedTuple):
    """An open bundle.

    Attributes
    ----------
    layout
        Name of its layout.
    parts
        Its splits.
    task_names
        Names of the tasks; empty if the file has none.
    """

    layout: str
    parts: list[Part]
    task_names: tuple[str, ...]

    def facts(self) -> dict[str, Any]:
        """Say what a user of the dataset should know of the file.

        Returns
        -------
        dict[str, Any]
            Format, layout, channel order as stored in the file, and for each split whether its
            second half holds the reverse complements of its first half, as DeepSEA's do (judged by
            the first, middle and last pair; nothing is removed).
        """
        return {
            "format": "bundle",
            "layout": self.layout,
            "channels_in_file": self.parts[0].channels,
            "second_half_is_reverse_complement": {
                part.split: _second_half_is_reverse_complement(part) for part in self.parts
            },
        }


@contextmanager
def open_parts(path: Path, *, layout: str = "auto") -> Iterator[Bundle]:
    """Open a bundle and check that its shapes agree.

    Parameters
    ----------
    path
        An HDF5, NPZ or MATLAB file, or a folder of MATLAB files.
    layout
        One of `LAYOUTS`; "auto" tells it by the keys.

    Yields
    ------
    Bundle
        Its parts, to be read while the context is open.

    Raises
    ------
    UserError
        If the file is damaged, the layout is not known, targets are missing, numbers of rows
        differ, or shapes are ambiguous.
    """
    with _arrays.opened(path) as arrays:
        name = _recognise(path, arrays) if layout == "auto" else layout
        if name not in LAYOUTS:
            raise UserError(f"layout={name!r}: known are auto, {', '.join(LAYOUTS)}")
        parts = _parts(path, arrays, LAYOUTS[name])
        if not parts:
            raise UserError(f"{path}: no arrays of the layout {name}; {_keys(arrays)}")
        _check_agreement(path, parts)
        yield Bundle(name, parts, _names(arrays, LAYOUTS[name].names))


def _recognise(path: Path, arrays: Mapping[str, Array]) -> str:
    """Tell the layout by the keys."""
    found = [
        name
        for name, layout in LAYOUTS.items()
        if any(layout.sequences.fullmatch(key) for key in arrays)
    ]
    if len(found) != 1:
        fault = f"keys of {' and '.join(found)}" if found else "no known layout"
        raise UserError(f"{path}: {fault}; {_keys(arrays)}")
    return found[0]


def _keys(arrays: Mapping[str, Array]) -> str:
    """Say which keys there are and which are known."""
    known = "; ".join(f"{name} has {layout.example}" for name, layout in LAYOUTS.items())
    return f"keys are {', '.join(sorted(arrays)) or 'none'}; known layouts: {known}"


def _parts(path: Path, arrays: Mapping[str, Array], layout: Layout) -> list[Part]:
    """Pair sequences with their targets, in the order train, validation, test."""
    parts = []
    for key in arrays:
        match = layout.sequences.fullmatch(key)
        if match is None:
            continue
        wanted = layout.targets(key)
        targets = next((arrays[name] for name in wanted if name in arrays), None)
        if targets is None:
            raise UserError(f"{path}: {key} has no targets beside it; {wanted[0]} is wanted")
        part = Part(splits.name(match["split"]), key, (arrays[key], targets), where=path)
        layout.adapt(part)
        part.ids = arrays.get(f"ids_{match['split']}")
        places = {name: arrays.get(f"{name}_{match['split']}") for name in PLACES}
        if all(array is not None and array.shape == (len(part),) for array in places.values()):
            part.places = {name: array for name, array in places.items() if array is not None}
        part.check_rows()
        parts.append(part)
    return sorted(parts, key=lambda part: splits.SPLITS.index(part.split))


def _check_agreement(path: Path, parts: list[Part]) -> None:
    """Refuse splits given twice, of different lengths or of different tasks."""
    for former, part in pairwise(parts):
        if former.split == part.split:
            raise UserError(f"{path}: {former.key} and {part.key} are both {part.split}; keep one")
        if (former.length, former.tasks) != (part.length, part.tasks):
            raise UserError(
                f"{path}: {former.key} has {former.length} bp and {former.tasks} tasks, {part.key} "
                f"{part.length} bp and {part.tasks} tasks; all splits want the same"
            )


def _names(arrays: Mapping[str, Array], key: str) -> tuple[str, ...]:
    """Read the names of tasks, if the file has them."""
    if key not in arrays:
        return ()
    return tuple(_arrays.to_texts(arrays[key][:]))


def _second_half_is_reverse_complement(part: Part) -> bool:
    """Compare three pairs of sequences."""
    half, odd = divmod(len(part), 2)
    if odd:
        return False
    return all(
        np.array_equal(
            alphabets.reverse_complement(part.codes(row, row + 1)),
            part.codes(half + row, half + row + 1),
        )
        for row in {0, half // 2, half - 1}
    )
