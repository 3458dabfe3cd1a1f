"""The consensus of stores: which it is made of, and how its maps become one number a base."""

import numpy as np
from jaxtyping import Float

from cislens.maps.sequences import Sequences
from cislens.maps.store import Maps, Rows
from cislens.sequence import consensus

CONSENSUS = "consensus"
"""Name of the method in the provenance of such a store."""


def track(maps: Maps, rows: Rows = slice(None)) -> Float[np.ndarray, "rows length"]:
    """Read how much each base matters, as truth is compared with.

    Parameters
    ----------
    maps
        Any maps.
    rows
        A slice, or row numbers in any order.

    Returns
    -------
    Float[np.ndarray, "rows length"]
        Of a consensus its importance (`cislens.sequence.consensus.importance`); of other maps the
        value of the base that stands there, as published.
    """
    if maps.header.provenance.method != CONSENSUS:
        return maps.projected(rows)
    return consensus.importance(maps.values(rows), maps.onehot(rows)).astype(np.float32)


def described(maps: Maps) -> Sequences:
    """Take over what a store knows of its sequences, for another store of the same.

    Parameters
    ----------
    maps
        The maps.

    Returns
    -------
    Sequences
        Names, intervals and planted motifs.
    """
    group = maps.group
    columns = {
        name: np.asarray(group[name][:])
        for name in ("chrom", "start", "end", "strand")
        if name in group
    }
    sites = np.asarray(group["sites"][:]) if "sites" in group else None
    return Sequences(maps.ids, columns, sites)
