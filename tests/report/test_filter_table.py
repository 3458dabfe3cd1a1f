import math

import pytest

from cislens.report import filter_table, folder


@pytest.fixture(scope="module")
def model(pristine_run):
    return folder.read(pristine_run).models[1]


def test_surest_match_comes_first_and_none_last(model):
    rows = filter_table.rows(model, letters="ACGT")
    numbers = [math.inf if math.isnan(row.q) else row.q for row in rows]
    assert numbers == sorted(numbers)
    assert len(rows) == len(model.motifs)
    assert rows[-1].target == ""


def test_row_shows_the_best_match_and_the_planted_factor(model):
    rows = {row.name: row for row in filter_table.rows(model, letters="ACGT")}
    for name, row in rows.items():
        mine = [match for match in model.matches if match["query"] == name]
        assert row.target == (mine[0]["target"] if mine else "")
        assert row.factor == model.recovery["per_filter"][name]
        assert row.logo.count("<svg") == (2 if mine else 1)
        assert row.likely == bool(mine and mine[0]["e"] <= 0.1)


def test_other_matches_are_named_once_and_only_if_likely(model):
    for row in filter_table.rows(model, letters="ACGT"):
        assert row.label not in row.others
        assert len(set(row.others)) == len(row.others) <= 2
        assert row.likely or row.others == []
    assert any(row.others for row in filter_table.rows(model, letters="ACGT"))


def test_filters_without_a_motif_are_listed_by_state(model):
    assert filter_table.silent(model) == {
        "dead": ["filter_4", "filter_13", "filter_22", "filter_31"]
    }
