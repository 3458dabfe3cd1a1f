"""Pools against a loop over windows."""

import pytest
import torch

from cislens.models import pools


def same_pool_by_loop(x, size):
    """Follow TensorFlow's rule: what is missing is split over both ends, the odd one right."""
    count = -(-len(x) // size)
    first = -((count * size - len(x)) // 2)
    windows = [range(first + n * size, first + (n + 1) * size) for n in range(count)]
    return [max(x[i] for i in window if 0 <= i < len(x)) for window in windows]


@pytest.mark.parametrize("length", [1, 6, 7, 8, 9, 10, 50])
@pytest.mark.parametrize("size", [1, 2, 3, 4, 50])
def test_same_pool(length, size):
    x = torch.randn(2, 3, length) - 5
    pooled = pools.SamePool(size)(x)
    for row in range(2):
        for channel in range(3):
            expected = same_pool_by_loop(x[row, channel].tolist(), size)
            assert pooled[row, channel].tolist() == expected


def test_same_pool_takes_each_length_afresh():
    pool = pools.SamePool(4)
    assert pool(torch.randn(1, 1, 9)).shape[-1] == 3
    assert pool(torch.randn(1, 1, 8)).shape[-1] == 2


def test_global_pool():
    x = torch.tensor([[[1.0, 3.0, 2.0], [-4.0, -6.0, -5.0]]])
    assert pools.GlobalPool()(x).tolist() == [[[3.0], [-4.0]]]
    assert pools.GlobalPool(with_mean=True)(x).tolist() == [[[3.0], [-4.0], [2.0], [-5.0]]]
