"""Which of 12 transcription factors have a site: Task 1 of Koo and Ploenzke 2021."""

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import numpy as np

from cislens.data import dataset
from cislens.data.placements import Placements
from cislens.errors import UserError
from cislens.sequence import alphabet
from cislens.sequence.pwm import Pwm
from cislens.simulation import background, embed
from cislens.simulation.tasks import _koo2021
from cislens.simulation.tasks._koo2021 import Drawn

FACTORS = {
    "Arid3a": "MA0151.1",
    "CEBPB": "MA0466.2",
    "FOSL1": "MA0477.1",
    "Gabpa": "MA0062.2",
    "MAFK": "MA0496.1",
    "MAX": "MA0058.3",
    "MEF2A": "MA0052.3",
    "NFYB": "MA0502.1",
    "SP1": "MA0079.3",
    "SRF": "MA0083.3",
    "STAT1": "MA0137.3",
    "YY1": "MA0095.2",
}
"""The factors in the order of the labels, and the JASPAR 2016 motif that is planted for each."""

GROUND_TRUTH_IDS = {
    "Arid3a": ("MA0151.1", "MA0601.1", "PB0001.1"),
    "CEBPB": ("MA0466.1", "MA0466.2"),
    "FOSL1": ("MA0477.1",),
    "Gabpa": ("MA0062.1", "MA0062.2"),
    "MAFK": ("MA0496.1", "MA0496.2"),
    "MAX": ("MA0058.1", "MA0058.2", "MA0058.3"),
    "MEF2A": ("MA0052.1", "MA0052.2", "MA0052.3"),
    "NFYB": ("MA0502.1", "MA0060.1", "MA0060.2"),
    "SP1": ("MA0079.1", "MA0079.2", "MA0079.3"),
    "SRF": ("MA0083.1", "MA0083.2", "MA0083.3"),
    "STAT1": ("MA0137.1", "MA0137.2", "MA0137.3"),
    "YY1": ("MA0095.1", "MA0095.2"),
}
"""JASPAR motifs that count as the factor. MA0601.1 is ARID3B and MA0060 is NFYA."""

LEGACY_TRUTH_IDS = GROUND_TRUTH_IDS | {
    "STAT1": (*GROUND_TRUTH_IDS["STAT1"], "MA0660.1", "MA0773.1"),
}
"""The lists as published, which file MEF2B (MA0660.1) and MEF2D (MA0773.1) under STAT1."""

DISTRACTORS = {
    "TFAP2A": "MA0003.3",
    "E2F1": "MA0024.3",
    "Pax6": "MA0069.1",
    "NFKB1": "MA0105.4",
    "Hnf4a": "MA0114.3",
    "ESRRB": "MA0141.3",
    "TFCP2": "MA0145.3",
    "RFX5": "MA0510.2",
    "GRHL1": "MA0647.1",
    "TBX20": "MA0689.1",
    "MYBL1": "MA0776.1",
    "TGIF1": "MA0796.1",
}
"""Factors without a label whose motifs resemble none of the 12 (Tomtom p > 0.1)."""

DISTRACTOR_SHARE = 0.25
"""Chance that a planted motif is a distractor in mode "corrected"."""

COUNTS = (0.0, *_koo2021.CHANCES)
"""Chance of 0, 1, 2, … motifs in a sequence."""

PUBLISHED = {"sequences": 30_000, "length": 200, "seed": 33, "factors": [*FACTORS]}
"""The settings whose "legacy" output is the published data set."""


