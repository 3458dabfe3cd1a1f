"""What a user hears of maps that were written."""

import re
from pathlib import Path

import numpy as np
import pandas as pd

from cislens.maps import store
from cislens.maps.store import Maps
from cislens.pipeline import locating


def text(name: str, paths: list[Path]) -> str:
    """Sum up the maps of one model by one method.

    Parameters
    ----------
    name
        The model's name.
    paths
        The stores.

    Returns
    -------
    str
        A line, and one more for planted truth and for each note.
    """
    mine = [store.open(path) for path in paths]
    work = mine[0].header.provenance
    lines = [
        f"{name}: {sum(map(len, mine))} maps by {work.method} of {len(mine)} "
        f"{'target' if len(mine) == 1 else 'targets'}{_held(mine)} in {paths[0].parent}"
    ]
    # Notes that differ in a number only, such as one of each block, are said once.
    notes = {
        re.sub(r"[\d.]+(e[-+]\d+)?", "", note.text): note.text
        for maps in mine
        for note in maps.header.notes
    }
    return "\n".join(lines + _located(paths) + [f"  note: {text}" for text in notes.values()])


def _held(mine: list[Maps]) -> str:
    """Say how well the sum rule held."""
    worst = [float(np.abs(d).max()) for maps in mine if (d := maps.deltas()) is not None]
    return f", sum rule missed by at most {max(worst):.1g}" if worst else ""


def _located(paths: list[Path]) -> list[str]:
    """Say how well the maps point at planted motifs."""
    tables = [locating.beside(path) for path in paths]
    found = [pd.read_csv(table) for table in tables if table.exists()]
    scored = pd.concat(found).dropna() if found else pd.DataFrame()
    if scored.empty:
        return []
    auroc, aupr, chance = (scored[column].mean() for column in ("auroc", "aupr", "base_rate"))
    return [
        f"  planted motifs: AUROC {auroc:.3f}, AUPR {aupr:.3f} (chance {chance:.3f}), mean of "
        f"{len(scored)} sequences"
    ]
