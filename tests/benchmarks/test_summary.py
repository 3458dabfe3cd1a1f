"""Numbers over seeds, by loops."""

import statistics

import numpy as np
import pandas as pd
import pytest

from cislens.benchmarks import summary

LABELS = ("task", "model")


@pytest.fixture
def rows(rng):
    return [
        {"task": task, "model": model, "seed": seed, "metric": metric, "value": rng.normal()}
        for task in ("t1", "t2")
        for model in ("m1", "m2")
        for seed in range(4)
        for metric in ("auroc", "aupr")
    ]


def test_nothing_measured_is_a_table_of_what_was_published():
    published = [{"task": "t1", "model": "m1", "metric": "auroc", "value": 0.5, "source": "text"}]
    table = summary.summarise(summary.tidy([], labels=LABELS), published, labels=LABELS)
    assert table["published"].tolist() == [0.5]
    assert table["seeds"].tolist() == [0]


def test_order_of_pieces_does_not_matter(rows, rng):
    table = summary.tidy(rows, labels=LABELS)
    shuffled = [rows[i] for i in rng.permutation(len(rows))]
    pd.testing.assert_frame_equal(summary.tidy(shuffled, labels=LABELS), table)


def test_numbers_agree_with_loops(rows):
    table = summary.summarise(summary.tidy(rows, labels=LABELS), [], labels=LABELS)
    assert len(table) == 8
    for found in table.itertuples():
        key = (found.task, found.model, found.metric)
        values = [r["value"] for r in rows if (r["task"], r["model"], r["metric"]) == key]
        assert found.median == pytest.approx(statistics.median(values))
        assert found.mean == pytest.approx(statistics.mean(values))
        assert found.sd == pytest.approx(statistics.stdev(values))
        assert (found.lowest, found.highest) == (min(values), max(values))
        inner = statistics.quantiles(values, n=4, method="inclusive")
        assert [found.q1, found.q3] == pytest.approx([inner[0], inner[2]])
        assert (found.seeds, found.undefined) == (4, 0)


def test_undefined_values_are_counted_and_left_out():
    rows = [
        {"task": "t", "model": "m", "seed": seed, "metric": "x", "value": value}
        for seed, value in enumerate((None, 2.0, 4.0))
    ]
    (found,) = summary.summarise(summary.tidy(rows, labels=LABELS), [], labels=LABELS).itertuples()
    assert (found.seeds, found.undefined, found.median) == (2, 1, 3.0)


def test_one_seed_has_no_spread():
    rows = [{"task": "t", "model": "m", "seed": 0, "metric": "x", "value": 1.0}]
    (found,) = summary.summarise(summary.tidy(rows, labels=LABELS), [], labels=LABELS).itertuples()
    assert np.isnan(found.sd)
    assert found.median == 1


def test_published_values_stand_beside_or_alone():
    rows = [{"task": "t", "seed": 0, "metric": "x", "value": 1.0}]
    published = [
        {"task": "t", "model": "", "metric": "x", "value": 3.0, "source": "text"},
        {"task": "t", "model": "n", "metric": "x", "value": 4.0, "source": ""},
    ]
    table = summary.summarise(summary.tidy(rows, labels=LABELS), published, labels=LABELS)
    assert list(table["published"]) == [3.0, 4.0]
    assert list(table["seeds"]) == [1, 0]
    assert list(table["model"]) == ["", "n"]


def test_nothing_done_gives_the_published_values():
    published = [{"task": "t", "model": "n", "metric": "x", "value": 4.0, "source": ""}]
    table = summary.summarise(summary.tidy([], labels=LABELS), published, labels=LABELS)
    assert list(table["published"]) == [4.0]
    assert list(table["seeds"]) == [0]


def test_failed_seeds_are_those_far_below_the_others():
    """Ten trials as published: eight alike, and two whose maps found next to nothing."""
    values = [0.807, 0.82, 0.85, 0.855, 0.856, 0.87, 0.88, 0.892, 0.661, 0.517]
    rows = [
        {"task": "t", "model": "m", "seed": seed, "metric": "x", "value": value}
        for seed, value in enumerate(values)
    ]

    def failures(some):
        table = summary.summarise(summary.tidy(some, labels=LABELS), [], labels=LABELS)
        return table["failures"][0]

    assert failures(rows) == 2
    assert failures(rows[:8]) == 0
    assert np.isnan(failures(rows[6:]))
