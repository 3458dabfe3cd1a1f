"""How well maps point at planted motifs: a table beside each store."""

from pathlib import Path

import numpy as np
import pandas as pd

from cislens.maps import agreement, store, truth
from cislens.metrics import localisation
from cislens.pipeline import folder

ENDING = ".localisation.csv"


def write(path: Path) -> pd.DataFrame | None:
    """Score the maps of a store against what was planted in its sequences.

    Parameters
    ----------
    path
        The store.

    Returns
    -------
    DataFrame or None
        One row a sequence: ``id``, ``auroc``, ``aupr`` and ``base_rate``; written beside the store.
        None where nothing is known of planted motifs.
    """
    maps = store.open(path)
    if not maps.header.motifs:
        return None
    found = [
        localisation.agreement(
            agreement.track(maps, rows),
            localisation.truth(truth.information(maps, range(rows.start, rows.stop))),
        )
        for rows in maps.blocks()
    ]
    columns = {
        name: np.concatenate([getattr(block, name) for block in found])
        for name in localisation.Agreement._fields
    }
    table = pd.DataFrame({"id": maps.ids, **columns})
    folder.write_table(beside(path), table)
    return table


def beside(path: Path) -> Path:
    """Name the table of a store.

    Parameters
    ----------
    path
        The store.

    Returns
    -------
    Path
        The table; nothing is made.
    """
    return path.with_name(path.name.removesuffix(".zarr") + ENDING)
