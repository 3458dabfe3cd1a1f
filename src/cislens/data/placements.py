"""Planted truth: which motif was put where in which sequence."""

from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cislens.errors import UserError
from cislens.sequence.pwm import Pwm

COLUMNS = ("sequence", "start", "end", "strand", "motif")


class Placements(NamedTuple):
    """Motifs that were planted, and the motifs themselves.

    Attributes
    ----------
    table
        One row a planted site: ``sequence`` (row number in the dataset), ``start`` and ``end`` (bp
        in the sequence, 0-based, half-open), ``strand`` (``+`` or ``-``), ``motif`` (the name of a
        member of `motifs`).
    motifs
        The motifs, each with its own name.
    """

    table: pd.DataFrame
    motifs: list[Pwm]


def restrict(placements: Placements, rows: NDArray[np.int64]) -> Placements:
    """Keep the sites of some sequences and number these from 0.

    Parameters
    ----------
    placements
        Sites in a dataset.
    rows
        Row numbers in the dataset, each at most once, such as the ``indices`` of a view.

    Returns
    -------
    Placements
        Sites whose ``sequence`` is a position in `rows`; all motifs.
    """
    position = pd.Series(np.arange(len(rows)), index=rows)
    table = placements.table[placements.table["sequence"].isin(position.index)]
    renumbered = table.assign(sequence=position.loc[table["sequence"]].to_numpy())
    return Placements(renumbered.reset_index(drop=True), placements.motifs)


def check(placements: Placements, *, sequences: int, length: int) -> None:
    """Refuse sites that do not fit a dataset.

    Parameters
    ----------
    placements
        Sites and motifs.
    sequences
        Number of sequences in the dataset.
    length
        Their length in bp.

    Raises
    ------
    UserError
        If a column is missing, a site lies outside its sequence, a strand is not ``+`` or ``-``, a
        motif is not known, or two motifs have one name.
    """
    table = placements.table
    missing = [name for name in COLUMNS if name not in table.columns]
    if missing:
        raise UserError(f"placements: column {missing[0]} is missing; wanted are {COLUMNS}")
    names = [pwm.name for pwm in placements.motifs]
    if len(set(names)) != len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise UserError(f"placements: two motifs are named {twice!r}; each wants its own name")
    faults = {
        f"a sequence number from 0 to {sequences - 1}": ~table["sequence"].between(
            0, sequences - 1
        ),
        f"0 <= start < end <= {length}": (table["start"] < 0)
        | (table["end"] > length)
        | (table["start"] >= table["end"]),
        "a strand + or -": ~table["strand"].isin(["+", "-"]),
        "the name of one of its motifs": ~table["motif"].isin(names),
    }
    for wanted, wrong in faults.items():
        if wrong.any():
            row = int(np.flatnonzero(wrong)[0])
            got = table.iloc[row][[*COLUMNS]].to_dict()
            raise UserError(f"placements: row {row} is {got}; {wanted} is wanted")
