"""Epochs with negatives drawn anew: what they hold, in which order, whoever reads them."""

import numpy as np
import pytest
import torch

from cislens.data import dataset, resampling, sampling
from cislens.data.resampling import ResampledOrder
from cislens.errors import UserError
from cislens.sequence.alphabet import DNA


@pytest.fixture
def view(tmp_path, rng):
    """40 sequences: 6 positive, 30 negative, 4 of which a task is not known."""
    targets = np.zeros((40, 2), np.float32)
    targets[[3, 7, 11, 19, 23, 31], [0, 1, 0, 1, 0, 1]] = 1
    targets[[3, 0, 1, 2, 4], [1, 0, 1, 0, 1]] = np.nan
    with dataset.create(
        tmp_path / "d.zarr",
        length=9,
        alphabet=DNA,
        tasks=("a", "b"),
        target_kind="binary",
        provenance={},
    ) as writer:
        codes = rng.integers(0, 4, (40, 9)).astype(np.uint8)
        writer.append(codes, targets, ids=[str(row) for row in range(40)])
    return dataset.open(tmp_path / "d.zarr").view()


POSITIVES = {3, 7, 11, 19, 23, 31}


@pytest.mark.parametrize("block", [7, 2**16])
def test_classes(view, block, monkeypatch):
    monkeypatch.setattr(resampling, "_BLOCK", block)
    positives, negatives = resampling.classes(view)
    assert set(positives) == POSITIVES
    assert set(negatives) == set(range(40)) - POSITIVES - {0, 1, 2, 4}


def test_ambiguous_by_a_number_are_left_out_too(view, monkeypatch):
    targets = np.nan_to_num(view.targets, nan=-1.0)
    monkeypatch.setattr(type(view), "read_targets", lambda self, rows: targets[rows])
    assert len(resampling.classes(view)[1]) == 30


def test_an_epoch_has_all_positives_and_new_negatives(view):
    order = resampling.order(view, per_positive=2.0, seed=4)
    epochs = [list(order) for _ in range(3)]
    for epoch in epochs:
        assert len(order) == len(epoch) == len(set(epoch)) == 18
        assert set(epoch) >= POSITIVES
        assert not set(epoch) & {0, 1, 2, 4}
    drawn = [frozenset(epoch) - POSITIVES for epoch in epochs]
    assert len(set(drawn)) == 3
    order.set_epoch(1)
    assert list(order) == epochs[1]
    assert list(resampling.order(view, per_positive=2.0, seed=5)) != epochs[0]


@pytest.mark.parametrize("ratio", [0.5, 1.0, 3.0])
def test_each_batch_has_its_share(ratio):
    order = ResampledOrder(np.arange(60), np.arange(60, 400), per_positive=ratio, seed=0)
    rows = np.array(list(order))
    for start in range(0, len(rows) - 20, 20):
        share = (rows[start : start + 20] < 60).sum()
        assert abs(share - 20 / (1 + ratio)) <= 1


def test_every_negative_is_as_likely():
    order = ResampledOrder(np.arange(5), np.arange(5, 25), per_positive=1.0, seed=0)
    seen = np.bincount([row for _ in range(1200) for row in order], minlength=25)
    assert (seen[:5] == 1200).all()
    # Binomial with 1,200 draws of 1/4: five standard deviations are 75.
    assert np.abs(seen[5:] - 300).max() < 75


def test_no_more_negatives_than_there_are():
    order = ResampledOrder(np.arange(5), np.arange(5, 9), per_positive=3.0, seed=0)
    assert sorted(order) == list(range(9))


@pytest.mark.filterwarnings("ignore:This DataLoader will create")  # on fewer cores than workers
@pytest.mark.parametrize("workers", [1, 2, 4])
def test_workers_serve_the_same_epochs(view, workers):
    def served(count):
        order = resampling.order(view, per_positive=1.5, seed=6)
        loader = sampling.loader(view, batch_size=4, shuffle=True, order=order, num_workers=count)
        return [
            torch.cat([part.flatten(1) for part in batch], 1) for _ in range(2) for batch in loader
        ]

    for here, there in zip(served(0), served(workers), strict=True):
        assert torch.equal(here.nan_to_num(9), there.nan_to_num(9))


def test_one_class_only_is_told(view):
    some = type(view)(view.dataset, np.array([5, 6, 8]))
    with pytest.raises(UserError, match="0 training sequences are positive and 3 negative"):
        resampling.order(some, per_positive=1.0, seed=0)
