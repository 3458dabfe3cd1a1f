import numpy as np
import pytest
import torch

from cislens.data import dataset, sampling
from cislens.errors import UserError
from cislens.sequence import onehot


@pytest.fixture
def view(written):
    return dataset.open(written(n=53)[0]).view()


def epoch(loader):
    batches = list(loader)
    return torch.cat([x for x, _ in batches]), torch.cat([y for _, y in batches])


def test_unshuffled_batches_are_the_view(view):
    loader = sampling.loader(view, batch_size=10, shuffle=False)
    sequences, targets = epoch(loader)
    assert len(loader) == 6
    assert sequences.dtype == targets.dtype == torch.float32
    assert torch.equal(sequences, onehot.from_codes(view[:]))
    np.testing.assert_array_equal(targets.numpy(), view.targets)


def test_each_epoch_is_a_new_order_of_all_rows(view):
    loader = sampling.loader(view, batch_size=10, shuffle=True, seed=3)
    orders = [list(loader.sampler) for _ in range(3)]
    assert all(sorted(order) == list(range(53)) for order in orders)
    assert len({tuple(order) for order in orders}) == 3


def test_batches_follow_the_order(view):
    order = list(sampling.EpochOrder(53, shuffle=True, seed=3))
    sequences, targets = epoch(sampling.loader(view, batch_size=10, shuffle=True, seed=3))
    assert torch.equal(sequences, onehot.from_codes(view[np.array(order)]))
    np.testing.assert_array_equal(targets.numpy(), view.targets[order])


def test_order_depends_on_seed_and_epoch_only(view):
    def orders(seed):
        loader = sampling.loader(view, batch_size=10, shuffle=True, seed=seed)
        return [epoch(loader)[1].numpy() for _ in range(2)]

    first = orders(7)
    torch.manual_seed(99)
    torch.rand(5)
    again = orders(7)
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, orders(8), equal_nan=True)


def test_set_epoch_goes_on_where_training_stopped(view):
    whole = sampling.EpochOrder(53, shuffle=True, seed=1)
    epochs = [list(whole) for _ in range(4)]
    resumed = sampling.EpochOrder(53, shuffle=True, seed=1)
    resumed.set_epoch(2)
    assert [list(resumed), list(resumed)] == epochs[2:]


def test_global_randomness_is_left_alone(view):
    torch.manual_seed(5)
    wanted = torch.rand(3)
    torch.manual_seed(5)
    epoch(sampling.loader(view, batch_size=10, shuffle=True))
    assert torch.equal(torch.rand(3), wanted)


def test_orders_are_uniform(rng):
    order = sampling.EpochOrder(4, shuffle=True, seed=0)
    seen = np.zeros((4, 4))
    for _ in range(4000):
        seen[np.arange(4), list(order)] += 1
    # Binomial with 4,000 draws of 1/4: five standard deviations are 137.
    assert np.abs(seen - 1000).max() < 137


def test_worker_processes_read_the_same(view):
    here = epoch(sampling.loader(view, batch_size=20, shuffle=True, seed=2))
    there = epoch(sampling.loader(view, batch_size=20, shuffle=True, seed=2, num_workers=1))
    assert torch.equal(here[0], there[0])
    np.testing.assert_array_equal(here[1].numpy(), there[1].numpy())


def test_one_read_for_a_batch(view, monkeypatch):
    calls = []
    read = type(view).__getitem__
    monkeypatch.setattr(type(view), "__getitem__", lambda self, i: calls.append(i) or read(self, i))
    list(sampling.loader(view, batch_size=10, shuffle=True))
    assert [len(call) for call in calls] == [10, 10, 10, 10, 10, 3]


def test_empty_view(view):
    with pytest.raises(UserError, match="holds no sequence"):
        sampling.loader(
            type(view)(view.dataset, np.array([], np.int64)), batch_size=2, shuffle=False
        )


def test_batch_size(view):
    with pytest.raises(UserError, match="batch_size=0"):
        sampling.loader(view, batch_size=0, shuffle=False)
