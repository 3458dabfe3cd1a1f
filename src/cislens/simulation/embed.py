"""Motifs planted in background sequence, and where they went."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from jaxtyping import Int64

from cislens.data.placements import Placements
from cislens.errors import UserError
from cislens.sequence.pwm import Pwm
from cislens.sequence.shapes import Codes
from cislens.simulation import sites


@dataclass(frozen=True)
class Layout:
    """How motifs are laid out in a sequence.

    Attributes
    ----------
    counts
        Chance of 0, 1, 2, … motifs in a sequence; sums to 1.
    strand
        Strand that motifs are planted on; "both" tosses a coin for each.
    window
        Part of the sequence that holds them, start and end in bp, 0-based, half-open; all of it
        where None.
    spacing
        Least distance between two motifs, in bp.
    overlap
        Whether motifs may lie over each other. The one planted last then keeps its bases.

    Raises
    ------
    UserError
        If a rule makes no sense, or a spacing is asked of motifs that may overlap.
    """

    counts: tuple[float, ...] = (0.0, 1.0)
    strand: Literal["+", "-", "both"] = "both"
    window: tuple[int, int] | None = None
    spacing: int = 0
    overlap: bool = False

    def __post_init__(self) -> None:
        if min(self.counts, default=-1) < 0 or not np.isclose(sum(self.counts), 1):
            raise UserError(
                f"counts={self.counts}; wants the chances of 0, 1, 2, … motifs, which sum to 1"
            )
        if self.strand not in ("+", "-", "both"):
            raise UserError(f"strand={self.strand!r}; known are '+', '-' and 'both'")
        if self.spacing < 0 or (self.spacing and self.overlap):
            raise UserError(
                f"spacing={self.spacing} with overlap={self.overlap}; wants 0 bp or more, and 0 "
                "where motifs may overlap"
            )


def plant(
    codes: Codes,
    motifs: Sequence[Pwm],
    *,
    layout: Layout,
    rng: np.random.Generator,
    weights: Sequence[float] | np.ndarray | None = None,
) -> tuple[Codes, Placements]:
    """Plant a random number of random motifs in each sequence.

    Parameters
    ----------
    codes
        The background; left as it is.
    motifs
        Motifs to choose from, with replacement.
    layout
        How many, and where.
    rng
        Source of randomness.
    weights
        How often each motif is chosen, relative to the others; all alike where None.

    Returns
    -------
    tuple[Codes, Placements]
        Sequences whose planted bases are drawn from the motifs' columns, and the truth.

    Raises
    ------
    UserError
        If the motifs do not fit the window, or the weights do not fit the motifs.
    """
    share = np.ones(len(motifs)) if weights is None else np.asarray(weights, dtype=np.float64)
    if share.shape != (len(motifs),) or (share < 0).any() or not share.any():
        raise UserError(
            f"weights={weights} for {len(motifs)} motifs; wants one a motif, none below 0 and not "
            "all 0"
        )
    count = rng.choice(len(layout.counts), size=len(codes), p=np.array(layout.counts))
    chosen = rng.choice(
        len(motifs), size=(len(codes), len(layout.counts) - 1), p=share / share.sum()
    )
    chosen[np.arange(chosen.shape[1]) >= count[:, None]] = -1
    return plant_chosen(codes, motifs, chosen, layout=layout, rng=rng)


def plant_chosen(
    codes: Codes,
    motifs: Sequence[Pwm],
    chosen: Int64[np.ndarray, "batch most"],
    *,
    layout: Layout,
    rng: np.random.Generator,
) -> tuple[Codes, Placements]:
    """Plant given motifs in each sequence.

    Without overlap, motifs stand in the order given and all arrangements that keep the layout are
    equally likely; with overlap, each start is drawn on its own.

    Parameters
    ----------
    codes
        The background; left as it is.
    motifs
        The motifs.
    chosen
        Positions in `motifs` for each sequence, then -1 to the end of the row.
    layout
        Where; its ``counts`` are not used.
    rng
        Source of randomness.

    Returns
    -------
    tuple[Codes, Placements]
        Sequences whose planted bases are drawn from the motifs' columns, and the truth.

    Raises
    ------
    UserError
        If the motifs do not fit the window, or a row has a motif behind a -1.
    """
    first, last = layout.window or (0, codes.shape[1])
    if not 0 <= first < last <= codes.shape[1]:
        raise UserError(
            f"window={layout.window}; wants a start before its end, within 0 to {codes.shape[1]}"
        )
    planted = chosen >= 0
    if (planted[:, 1:] & ~planted[:, :-1]).any():
        raise UserError("chosen: a row has a motif behind a -1; wants -1 only at the end of a row")
    widths = np.append([motif.width for motif in motifs], 0)[chosen]
    room = last - first - _extent(widths, planted, layout)
    if (room < 0).any():
        row = int(room.argmin())
        raise UserError(
            f"window of {last - first} bp; {planted[row].sum()} motifs need "
            f"{last - first - room[row]} bp, so plant fewer or widen it"
        )
    if layout.overlap:
        starts = rng.integers(0, last - first - widths + 1)
    else:
        starts = _apart(widths, planted, room, spacing=layout.spacing, rng=rng)
    minus = rng.random(chosen.shape) < {"+": 0.0, "-": 1.0, "both": 0.5}[layout.strand]
    sequence, _ = np.nonzero(planted)
    table = sites.tabulate(
        motifs, sequence, first + starts[planted], motif=chosen[planted], minus=minus[planted]
    )
    return sites.fill(codes, Placements(table, list(motifs)), rng=rng)


def _extent(widths: np.ndarray, planted: np.ndarray, layout: Layout) -> np.ndarray:
    """Count the bp that the motifs of each sequence need."""
    if layout.overlap:
        return np.asarray(widths.max(axis=1, initial=0))
    gaps = np.maximum(planted.sum(axis=1) - 1, 0)
    return np.asarray(widths.sum(axis=1) + layout.spacing * gaps)


def _apart(
    widths: np.ndarray,
    planted: np.ndarray,
    room: np.ndarray,
    *,
    spacing: int,
    rng: np.random.Generator,
) -> np.ndarray:
    """Spread motifs without overlap, uniformly over all arrangements."""
    # An arrangement is a choice of which of (room + count) items in a row are motifs. Floyd 1987
    # (doi:10.1145/30401.315746) draws such a choice without repeats: a repeat takes the top item.
    order = np.arange(widths.shape[1])
    count = planted.sum(axis=1)
    items = np.full(widths.shape, np.iinfo(np.int32).max)
    for place in order:
        top = np.where(place < count, room + place, 0)
        drawn = rng.integers(0, top + 1)
        repeated = (items[:, :place] == drawn[:, None]).any(axis=1)
        items[:, place] = np.where(place < count, np.where(repeated, top, drawn), items[:, place])
    items.sort(axis=1)
    return np.asarray(items - order + widths.cumsum(axis=1) - widths + spacing * order)
