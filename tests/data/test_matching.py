"""Pairs of the closest, against a walk through all pairs."""

import numpy as np
import pytest
from scipy import spatial

from cislens.data import matching


def walked(wanted, offered):
    found, taken = np.full(len(wanted), -1), set()
    distances = spatial.distance.cdist(wanted, offered)
    for pair in np.argsort(distances, axis=None):
        row, place = divmod(int(pair), len(offered))
        if found[row] < 0 and place not in taken:
            found[row] = place
            taken.add(place)
    return found


@pytest.mark.parametrize("columns", [1, 5])
def test_equals_a_walk_through_all_pairs(columns, rng):
    wanted, offered = rng.normal(size=(9, columns)), rng.normal(size=(14, columns))
    assert (matching.nearest(wanted, offered, rng=rng) == walked(wanted, offered)).all()


def test_each_offer_is_taken_once_and_copies_are_found(rng):
    offered = rng.integers(0, 40, (900, 1)) / 40
    wanted = offered[rng.permutation(900)[:600]]
    found = matching.nearest(wanted, offered, rng=rng)
    assert len(set(found.tolist())) == 600
    np.testing.assert_array_equal(offered[found], wanted)


def test_scarce_offers_go_to_the_closest(rng):
    found = matching.nearest(
        np.array([[0.0], [0.9], [1.0]]), np.array([[1.0], [5.0], [0.5]]), rng=rng
    )
    assert found.tolist() == [1, 2, 0]


def test_all_of_equal_offers_are_as_likely(rng):
    taken = np.zeros(40)
    for _ in range(800):
        taken[matching.nearest(np.zeros((1, 1)), np.zeros((40, 1)), rng=rng)] += 1
    # Poisson of mean 20: five standard deviations are 22.
    assert (np.abs(taken - 20) < 22).all()
    assert taken.all()


def test_as_many_as_are_wanted(rng):
    found = matching.nearest(rng.normal(size=(50, 2)), rng.normal(size=(50, 2)), rng=rng)
    assert sorted(found) == list(range(50))
