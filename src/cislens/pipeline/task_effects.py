"""What the sites of a motif do to all tasks whose maps are of the same sequences."""

from pathlib import Path

import numpy as np
from jaxtyping import Float64, Int64

from cislens.maps.store import Maps
from cislens.motifs import seqlets
from cislens.pipeline import discovered

Numbers = Int64[np.ndarray, " sites"]


def siblings(run: Path, maps: Maps) -> list[Maps]:
    """Find the maps of all targets that are comparable.

    Parameters
    ----------
    run
        The run folder.
    maps
        Maps of one target.

    Returns
    -------
    list of Maps
        Those of the same model, name and sequences, itself among them; by target.
    """
    every = discovered.stores(run, name=discovered.label(maps), targets=[])
    return [
        other
        for other in every
        if discovered.model(other) == discovered.model(maps)
        and other.header.provenance.sequences == maps.header.provenance.sequences
    ]


def measure(
    stores: list[Maps], rows: Numbers, starts: Numbers, ends: Numbers
) -> Float64[np.ndarray, "sites tasks"]:
    """Sum maps over sites.

    Parameters
    ----------
    stores
        Maps of the same sequences, one a task.
    rows
        Sequence of each site.
    starts
        First base; sites that run over the ends of a sequence are cut off there.
    ends
        One past the last base.

    Returns
    -------
    ndarray
        Sum over the site, over the root mean square of all maps of the task.
    """
    found = np.zeros((len(rows), len(stores)))
    for task, maps in enumerate(stores):
        scale = seqlets.scale(maps.projected(block) for block in maps.blocks())
        for block in maps.blocks():
            here = np.flatnonzero((rows >= block.start) & (rows < block.stop))
            sums = np.zeros((block.stop - block.start, maps.length + 1))
            np.cumsum(maps.projected(block), axis=1, dtype=np.float64, out=sums[:, 1:])
            row = rows[here] - block.start
            first, last = (np.clip(at[here], 0, maps.length) for at in (starts, ends))
            found[here, task] = (sums[row, last] - sums[row, first]) / scale
    return found
