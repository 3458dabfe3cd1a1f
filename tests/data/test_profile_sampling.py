"""Moves of windows: from seed, epoch and place alone, whatever reads them."""

import numpy as np
import pytest
import torch

from cislens.data import dataset, profile_sampling, profiles
from cislens.data.profile_sampling import MovedOrder


@pytest.fixture
def view(profile_dataset):
    return dataset.open(profile_dataset(control=["shared"])).view("train")


def epoch(loader):
    batches = list(loader)
    return {
        name: torch.cat([getattr(batch, name) for batch in batches])
        for name in ("onehot", "counts", "control", "is_peak")
    }


def test_unshuffled_batches_are_the_view(view):
    found = epoch(profile_sampling.loader(view, batch_size=7, shuffle=False))
    stored = profiles.read(view, slice(None))
    np.testing.assert_array_equal(found["counts"].numpy(), stored.counts)
    np.testing.assert_array_equal(found["is_peak"].numpy(), stored.is_peak)


def test_moves_follow_the_order(view):
    count = len(view)
    keys = np.array(list(MovedOrder(count, jitter=4, stored=4, shuffle=True, seed=3)))
    moves, rows = np.divmod(keys, count)
    assert sorted(rows) == list(range(count))
    assert set(moves - 4) <= set(range(-4, 5))
    assert len(set(moves)) > 3
    found = epoch(profile_sampling.loader(view, batch_size=7, shuffle=True, seed=3))
    expected = profiles.read(view, rows, shift=moves - 4)
    np.testing.assert_array_equal(found["counts"].numpy(), expected.counts)
    np.testing.assert_array_equal(found["control"].numpy(), expected.control)


def test_moves_never_add_up_and_are_new_each_epoch():
    order = MovedOrder(500, jitter=3, stored=9, shuffle=True, seed=0)
    epochs = [np.divmod(np.array(list(order)), 500) for _ in range(5)]
    for moves, _ in epochs:
        assert set(moves - 9) == set(range(-3, 4))
    by_row = [moves[np.argsort(rows)] for moves, rows in epochs]
    assert np.mean(by_row[0] == by_row[1]) < 0.3
    order.set_epoch(1)
    np.testing.assert_array_equal(np.divmod(np.array(list(order)), 500)[0], epochs[1][0])


@pytest.mark.parametrize("workers", [1, 2])
def test_workers_serve_the_same_epochs(view, workers):
    alone = profile_sampling.loader(view, batch_size=7, shuffle=True, seed=5)
    helped = profile_sampling.loader(view, batch_size=7, shuffle=True, seed=5, num_workers=workers)
    for _ in range(2):
        one, other = epoch(alone), epoch(helped)
        assert all(torch.equal(one[name], other[name]) for name in one)
