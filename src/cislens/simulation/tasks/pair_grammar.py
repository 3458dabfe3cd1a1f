"""Whether two motifs stand to each other by a rule: spacing, order, orientation, or all three."""

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import numpy as np

from cislens.data import dataset
from cislens.errors import UserError
from cislens.sequence import alphabet
from cislens.sequence.pwm import Pwm
from cislens.simulation import background, grammar
from cislens.simulation.tasks import _koo2021

FACTORS = {"Gabpa": "MA0062.2", "CEBPB": "MA0466.2"}
"""The first and the second motif of the pair; neither is its own reverse complement."""

GAP = (6, 10)
"""Least and greatest distance between the motifs, in bp, where spacing is the rule."""

Rule = Literal["spacing", "order", "orientation", "all"]


def simulate(
    out: Path,
    *,
    database: Sequence[Pwm],
    rule: Rule = "all",
    sequences: int = 20_000,
    length: int = 200,
    seed: int = 0,
    overwrite: bool = False,
) -> None:
    """Simulate the task and write it as a dataset.

    Every sequence of independent, equally likely bases holds both motifs once, so neither of them
    tells the classes apart: in half of the sequences the pair keeps the rule, in the others it
    breaks it. Rule "spacing" wants 6 to 10 bp between the motifs, "order" the first one to the left
    of the second, "orientation" the first on the plus and the second on the minus strand, and "all"
    all of that. What a rule leaves open is drawn alike for both classes, but for the spread of
    gaps under "spacing" and "all". 70, 10 and 20 % of the sequences are for training, validation
    and testing; every site is kept as truth.

    Parameters
    ----------
    out
        The dataset to write.
    database
        Motifs of JASPAR 2016 CORE vertebrates, named by identifier ("MA0062.2").
    rule
        What positives keep.
    sequences
        Number of sequences, at least 10.
    length
        Length of each, in bp, at least twice that of the pair.
    seed
        Seed of the generator.
    overwrite
        Whether to replace a dataset that exists.

    Raises
    ------
    UserError
        If the rule is not known, the database lacks a motif, or the numbers are too small.
    """
    first, second = _koo2021.find(database, FACTORS)
    width = first.width + second.width
    _koo2021.check(mode="corrected", sequences=sequences, length=length, most=2 * width)
    pair = pairs(length - width).get(rule)
    if pair is None:
        raise UserError(f"rule={rule!r}; known are {', '.join(pairs(length))}")
    rng = np.random.default_rng(seed)
    codes = background.sample(background.with_gc(0.5), sequences=sequences, length=length, rng=rng)
    codes, targets, truth = grammar.plant_pairs(codes, (first, second), pair=pair, rng=rng)
    with dataset.create(
        out,
        length=length,
        alphabet=alphabet.DNA,
        tasks=(rule,),
        target_kind="binary",
        provenance={
            "task": "pair_grammar",
            "rule": rule,
            "gap": list(pair.gap),
            "order": pair.order,
            "orientation": pair.orientation,
            "sequences": sequences,
            "length": length,
            "seed": seed,
            "accepted_targets": {factor: [name] for factor, name in FACTORS.items()},
        },
        overwrite=overwrite,
    ) as writer:
        writer.append(
            codes,
            targets,
            ids=[f"sequence_{number}" for number in range(sequences)],
            split=_koo2021.split(sequences),
        )
        writer.set_placements(truth)


def pairs(room: int) -> dict[str, grammar.Pair]:
    """List the rules.

    Parameters
    ----------
    room
        Greatest gap that fits the sequences, in bp.

    Returns
    -------
    dict
        Name to rule.
    """
    return {
        "spacing": grammar.Pair(GAP),
        "order": grammar.Pair((0, room), order="first"),
        "orientation": grammar.Pair((0, room), orientation="+-"),
        "all": grammar.Pair(GAP, order="first", orientation="+-"),
    }
