"""Blocks of sequences by variants: everything once, nothing larger than a batch."""

import numpy as np
import pytest
import torch

from cislens.attribution import _asking


@pytest.mark.parametrize("sequences", [1, 2, 5])
@pytest.mark.parametrize("variants", [1, 3, 4, 9])
@pytest.mark.parametrize("batch_size", [1, 3, 4, 7, 100])
def test_blocks_hold_each_pair_once(linear, sequences, variants, batch_size):
    network = _asking.Network(linear, 0, batch_size, torch.empty(0))
    times = np.zeros((sequences, variants), dtype=int)
    for rows, which in network.blocks(sequences, variants):
        times[rows, which] += 1
        assert times[rows, which].size <= batch_size
    assert (times == 1).all()


def test_pages_hold_each_sequence_once(linear):
    network = _asking.Network(linear, 0, 4, torch.empty(0))
    assert list(network.pages(10)) == [slice(0, 4), slice(4, 8), slice(8, 10)]


@pytest.mark.parametrize(
    ("precision", "expected"),
    [
        (torch.bfloat16, torch.float32),
        (torch.float32, torch.float32),
        (torch.float64, torch.float64),
    ],
)
def test_tensors_come_in_the_precision_of_the_network(linear, onehot, precision, expected):
    with _asking.held(linear.to(precision), target=0, batch_size=2, device=None) as network:
        assert network.here(onehot).dtype == expected
