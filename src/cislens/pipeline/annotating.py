"""How places of sequences fall on given intervals of the genome."""

from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cislens.data import bed, chromosomes
from cislens.errors import UserError
from cislens.maps.store import Maps

Covered = NDArray[np.bool_]


def covered(maps: Maps, path: Path) -> Covered:
    """Mark the bases of sequences that intervals cover.

    Parameters
    ----------
    maps
        The maps of the sequences.
    path
        A BED file; chromosomes may go by another of their names.

    Returns
    -------
    ndarray
        (sequence, base), as the sequences read.

    Raises
    ------
    UserError
        If no sequence has an interval, or no chromosome of the file is one of theirs.
    """
    if (places := maps.places) is None:
        raise UserError(
            f"annotation={path}: the sequences of {maps.path} have no intervals; give them when "
            "the dataset is made"
        )
    table = bed.read(path)
    spans = _spans(table, [name for name in maps.header.chromosomes if name], path)
    mask = np.zeros((len(maps), maps.length), bool)
    for row in np.flatnonzero((places.chrom != "") & (places.start >= 0)):
        starts, ends = spans.get(str(places.chrom[row]), (np.zeros(0), np.zeros(0)))
        first, last = int(places.start[row]), int(places.end[row])
        for at in np.flatnonzero((starts < last) & (ends > first)):
            mask[row, max(0, int(starts[at]) - first) : int(ends[at]) - first] = True
        if places.strand[row] == "-":
            mask[row] = mask[row, ::-1]
    return mask


def touching(mask: Covered, sites: pd.DataFrame) -> Covered:
    """Tell which sites lie on a marked base.

    Parameters
    ----------
    mask
        What `covered` gave.
    sites
        Columns row, start and end.

    Returns
    -------
    ndarray
        One a site.
    """
    running = _running(mask)
    row, start, end = (sites[name].to_numpy(np.int64) for name in ("row", "start", "end"))
    found: Covered = running[row, end] > running[row, start]
    return found


def by_chance(mask: Covered, width: int) -> float:
    """Tell how often any place at all lies on a marked base.

    Parameters
    ----------
    mask
        What `covered` gave.
    width
        Width of the places, in bp.

    Returns
    -------
    float
        Share of all places of this width; NaN where none fits.
    """
    running = _running(mask)
    hit = running[:, width:] > running[:, :-width]
    return float(hit.mean()) if hit.size else float("nan")


def _running(mask: Covered) -> NDArray[np.int64]:
    running = np.zeros((len(mask), mask.shape[1] + 1), np.int64)
    np.cumsum(mask, axis=1, out=running[:, 1:])
    return running


def _spans(
    table: pd.DataFrame, known: list[str], path: Path
) -> dict[str, tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Sort intervals by the chromosomes of the sequences."""
    sizes = dict.fromkeys(known, 0)
    names = chromosomes.match(table["chrom"].unique(), sizes, unknown="leave", where=str(path))
    table = table.assign(chrom=table["chrom"].map(names))
    found = {
        str(name): (rows["start"].to_numpy(np.int64), rows["end"].to_numpy(np.int64))
        for name, rows in table.groupby("chrom")
        if name in sizes
    }
    if not found:
        raise UserError(
            f"{path}: no interval on the chromosomes of the sequences, such as {known[0]}; wants a "
            "file of the same genome"
        )
    return found
