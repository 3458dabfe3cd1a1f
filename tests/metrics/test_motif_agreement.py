"""Filters that look like a factor, and whether its task needs them."""

import numpy as np
import pandas as pd
import pytest

from cislens.errors import UserError
from cislens.metrics import motif_agreement


def importance(values, tasks):
    rows = [
        (f"filter_{i}", task, value)
        for i, row in enumerate(values)
        for task, value in zip(tasks, row, strict=True)
    ]
    return pd.DataFrame(rows, columns=["name", "task", "value"])


def matches(*rows):
    return pd.DataFrame(rows, columns=["query", "target_label", "e"])


def test_ranks_by_hand():
    table = importance([[5, 0], [9, 1], [1, np.nan], [5, 2]], ["K562|CTCF|None", "Reb1"])
    known = matches(
        ("filter_1", "CTCF", 1e-5),
        ("filter_0", "CTCFL::ctcf", 0.01),
        ("filter_0", "CTCF", 0.02),
        ("filter_2", "REB1", 0.05),
        ("filter_3", "REB1", 0.5),
    )
    found = motif_agreement.ranks(table, known, share=0.3)
    assert found.to_dict("list") == {
        "task": ["K562|CTCF|None", "K562|CTCF|None", "Reb1"],
        "filter": ["filter_1", "filter_0", "filter_2"],
        "target": ["CTCF", "CTCFL::ctcf", "REB1"],
        "e": [1e-5, 0.01, 0.05],
        "rank": [1, 3, 4],
        "filters": [4, 4, 4],
        "top": [True, False, False],
    }
    assert motif_agreement.summary(found) == {"tasks": 2, "tasks_best": 1, "tasks_all": 0}


def test_words_are_whole():
    table = importance([[1.0], [2.0]], ["Cin5"])
    assert motif_agreement.ranks(table, matches(("filter_0", "CIN51", 1e-9))).empty


def test_no_match_is_an_honest_empty_table():
    found = motif_agreement.ranks(importance([[1.0]], ["x"]), matches())
    assert found.empty
    assert motif_agreement.summary(found) == {"tasks": 0, "tasks_best": 0, "tasks_all": 0}


def test_chance_puts_a_tenth_into_the_top(rng):
    table = importance(rng.random((50, 1)), ["CTCF"])
    every = matches(*[(f"filter_{i}", "CTCF", 1e-3) for i in range(50)])
    found = motif_agreement.ranks(table, every)
    assert sorted(found["rank"]) == list(range(1, 51))
    assert found["top"].sum() == 5


def test_impossible_share_is_refused():
    with pytest.raises(UserError, match="share=0"):
        motif_agreement.ranks(importance([[1.0]], ["x"]), matches(), share=0.0)