def simulate(
    out: Path,
    *,
    database: Sequence[Pwm],
    sequences: int = 30_000,
    length: int = 200,
    factors: Sequence[str] = tuple(FACTORS),
    seed: int = 33,
    mode: Literal["legacy", "corrected"] = "legacy",
    overwrite: bool = False,
) -> None:
    """Simulate the task and write it as a dataset.

    Each sequence of independent, equally likely bases holds one to five motifs on random strands,
    apart from each other, with bases drawn from the motifs' columns. A factor's label is 1 where
    at least one copy of its motif was planted. 70, 10 and 20 % of the sequences are for training,
    validation and testing. Every planted site is kept as truth.

    Mode "legacy" is the published generator, number by number of numpy's legacy stream: with
    default settings and the count matrices of JASPAR 2016, each column divided by its sum in
    float64 without pseudocount, sequences, labels and split are the published ones in the
    published row order. The authors' repository lacks the file itself; what shows it is that label
    densities agree to five digits and eight statistics of a motif scan to four. With other
    settings, a subset of the factors among them, the design is the same but the stream runs
    elsewhere. Every sequence holds a factor, and gaps between motifs are more even than chance.

    Mode "corrected" departs in four ways. It draws from numpy's PCG64. All arrangements without
    overlap are equally likely. A quarter of the planted motifs are `DISTRACTORS`, which have no
    label, so that one sequence in seven is positive for no factor and finding some motif is not
    enough; they are listed with the truth, behind the factors. Rows stand in the order drawn.

    Parameters
    ----------
    out
        The dataset to write.
    database
        Motifs of JASPAR 2016 CORE vertebrates, named by identifier ("MA0151.1").
    sequences
        Number of sequences, at least 10.
    length
        Length of each, in bp.
    factors
        Which of `FACTORS` are planted; tasks always stand in the order of `FACTORS`.
    seed
        Seed of the generator.
    mode
        "legacy" or "corrected".
    overwrite
        Whether to replace a dataset that exists.

    Raises
    ------
    UserError
        If a factor or the mode is not known, the database lacks a motif, or the numbers are too
        small.

    References
    ----------
    Koo and Ploenzke 2021, doi:10.1038/s42256-020-00291-x.
    """
    chosen = _in_order(factors)
    planted = _koo2021.find(database, {factor: FACTORS[factor] for factor in chosen})
    spare = _koo2021.find(database, DISTRACTORS) if mode == "corrected" else []
    most = (len(COUNTS) - 1) * max(motif.width for motif in [*planted, *spare])
    _koo2021.check(mode=mode, sequences=sequences, length=length, most=most)
    settings = {"sequences": sequences, "length": length, "seed": seed, "factors": chosen}
    accepted = LEGACY_TRUTH_IDS if mode == "legacy" else GROUND_TRUTH_IDS
    shape = (sequences, length)
    drawn = (
        _legacy(planted, shape, seed) if spare == [] else _corrected(planted, spare, shape, seed)
    )
    with dataset.create(
        out,
        length=length,
        alphabet=alphabet.DNA,
        tasks=tuple(chosen),
        target_kind="binary",
        provenance={
            "task": "koo2021_task1",
            "mode": mode,
            **settings,
            "published": mode == "legacy" and settings == PUBLISHED,
            "accepted_targets": {factor: [*accepted[factor]] for factor in chosen},
            "reference": _koo2021.REFERENCE,
        },
        overwrite=overwrite,
    ) as writer:
        writer.append(
            drawn.codes,
            _labels(drawn.truth, planted, sequences),
            ids=[f"sequence_{number}" for number in drawn.generated],
            split=_koo2021.split(sequences),
        )
        writer.set_placements(drawn.truth)


def _legacy(motifs: list[Pwm], shape: tuple[int, int], seed: int) -> Drawn:
    """Draw as the published generator did."""
    # Only the legacy generator gives the published stream; nothing else may use it.
    rng = np.random.RandomState(seed)
    stream = _koo2021.draw(rng, motifs, shape, least=1)
    return _koo2021.write(stream, motifs, rng.permutation(shape[0]))


def _corrected(motifs: list[Pwm], spare: list[Pwm], shape: tuple[int, int], seed: int) -> Drawn:
    """Draw the design with distractors."""
    rng = np.random.default_rng(seed)
    codes = background.sample(background.with_gc(0.5), sequences=shape[0], length=shape[1], rng=rng)
    weights = np.repeat(
        [(1 - DISTRACTOR_SHARE) / len(motifs), DISTRACTOR_SHARE / len(spare)],
        [len(motifs), len(spare)],
    )
    planted, truth = embed.plant(
        codes, [*motifs, *spare], layout=embed.Layout(counts=COUNTS), rng=rng, weights=weights
    )
    return Drawn(planted, truth, np.arange(shape[0]))


def _in_order(factors: Sequence[str]) -> list[str]:
    """Put factors into the order of the labels."""
    unknown = [factor for factor in factors if factor not in FACTORS]
    if unknown or not factors:
        raise UserError(
            f"factors={', '.join(unknown) or 'none'}; wants some of {', '.join(FACTORS)}"
        )
    return [factor for factor in FACTORS if factor in factors]


def _labels(truth: Placements, motifs: list[Pwm], sequences: int) -> np.ndarray:
    """Mark the factors that each sequence holds."""
    labels = np.zeros((sequences, len(motifs)), dtype=np.float32)
    for task, motif in enumerate(motifs):
        labels[truth.table["sequence"][truth.table["motif"] == motif.name], task] = 1
    return labels
