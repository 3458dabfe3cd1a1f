"""Moves of sequences: from seed, epoch and position alone, from where the sequence is stored."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from cislens.data import _moves, dataset, resampling, sampling
from cislens.data.shifting import ShiftedOrder
from cislens.sequence import onehot


@pytest.fixture
def view(written):
    return dataset.open(written(n=23, length=12, kind="binary")[0]).view()


def order(view, seed=0, shift=3):
    inner = sampling.EpochOrder(len(view), shuffle=True, seed=seed)
    return ShiftedOrder(inner, count=len(view), shift=shift, seed=seed)


def slowly(codes, move):
    moved = np.full(len(codes), 4, np.uint8)
    for place, code in enumerate(codes):
        if 0 <= place + move < len(codes):
            moved[place + move] = code
    return moved


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(-9, 9)), min_size=1))
def test_positions_and_moves_come_apart_as_they_were(pairs):
    places, moves = np.array(pairs).T
    keys = _moves.joined(places, moves, count=7)
    assert [part.tolist() for part in _moves.parted(keys, count=7)] == [
        places.tolist(), moves.tolist(),
    ]  # fmt: skip
    assert (keys[moves == 0] == places[moves == 0]).all()


def test_moves_of_letters(rng):
    codes = rng.integers(0, 5, (40, 9)).astype(np.uint8)
    moves = rng.integers(-8, 9, 40)
    expected = [slowly(row, move) for row, move in zip(codes, moves, strict=True)]
    np.testing.assert_array_equal(_moves.moved(codes, moves), expected)


def test_an_epoch_shows_stored_sequences_moved_once(view):
    shifted = order(view)
    loader = sampling.loader(view, batch_size=5, shuffle=True, order=shifted)
    seen = set()
    for epoch in range(6):
        shifted.set_epoch(epoch)
        places, moves = _moves.parted(np.array(list(shifted)), count=23)
        assert sorted(places) == list(range(23))
        shifted.set_epoch(epoch)
        found = torch.cat([batch for batch, _ in loader])
        stored = [
            slowly(view[place : place + 1][0], move)
            for place, move in zip(places, moves, strict=True)
        ]
        assert torch.equal(found, onehot.from_codes(np.array(stored)))
        seen |= set(moves.tolist())
    assert seen == set(range(-3, 4))


def test_moves_are_those_of_seed_and_epoch(view):
    first, again, other = order(view), order(view), order(view, seed=1)
    epochs = [list(first) for _ in range(3)]
    assert len({tuple(keys) for keys in epochs}) == 3
    again.set_epoch(2)
    assert list(again) == epochs[2]
    assert list(other) != epochs[0]


def test_every_move_is_as_likely(view):
    shifted = order(view, shift=2)
    moves = np.concatenate(
        [_moves.parted(np.array(list(shifted)), count=23)[1] for _ in range(200)]
    )
    # Binomial with 4,600 draws of 1/5: five standard deviations are 136.
    assert np.abs(np.bincount(moves + 2) - 920).max() < 136


@pytest.mark.filterwarnings("ignore:This DataLoader will create")  # on fewer cores than workers
@pytest.mark.parametrize("workers", [1, 2, 4])
def test_workers_serve_the_same_epochs_of_moves_and_negatives(view, workers):
    def served(count):
        inner = resampling.order(view, per_positive=0.7, seed=6)
        both = ShiftedOrder(inner, count=len(view), shift=4, seed=6)
        loader = sampling.loader(view, batch_size=4, shuffle=True, order=both, num_workers=count)
        return [onehots for _ in range(2) for onehots, _ in loader]

    for here, there in zip(served(0), served(workers), strict=True):
        assert torch.equal(here, there)
