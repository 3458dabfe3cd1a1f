"""Two classes told apart by motifs: by whether all are there, or by how a pair stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from jaxtyping import Bool, Float32, Int64

from cislens.data.placements import Placements
from cislens.errors import UserError
from cislens.sequence.pwm import Pwm
from cislens.sequence.shapes import Codes
from cislens.simulation import embed, sites

Targets = Float32[np.ndarray, "batch 1"]


@dataclass(frozen=True)
class Pair:
    """How two motifs stand to each other.

    Attributes
    ----------
    gap
        Least and greatest distance from the end of the left motif to the start of the right one,
        in bp, both included; equal for a fixed spacing.
    order
        "first" where the first motif stands left of the second, "any" where either may.
    orientation
        Strands of the first and the second motif, such as "+-"; "any" where all will do.

    Raises
    ------
    UserError
        If the gap is below 0 or reversed, or a rule is not known.
    """

    gap: tuple[int, int]
    order: Literal["first", "any"] = "any"
    orientation: Literal["++", "+-", "-+", "--", "any"] = "any"

    def __post_init__(self) -> None:
        if not 0 <= self.gap[0] <= self.gap[1]:
            raise UserError(f"gap={self.gap}; wants least and greatest bp, such as (5, 10)")
        if self.order not in ("first", "any"):
            raise UserError(f"order={self.order!r}; known are 'first' and 'any'")
        if self.orientation not in ("++", "+-", "-+", "--", "any"):
            raise UserError(
                f"orientation={self.orientation!r}; known are '++', '+-', '-+', '--' and 'any'"
            )


def plant_all(
    codes: Codes, motifs: Sequence[Pwm], *, layout: embed.Layout, rng: np.random.Generator
) -> tuple[Codes, Targets, Placements]:
    """Plant all of some motifs in half of the sequences and none in the others.

    Parameters
    ----------
    codes
        The background; left as it is.
    motifs
        The motifs that a positive sequence holds, each once, in random order.
    layout
        Where; its ``counts`` are not used.
    rng
        Source of randomness.

    Returns
    -------
    tuple[Codes, Targets, Placements]
        Sequences, 1 for a positive and 0 for a negative, and the truth. Which sequences are
        positive is drawn; with an odd number, one fewer are.

    Raises
    ------
    UserError
        If the motifs do not fit the window.
    """
    positive = _half(len(codes), rng)
    order = np.tile(np.arange(len(motifs)), (len(codes), 1))
    chosen = np.where(positive[:, None], rng.permuted(order, axis=1), -1)
    planted, truth = embed.plant_chosen(codes, motifs, chosen, layout=layout, rng=rng)
    return planted, positive[:, None].astype(np.float32), truth


def plant_pairs(
    codes: Codes, motifs: tuple[Pwm, Pwm], *, pair: Pair, rng: np.random.Generator
) -> tuple[Codes, Targets, Placements]:
    """Plant two motifs in every sequence, by the rule in half of them and against it in the others.

    Negatives hold the same motifs as positives, so that nothing but the grammar tells them apart.
    Their gap, order and strands are drawn from all that fit and drawn again while the rule holds.
    Positives draw theirs from all that the rule allows, and both draw the start of the pair from
    all that fit.

    Parameters
    ----------
    codes
        The background; left as it is.
    motifs
        The first and the second motif.
    pair
        The rule.
    rng
        Source of randomness.

    Returns
    -------
    tuple[Codes, Targets, Placements]
        Sequences, 1 where the rule holds and 0 where it does not, and the truth. Which sequences
        are positive is drawn; with an odd number, one fewer are.

    Raises
    ------
    UserError
        If the greatest gap does not fit the sequences, or the rule cannot be broken.
    """
    width = motifs[0].width + motifs[1].width
    most = codes.shape[1] - width
    if pair.gap[1] > most:
        raise UserError(f"gap={pair.gap}; with {width} bp of motifs at most {most} bp fit")
    if pair == Pair((0, most)):
        raise UserError(f"gap={pair.gap} allows every pair; a rule that can be broken is wanted")
    positive = _half(len(codes), rng)
    gap, swapped, minus = _draw(pair, len(codes), rng)
    open_rows = np.flatnonzero(~positive)
    while len(open_rows):
        drawn = _draw(Pair((0, most)), len(open_rows), rng)
        gap[open_rows], swapped[open_rows], minus[open_rows] = drawn
        open_rows = open_rows[_holds(pair, *drawn)]
    left = rng.integers(0, most - gap + 1)
    widths = np.array([motif.width for motif in motifs])
    behind = left + gap + np.where(swapped, widths[1], widths[0])
    start = np.where(swapped[:, None], np.stack([behind, left], 1), np.stack([left, behind], 1))
    table = sites.tabulate(
        motifs,
        np.repeat(np.arange(len(codes)), 2),
        start.ravel(),
        motif=np.tile([0, 1], len(codes)),
        minus=minus.ravel(),
    )
    planted, truth = sites.fill(codes, Placements(table, list(motifs)), rng=rng)
    return planted, positive[:, None].astype(np.float32), truth


def _half(sequences: int, rng: np.random.Generator) -> Bool[np.ndarray, " sequences"]:
    """Choose which half of the sequences is positive."""
    return rng.permutation(sequences) < sequences // 2


def _draw(
    pair: Pair, sequences: int, rng: np.random.Generator
) -> tuple[
    Int64[np.ndarray, " sequences"],
    Bool[np.ndarray, " sequences"],
    Bool[np.ndarray, "sequences 2"],
]:
    """Draw gap, whether the second motif stands left, and whether each is on the minus strand."""
    gap = rng.integers(pair.gap[0], pair.gap[1] + 1, size=sequences)
    swapped = (rng.random(sequences) < 0.5) & (pair.order == "any")
    minus = rng.random((sequences, 2)) < 0.5
    if pair.orientation != "any":
        minus[:] = [strand == "-" for strand in pair.orientation]
    return gap, swapped, minus


def _holds(
    pair: Pair, gap: np.ndarray, swapped: np.ndarray, minus: np.ndarray
) -> Bool[np.ndarray, " sequences"]:
    """Tell which drawn pairs keep the rule."""
    keeps_gap = (gap >= pair.gap[0]) & (gap <= pair.gap[1])
    keeps_order = ~swapped | (pair.order == "any")
    wanted = [strand == "-" for strand in pair.orientation]
    keeps_strands = pair.orientation == "any" or (minus == wanted).all(axis=1)
    held: np.ndarray = keeps_gap & keeps_order & keeps_strands
    return held
