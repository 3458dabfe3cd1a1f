"""Shuffles keep what they say, and bounds are scores of truth and shuffles."""

import numpy as np
import pytest

from cislens.metrics import bounds


@pytest.fixture
def maps(rng):
    return rng.normal(size=(5, 4, 11))


def test_positions_stay_whole(maps, rng):
    shuffled = bounds.positions(maps, rng)
    for before, after in zip(maps, shuffled, strict=True):
        assert sorted(map(tuple, before.T)) == sorted(map(tuple, after.T))
    assert not np.array_equal(shuffled, maps)
    tracks = maps[:, 0]
    assert np.array_equal(np.sort(bounds.positions(tracks, rng)), np.sort(tracks))


def test_examples_have_orders_of_their_own(rng):
    same = np.tile(np.arange(50.0), (3, 1))
    shuffled = bounds.positions(same, rng)
    assert not np.array_equal(shuffled[0], shuffled[1])


def test_bases_stay_at_their_position(maps, rng):
    shuffled = bounds.bases(maps, rng)
    assert np.array_equal(np.sort(shuffled, axis=1), np.sort(maps, axis=1))
    assert not np.array_equal(shuffled, maps)


def test_everything_stays_in_its_example(maps, rng):
    shuffled = bounds.everything(maps, rng)
    flat = (np.sort(values.reshape(5, -1), axis=1) for values in (shuffled, maps))
    assert np.array_equal(*flat)


@pytest.mark.parametrize("count", [2, 3, 17])
def test_no_example_keeps_its_own(count, rng):
    values = np.arange(count, dtype=float)
    for _ in range(20):
        shuffled = bounds.examples(values, rng)
        assert sorted(shuffled) == list(values)
        assert (shuffled != values).all()


def test_bounds_are_scores_of_truth_and_shuffles(rng):
    truth = rng.random((6, 30))
    values = truth + rng.normal(size=(6, 30)) * 0.1

    def metric(a, b):
        return -((a - b) ** 2).mean(axis=1)

    found = bounds.bounded(metric, values, truth, shuffle=bounds.positions, rng=rng)
    assert (found.best == 0).all()
    assert np.array_equal(found.measured, metric(values, truth))
    assert (found.chance < found.measured).all()
