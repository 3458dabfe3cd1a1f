"""Batches: every sequence once an epoch, in an order that seed and epoch decide."""

import numpy as np
import pytest
import torch

from cislens.data.resampling import ResampledOrder
from cislens.training.batches import Batches
from cislens.training.track import Track


@pytest.fixture
def view(make_dataset):
    targets = np.arange(12, dtype=np.float32)[:, None]
    return make_dataset(targets, kind="continuous", validation=2)[0]


def at(epoch):
    track = Track(monitor="validation_loss", epochs=9, patience=9)
    track.rows = [{}] * epoch
    return track


def served(batches):
    return [targets[:, 0].int().tolist() for _, targets in batches]


def test_each_sequence_comes_once_with_its_target(view):
    batches = Batches(view, at(0), batch_size=4, seed=1)
    assert [len(batch) for batch in served(batches)] == [4, 4, 2]
    assert len(batches) == 3
    assert sorted(row for batch in served(batches) for row in batch) == list(range(10))
    for onehot, targets in batches:
        np.testing.assert_array_equal(
            onehot.argmax(1).numpy(), view[targets[:, 0].numpy().astype(int)]
        )


def test_order_is_that_of_seed_and_epoch_however_often_it_was_started(view):
    batches = Batches(view, at(3), batch_size=4, seed=1)
    iter(batches)
    next(iter(batches))
    expected = served(Batches(view, at(3), batch_size=4, seed=1))
    assert served(batches) == expected
    assert served(Batches(view, at(4), batch_size=4, seed=1)) != expected
    assert served(Batches(view, at(3), batch_size=4, seed=2)) != expected


def test_order_leaves_the_global_generator_alone(view):
    before = torch.get_rng_state()
    served(Batches(view, at(0), batch_size=4, seed=1))
    assert torch.equal(torch.get_rng_state(), before)


def test_without_a_seed_sequences_come_as_stored(view):
    assert served(Batches(view, at(5), batch_size=3)) == [[0, 1, 2], [3, 4, 5], [6, 7, 8], [9]]


def test_last_single_sequence_is_left_out_of_training_only(view):
    assert [len(b) for b in served(Batches(view, at(0), batch_size=3, seed=0))] == [3, 3, 3]
    assert [len(b) for b in served(Batches(view, at(0), batch_size=1, seed=0))] == [1] * 10


def test_an_order_says_which_sequences_an_epoch_has(view):
    order = ResampledOrder(np.array([1, 5]), np.array([0, 2, 3, 7, 8]), per_positive=1.5, seed=1)
    batches = Batches(view, at(2), batch_size=2, seed=1, order=order)
    assert len(batches) == 2
    rows = [row for batch in served(batches) for row in batch]
    order.set_epoch(2)
    assert rows == list(order)[:4]
    last = Batches(view, at(0), batch_size=5, seed=1, order=order)
    assert {1, 5} < set(served(last)[0])


def test_devices_share_the_batches_evenly(view):
    alone = served(Batches(view, at(2), batch_size=2, seed=1))
    shares = [
        served(Batches(view, at(2), batch_size=2, seed=1, rank=r, devices=2)) for r in range(2)
    ]
    assert shares == [alone[0:4:2], alone[1:4:2]]
