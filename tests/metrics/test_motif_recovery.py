"""Motif recovery on match tables whose answers are known by hand."""

import json

import numpy as np
import pandas as pd
import pytest

from cislens.errors import UserError
from cislens.metrics import motif_recovery
from cislens.sequence.pwm import Pwm

TRUTH = {"CTCF": {"M1", "M1.old"}, "SP1": {"M2"}, "MYC": {"M3"}}
FILTERS = ["f0", "f1", "f2", "f3", "dead"]


def table(*rows):
    frame = pd.DataFrame(rows, columns=["query", "target", "p", "q"])
    return frame.assign(e=frame["p"] * 100)


MATCHES = table(
    ("f0", "M1", 1e-9, 1e-7),
    ("f0", "relative", 1e-8, 1e-6),
    ("f1", "relative", 1e-7, 1e-5),  # its best hit is no truth, a later one is
    ("f1", "M1.old", 1e-6, 3e-5),
    ("f1", "M2", 1e-5, 4e-5),
    ("f2", "relative", 1e-5, 1e-3),
    ("f3", "M3", 1.01e-3, 0.2),  # just above the threshold
)


def test_measures_by_hand():
    recovery = motif_recovery.recover(MATCHES, filters=FILTERS, truth=TRUTH)
    assert recovery.per_filter == {
        "f0": "CTCF",
        "f1": "CTCF",
        "f2": None,
        "f3": None,
        "dead": None,
    }
    assert recovery.match_fraction == 2 / 5
    assert recovery.match_any == 3 / 5
    assert recovery.coverage == 1 / 3
    assert recovery.redundancy == 2
    assert recovery.best_hit_precision == pytest.approx(1 / 3)
    assert recovery.mean_q == pytest.approx((1e-7 + 3e-5) / 2)
    assert recovery.recovered == ["CTCF"]
    assert recovery.missed == ["SP1", "MYC"]


def test_threshold_is_included():
    rows = table(("f0", "M3", 1e-3, 0.1))
    assert rows["e"].item() == 0.1
    recovery = motif_recovery.recover(rows, filters=FILTERS, truth=TRUTH)
    assert recovery.recovered == ["MYC"]


def test_order_of_the_matches_does_not_count(rng):
    expected = motif_recovery.recover(MATCHES, filters=FILTERS, truth=TRUTH)
    shuffled = MATCHES.iloc[rng.permutation(len(MATCHES))]
    assert motif_recovery.recover(shuffled, filters=FILTERS, truth=TRUTH) == expected


def test_q_value_names_the_factor():
    rows = table(("f0", "M1", 1e-9, 1e-3), ("f0", "M2", 1e-8, 1e-4))
    recovery = motif_recovery.recover(rows, filters=["f0"], truth=TRUTH)
    assert recovery.per_filter == {"f0": "SP1"}


def test_match_to_a_flat_motif_alone_is_none():
    rows = table(("f0", "MA0615.1", 1e-9, 1e-7), ("f1", "MA0615.1", 1e-9, 1e-7), ("f1", "X", 0, 0))
    recovery = motif_recovery.recover(rows, filters=["f0", "f1"], truth=TRUTH)
    assert recovery.match_any == 0.5


def test_filters_without_any_match():
    recovery = motif_recovery.recover(MATCHES.iloc[:0], filters=FILTERS, truth=TRUTH)
    assert recovery.match_fraction == recovery.match_any == recovery.coverage == 0
    assert recovery.redundancy is recovery.best_hit_precision is recovery.mean_q is None
    assert recovery.missed == list(TRUTH)


@pytest.mark.parametrize("matches", [MATCHES, MATCHES.iloc[:0]])
def test_json_holds_a_recovery(matches):
    recovery = motif_recovery.recover(matches, filters=FILTERS, truth=TRUTH)
    held = json.loads(json.dumps(recovery.to_dict(), allow_nan=False))
    assert motif_recovery.Recovery(**held) == recovery


def test_planted_motifs_are_their_own_truth():
    flat = np.full((4, 6), 0.25)
    motifs = [Pwm("MA1", flat, "CTCF"), Pwm("MA2", flat), Pwm("MA3", flat, "CTCF")]
    assert motif_recovery.planted(motifs) == {"CTCF": {"MA1", "MA3"}, "MA2": {"MA2"}}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"filters": ["f0"]}, "query 'f1' is not among the 1 filters"),
        ({"filters": []}, "0 names"),
        ({"filters": [*FILTERS, "f0"]}, "6 names, 5 of them distinct"),
        ({"truth": {}}, "no factor given"),
        ({"truth": {"A": {"M"}, "B": {"M"}}}, "M counts for both A and B"),
        ({"matches": MATCHES.drop(columns=["e", "q"])}, "no column e, q"),
    ],
)
def test_bad_input_is_refused(change, message):
    given = {"matches": MATCHES, "filters": FILTERS, "truth": TRUTH} | change
    with pytest.raises(UserError, match=message):
        motif_recovery.recover(given.pop("matches"), **given)
