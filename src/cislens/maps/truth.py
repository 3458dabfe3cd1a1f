"""Planted information of each base, of all motifs or of those that the target stands for."""

import numpy as np
from jaxtyping import Float64

from cislens.maps.sequences import Site
from cislens.maps.store import Maps


def concerned(maps: Maps) -> str | None:
    """Tell which motifs the maps should point at.

    Parameters
    ----------
    maps
        The maps.

    Returns
    -------
    str | None
        The label of motifs that is the name of the target; None for all motifs, where no motif
        has it.
    """
    target = maps.header.provenance.target
    labels = {motif["label"] for motif in maps.header.motifs}
    return target if target in labels else None


def sites(maps: Maps, row: int) -> list[Site]:
    """List the planted motifs that the map of a sequence should point at.

    Parameters
    ----------
    maps
        The maps.
    row
        Number of the sequence.

    Returns
    -------
    list of Site
        Those of the target, or all where no motif is the target's.
    """
    label = concerned(maps)
    return [site for site in maps.sites(row) if label is None or site.label == label]


def information(maps: Maps, rows: range) -> Float64[np.ndarray, "rows length"]:
    """Lay the motifs that count into sequences.

    Parameters
    ----------
    maps
        The maps.
    rows
        Numbers of the sequences.

    Returns
    -------
    Float64[np.ndarray, "rows length"]
        Bits of the planted motif at each base; the largest where motifs overlap, 0 elsewhere.
    """
    bits = np.zeros((len(rows), maps.length))
    for place, row in enumerate(rows):
        for site in sites(maps, row):
            here = bits[place, site.start : site.end]
            np.maximum(here, site.information, out=here)
    return bits
