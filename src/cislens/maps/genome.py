"""Maps along the genome: projected scores as bigWig and bedGraph.

Where sequences overlap, a base has the mean of its scores. A sequence of the minus strand is turned
round. Sequences without an interval are left out.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pybigtools

from cislens import files
from cislens.errors import UserError
from cislens.maps.pile import Pile, Stretch
from cislens.maps.sequences import Places
from cislens.maps.store import Maps

AT_ONCE = 256
"""Sequences read at once."""


def stretches(maps: Maps) -> Iterator[Stretch]:
    """Go along the genome, a few sequences in memory at a time.

    Parameters
    ----------
    maps
        The maps.

    Yields
    ------
    Stretch
        Sorted by name of the chromosome and start; no base stands in two.

    Raises
    ------
    UserError
        If no sequence has an interval, or one has another length.
    """
    places = _places(maps)
    known = np.flatnonzero((places.chrom != "") & (places.start >= 0))
    order = known[np.lexsort((places.start[known], places.chrom[known].astype(str)))]
    pile = Pile()
    for start in range(0, len(order), AT_ONCE):
        rows = order[start : start + AT_ONCE]
        for row, track in zip(rows, maps.projected(rows), strict=True):
            turned = track[::-1] if places.strand[row] == "-" else track
            yield from pile.add(str(places.chrom[row]), int(places.start[row]), turned)
    yield from pile.finish()


def write_bedgraph(maps: Maps, path: Path) -> None:
    """Write a bedGraph file: one line a run of equal scores, sorted as UCSC's tools want it.

    Parameters
    ----------
    maps
        The maps.
    path
        The file; it appears when it is complete. Numbers have all digits of float32.

    Raises
    ------
    UserError
        If no sequence has an interval, or one has another length.
    """
    _places(maps)
    with files.whole(path) as partial, partial.open("w", encoding="ascii") as file:
        for chrom, start, end, score in _records(maps):
            file.write(f"{chrom}\t{start}\t{end}\t{score:.9g}\n")


def write_bigwig(maps: Maps, path: Path, *, chromosome_sizes: Path | None = None) -> None:
    """Write a bigWig file.

    Parameters
    ----------
    maps
        The maps.
    path
        The file; it appears when it is complete.
    chromosome_sizes
        A file of two columns, chromosome and size in bp; None takes the largest end of a sequence
        on each chromosome.

    Raises
    ------
    UserError
        If no sequence has an interval, one has another length, or one does not lie on the
        chromosomes of the file.
    """
    known = sizes(_places(maps), chromosome_sizes)
    with files.whole(path) as partial:
        named = partial.with_suffix(".bw")
        try:
            # The writer wants this ending, and only prints what it cannot write: hence `sizes`.
            pybigtools.open(str(named), "w").write(known, _records(maps))
            named.rename(partial)
        finally:
            files.remove(named)


def sizes(places: Places, path: Path | None) -> dict[str, int]:
    """Give the size of each chromosome that a bigWig file of some sequences wants.

    Parameters
    ----------
    places
        Where the sequences lie.
    path
        A file of two columns, chromosome and size in bp; None takes the largest end of a sequence
        on each chromosome.

    Returns
    -------
    dict[str, int]
        Sizes in bp, in the order of the names.

    Raises
    ------
    UserError
        If the file is no such table, or a sequence does not lie on its chromosomes.
    """
    ends: dict[str, int] = {}
    for chrom in sorted({str(name) for name in places.chrom if name}):
        ends[chrom] = int(places.end[places.chrom == chrom].max())
    ends = {chrom: end for chrom, end in ends.items() if end > 0}
    if path is None:
        return ends
    known = _read_sizes(path)
    for chrom, end in ends.items():
        if chrom not in known:
            raise UserError(f"{path}: no {chrom}, where sequences lie; it has {_first(known)}")
        if end > known[chrom]:
            raise UserError(
                f"{path}: {chrom} has {known[chrom]} bp, a sequence ends at {end}; give the sizes "
                "of the genome that the intervals are of"
            )
    return dict(sorted(known.items()))


def _records(maps: Maps) -> Iterator[tuple[str, int, int, float]]:
    """Join neighbouring bases of equal score."""
    for chrom, start, scores in stretches(maps):
        edges = np.flatnonzero(np.diff(scores)) + 1
        starts = np.concatenate([[0], edges])
        ends = np.append(edges, len(scores)) + start
        yield from zip(
            [chrom] * len(starts), (starts + start).tolist(), ends.tolist(),
            scores[starts].tolist(), strict=True,
        )  # fmt: skip


def _places(maps: Maps) -> Places:
    places = maps.places
    if places is None or not (places.start >= 0).any():
        raise UserError(
            f"{maps.path}: no sequence has an interval; bigWig and bedGraph want a dataset with "
            "chromosome, start and end"
        )
    wrong = np.flatnonzero((places.start >= 0) & (places.end - places.start != maps.length))
    if len(wrong):
        row = wrong[0]
        raise UserError(
            f"{maps.path}: {maps.ids[row]} lies at {places.start[row]} to {places.end[row]} and "
            f"has {maps.length} bp; an interval of this length is wanted"
        )
    return places


def _first(sizes: dict[str, int]) -> str:
    return ", ".join(list(sizes)[:5]) + (", …" if len(sizes) > 5 else "")


def _read_sizes(path: Path) -> dict[str, int]:
    sizes: dict[str, int] = {}
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError as error:
        raise UserError(f"{path}: no such file; lines of chromosome and size are wanted") from error
    for number, line in enumerate(lines, start=1):
        cells = line.split()
        if not cells:
            continue
        if len(cells) < 2 or not cells[1].isdecimal() or int(cells[1]) < 1:
            raise UserError(
                f"{path}, line {number}: {line!r}; a chromosome and its size in bp are wanted"
            )
        sizes[cells[0]] = int(cells[1])
    return sizes
