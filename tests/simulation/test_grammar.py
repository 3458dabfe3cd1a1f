"""Positives keep the rule, negatives break it, and nothing else tells them apart."""

import numpy as np
import pytest
from scipy import stats

from cislens.errors import UserError
from cislens.sequence.pwm import Pwm
from cislens.simulation import embed, grammar

FIRST = Pwm("first", np.eye(4)[:, [0, 0, 1]])
SECOND = Pwm("second", np.eye(4)[:, [2, 2, 1, 1, 0]])
MOTIFS = (FIRST, SECOND)


def blank(rows, length):
    return np.full((rows, length), 4, dtype=np.uint8)


def rule_holds(pair, first, second):
    left, right = sorted([first, second], key=lambda site: site.start)
    gap = right.start - left.end
    return (
        pair.gap[0] <= gap <= pair.gap[1]
        and (pair.order == "any" or first.start < second.start)
        and pair.orientation in ("any", first.strand + second.strand)
    )


PAIRS = [
    grammar.Pair((5, 5)),
    grammar.Pair((0, 0), order="first"),
    grammar.Pair((2, 12), orientation="+-"),
    grammar.Pair((0, 22), order="first", orientation="--"),
    grammar.Pair((0, 21)),
]


@pytest.mark.parametrize("pair", PAIRS, ids=str)
def test_positives_keep_the_rule_and_negatives_break_it(pair, rng):
    codes, targets, truth = grammar.plant_pairs(blank(200, 30), MOTIFS, pair=pair, rng=rng)
    assert targets.sum() == 100
    assert (codes < 4).sum() == 200 * 8
    for row, sites in truth.table.groupby("sequence"):
        first, second = sites.set_index("motif").loc[["first", "second"]].itertuples()
        assert rule_holds(pair, first, second) == targets[row, 0]


def test_pairs_use_all_that_the_rule_allows(rng):
    pair = grammar.Pair((3, 5))
    _, targets, truth = grammar.plant_pairs(blank(4000, 30), MOTIFS, pair=pair, rng=rng)
    kept = truth.table[targets[truth.table["sequence"], 0] == 1]
    first, second = (kept[kept["motif"] == name].reset_index() for name in ("first", "second"))
    ahead = first["start"] < second["start"]
    gap = np.where(ahead, second["start"] - first["end"], first["start"] - second["end"])
    for observed in (
        np.bincount(gap)[3:],
        np.bincount(ahead),
        np.bincount(2 * (first["strand"] == "-") + (second["strand"] == "-")),
    ):
        assert stats.chisquare(observed).pvalue > 1e-4
    assert kept["start"].min() == 0
    assert kept["end"].max() == 30


def test_positives_contain_every_motif_once(rng):
    codes, targets, truth = grammar.plant_all(
        blank(101, 40), MOTIFS, layout=embed.Layout(strand="+", spacing=2), rng=rng
    )
    assert targets.shape == (101, 1)
    assert targets.sum() == 50
    held = truth.table.groupby("sequence")["motif"].agg(sorted)
    assert set(held.index) == set(np.flatnonzero(targets))
    assert (held.map(tuple) == ("first", "second")).all()
    assert (codes[targets[:, 0] == 0] == 4).all()
    leftmost = truth.table.groupby("sequence")["motif"].first()
    assert set(leftmost) == {"first", "second"}


@pytest.mark.parametrize(
    ("wrong", "message"),
    [({"gap": (3, 2)}, r"gap=\(3, 2\)"), ({"gap": (-1, 2)}, r"gap=\(-1, 2\)")],
)
def test_rules_without_sense_are_refused(wrong, message):
    with pytest.raises(UserError, match=message):
        grammar.Pair(**wrong)


def test_rules_that_cannot_be_kept_or_broken_are_refused(rng):
    with pytest.raises(UserError, match="at most 12 bp fit"):
        grammar.plant_pairs(blank(4, 20), MOTIFS, pair=grammar.Pair((5, 13)), rng=rng)
    with pytest.raises(UserError, match="allows every pair"):
        grammar.plant_pairs(blank(4, 20), MOTIFS, pair=grammar.Pair((0, 12)), rng=rng)
