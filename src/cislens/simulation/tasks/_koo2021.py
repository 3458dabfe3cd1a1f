"""What the synthetic tasks of Koo and Ploenzke 2021 share: their stream of numbers, their split."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from cislens.data.placements import Placements
from cislens.errors import UserError
from cislens.sequence.pwm import Pwm
from cislens.sequence.shapes import Codes
from cislens.simulation import sites

CHANCES = (0.50, 0.25, 0.17, 0.05, 0.03)
"""Chance of the least number of motifs in a sequence, of one more, and so on."""

REFERENCE = "doi:10.1038/s42256-020-00291-x"


class Drawn(NamedTuple):
    """Sequences, where motifs are in them, and the number each was generated as."""

    codes: Codes
    truth: Placements
    generated: np.ndarray


class Stream(NamedTuple):
    """Numbers drawn for some sequences, before any base is chosen by them."""

    uniforms: np.ndarray
    """(sequences, length): chooses the base at each position."""
    sizes: np.ndarray
    """How many motifs each sequence has."""
    number: np.ndarray
    """For each motif its place in the pool, where each motif is followed by its reverse."""
    starts: np.ndarray
    """For each motif its first base."""


def draw(
    rng: np.random.RandomState, motifs: Sequence[Pwm], shape: tuple[int, int], *, least: int
) -> Stream:
    """Draw as the published generator did, number by number.

    ``least`` is the smallest number of motifs, which `CHANCES` belongs to.
    """
    bounds = np.cumsum(CHANCES)[:-1]
    widths = np.repeat([motif.width for motif in motifs], 2)
    uniforms = np.empty(shape)
    pool, starts = [], []
    for row in uniforms:
        count = least + np.searchsorted(bounds, rng.random_sample(), side="right")
        pool.append(rng.randint(len(widths), size=count))
        starts.append(_starts(widths[pool[-1]], shape[1], rng))
        row[:] = rng.random_sample(shape[1])
    sizes = np.array([len(ids) for ids in pool])
    return Stream(uniforms, sizes, np.concatenate(pool), np.concatenate(starts))


def _starts(widths: np.ndarray, length: int, rng: np.random.RandomState) -> np.ndarray:
    """Share the free length among the gaps, again until the rounded gaps add up to it."""
    free = length - widths.sum()
    while True:
        gaps = rng.random_sample(len(widths) + 1)
        gaps = np.round(gaps / gaps.sum() * free).astype(np.int64)
        if gaps.sum() == free:
            return np.asarray((gaps[:-1] + widths).cumsum() - widths)


def write(stream: Stream, motifs: Sequence[Pwm], permutation: np.ndarray) -> Drawn:
    """Choose the bases, and put the sequences into the order of the published files."""
    table = sites.tabulate(
        motifs,
        np.repeat(np.arange(len(stream.sizes)), stream.sizes),
        stream.starts,
        motif=stream.number // 2,
        minus=stream.number % 2 == 1,
    )
    codes = (stream.uniforms * 4).astype(np.uint8)
    codes = sites.write(
        codes,
        Placements(table, list(motifs)),
        uniforms=stream.uniforms[sites.cells(table)],
    )
    # The published files hold the sequences in the order of the split.
    table = table.assign(sequence=np.argsort(permutation)[table["sequence"]])
    table = table.sort_values(["sequence", "start"], ignore_index=True)
    return Drawn(codes[permutation], Placements(table, list(motifs)), permutation)


def join(first: Stream, second: Stream) -> Stream:
    """Put the sequences of one stream behind those of another."""
    return Stream(*(np.concatenate(pair) for pair in zip(first, second, strict=True)))


def find(database: Sequence[Pwm], wanted: Mapping[str, str]) -> list[Pwm]:
    """Look motifs up by identifier, the values of ``wanted``; its keys are their factors."""
    known = {motif.name: motif for motif in database}
    missing = [f"{name} ({factor})" for factor, name in wanted.items() if name not in known]
    if missing:
        raise UserError(
            f"database of {len(known)} motifs lacks {', '.join(missing)}; "
            "wants JASPAR 2016 CORE vertebrates"
        )
    return [known[name] for name in wanted.values()]


def check(*, mode: str, sequences: int, length: int, most: int) -> None:
    """Refuse settings that no task can have; ``most`` bp of motifs may come together."""
    if mode not in ("legacy", "corrected"):
        raise UserError(f"mode={mode!r}; known are 'legacy' and 'corrected'")
    if sequences < 10:
        raise UserError(f"sequences={sequences}; wants 10 or more, for three splits")
    if length < most:
        raise UserError(f"length={length}; wants at least {most} bp, to hold all motifs")


def split(sequences: int) -> np.ndarray:
    """Cut the rows 70 to 10 to 20."""
    train, validation = sequences * 7 // 10, sequences // 10
    sizes = [train, validation, sequences - train - validation]
    return np.repeat(["train", "validation", "test"], sizes)
