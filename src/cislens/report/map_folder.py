"""The maps of a run folder as the page sees them: a few sequences, and how well all maps hold."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cislens.errors import UserError
from cislens.maps import agreement, store, truth
from cislens.maps.sequences import Site
from cislens.maps.store import Maps
from cislens.metrics import localisation
from cislens.report import files

FOLDER = "attributions"
MOST = 12
"""Sequences on a page at most, unless they are named."""
EACH = 3
"""Sequences of each target at most, unless they are named."""


class Track(NamedTuple):
    """One map of a sequence."""

    model: str
    name: str
    """What the maps are called, usually the method."""
    scores: NDArray[np.float32]
    """One number a base."""
    output: float
    """The explained number."""
    missed: float | None
    """By how much the sum rule was missed at most; None for a method without one."""
    auroc: float
    """Agreement with planted truth; NaN where there is none."""
    aupr: float


class Shown(NamedTuple):
    """A sequence and its maps."""

    target: str
    id: str
    codes: NDArray[np.uint8]
    sites: list[Site]
    """All planted motifs."""
    mine: set[int]
    """Places in ``sites`` of those that the target stands for."""
    tracks: list[Track]


class Scores(NamedTuple):
    """Agreement of many maps with planted truth: means over sequences."""

    model: str
    name: str
    auroc: float
    aupr: float
    base_rate: float
    sequences: int


class Made(NamedTuple):
    """How maps of one name were made."""

    name: str
    method: str
    options: dict[str, object]
    reference: str
    both_strands: bool
    notes: list[str]


class MapFolder(NamedTuple):
    """All that a page shows of maps."""

    shown: list[Shown]
    scores: list[Scores]
    made: list[Made]
    selections: list[str]
    """Which sequences were explained, in words, by target."""


def read(run: Path, *, sequences: Sequence[str] = ()) -> MapFolder | None:
    """Read the maps of a run folder.

    Parameters
    ----------
    run
        The run folder.
    sequences
        Names of the sequences to show; those with the highest outputs where none is given.

    Returns
    -------
    MapFolder | None
        None if there are no maps.

    Raises
    ------
    UserError
        If a store is damaged, or a named sequence has no map.
    """
    stores = [store.open(path) for path in sorted((run / FOLDER).glob("*/*/*.zarr"))]
    if not stores and sequences:
        raise UserError(f"{run / FOLDER}: no maps to show; make some with `cislens attribute`")
    if not stores:
        return None
    targets = list(dict.fromkeys(maps.header.provenance.target for maps in stores))
    by_target = {
        target: [maps for maps in stores if maps.header.provenance.target == target]
        for target in targets
    }
    each = max(1, min(EACH, MOST // len(targets)))
    shown = [
        found
        for target, mine in by_target.items()
        for name in (_named(mine, sequences) if sequences else _highest(mine, each))
        if (found := _shown(target, name, mine))
    ]
    _check_named(shown, sequences, run)
    return MapFolder(
        shown if sequences else shown[:MOST],
        _scores(stores),
        _made(stores),
        list(dict.fromkeys(maps.header.provenance.selection for maps in stores)),
    )


def order(maps: Maps) -> tuple[str, str]:
    """Tell where maps stand among others: by name, then by model.

    Parameters
    ----------
    maps
        The maps.

    Returns
    -------
    tuple of str
        Name of the maps, and of the model.
    """
    return maps.path.parent.name, maps.path.parents[1].name


def _named(mine: list[Maps], sequences: Sequence[str]) -> list[str]:
    known = {name for maps in mine for name in maps.ids}
    return [name for name in sequences if name in known]


def _highest(mine: list[Maps], count: int) -> list[str]:
    """Name the sequences with the highest mean output, of those that all stores have."""
    common = [name for name in mine[0].ids if all(name in set(maps.ids) for maps in mine[1:])]
    outputs = [dict(zip(maps.ids, maps.outputs.tolist(), strict=True)) for maps in mine]
    means = {name: sum(values[name] for values in outputs) / len(outputs) for name in common}
    return sorted(common, key=lambda name: -means[name])[:count]


def _shown(target: str, name: str, mine: list[Maps]) -> Shown:
    holding = sorted((maps for maps in mine if name in maps.ids), key=order)
    first, row = holding[0], holding[0].ids.index(name)
    codes = first.codes(slice(row, row + 1))[0]
    sites, own = first.sites(row), truth.sites(first, row)
    keys = {site[:4] for site in own}
    tracks = [_track(maps, maps.ids.index(name)) for maps in holding]
    same = [track for maps, track in zip(holding, tracks, strict=True) if _is_of(maps, name, codes)]
    return Shown(
        target, name, codes, sites, {i for i, s in enumerate(sites) if s[:4] in keys}, same
    )


def _is_of(maps: Maps, name: str, codes: NDArray[np.uint8]) -> bool:
    """Tell whether a name stands for the same bases here, and not in another dataset."""
    row = maps.ids.index(name)
    return np.array_equal(maps.codes(slice(row, row + 1))[0], codes)


def _track(maps: Maps, row: int) -> Track:
    here = slice(row, row + 1)
    scores = maps.projected(here)
    deltas = maps.deltas(here)
    found = localisation.agreement(
        agreement.track(maps, here),
        localisation.truth(truth.information(maps, range(row, row + 1))),
    )
    return Track(
        model=order(maps)[1],
        name=order(maps)[0],
        scores=scores[0],
        output=float(maps.outputs[row]),
        missed=None if deltas is None else float(np.abs(deltas).max()),
        auroc=float(found.auroc[0]),
        aupr=float(found.aupr[0]),
    )


def _scores(stores: list[Maps]) -> list[Scores]:
    """Join the tables beside the stores, by maps and model."""
    found: dict[tuple[str, str], list[files.Row]] = {}
    for maps in sorted(stores, key=order):
        table = maps.path.with_name(maps.path.name.removesuffix(".zarr") + ".localisation.csv")
        if table.exists():
            rows = files.csv_rows(table, texts=("id",), numbers=("auroc", "aupr", "base_rate"))
            found.setdefault(order(maps), []).extend(r for r in rows if not np.isnan(r["auroc"]))
    return [
        Scores(
            model,
            name,
            _mean(rows, "auroc"),
            _mean(rows, "aupr"),
            _mean(rows, "base_rate"),
            len(rows),
        )
        for (name, model), rows in found.items()
        if rows
    ]


def _mean(rows: list[files.Row], column: str) -> float:
    return float(np.mean([row[column] for row in rows]))


def _made(stores: list[Maps]) -> list[Made]:
    """Say once how maps of one name were made; of notes that differ in a number, the first."""
    found: dict[str, Made] = {}
    for maps in sorted(stores, key=order):
        work, name = maps.header.provenance, order(maps)[0]
        entry = found.setdefault(
            name,
            Made(name, work.method, work.options, maps.header.reference, work.both_strands, []),
        )
        plain = {re.sub(r"[\d.]+(e[-+]\d+)?", "", note) for note in entry.notes}
        for note in maps.header.notes:
            if (bare := re.sub(r"[\d.]+(e[-+]\d+)?", "", note.text)) not in plain:
                plain.add(bare)
                entry.notes.append(note.text)
    return list(found.values())


def _check_named(shown: list[Shown], sequences: Sequence[str], run: Path) -> None:
    known = {sequence.id for sequence in shown}
    for name in sequences:
        if name not in known:
            raise UserError(
                f"sequences: {name!r} has no map in {run / FOLDER}; make one with "
                f"`cislens attribute {run} --sequences '[{name}]'`"
            )
