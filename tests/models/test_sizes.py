"""Lengths on paper against lengths of tensors."""

import pytest
import torch
from torch import nn

from cislens.errors import UserError
from cislens.models import pools, sizes

TRUNKS = {
    "same": lambda: nn.Sequential(nn.Conv1d(4, 2, 5, padding="same"), nn.MaxPool1d(3)),
    "valid": lambda: nn.Sequential(nn.Conv1d(4, 2, 5, padding="valid"), pools.SamePool(3)),
    "strided": lambda: nn.Sequential(nn.Conv1d(4, 2, 5, stride=2, padding=1, dilation=3)),
    "global": lambda: nn.Sequential(nn.Conv1d(4, 2, 7), pools.GlobalPool()),
    "nested": lambda: nn.Sequential(nn.Sequential(nn.Conv1d(4, 2, 4)), nn.ReLU(), nn.MaxPool1d(2)),
}


@pytest.mark.parametrize("kind", TRUNKS)
@pytest.mark.parametrize("length", [13, 20, 21, 22, 64])
def test_length_is_that_of_the_tensor(kind, length):
    trunk = TRUNKS[kind]()
    assert sizes.output_length(trunk, length) == trunk(torch.randn(1, 4, length)).shape[-1]


@pytest.mark.parametrize("kind", TRUNKS)
def test_least_length_passes_and_one_less_does_not(kind):
    trunk = TRUNKS[kind]()
    least = next(n for n in range(1, 99) if sizes.output_length(trunk, n))
    assert sizes.flattened(trunk, input_length=least, architecture="toy") == 2
    assert trunk(torch.randn(1, 4, least)).shape[-1] == 1
    with pytest.raises(UserError, match=f"input_length={least - 1}: toy needs at least {least} bp"):
        sizes.flattened(trunk, input_length=least - 1, architecture="toy")


def test_scaled_widths():
    assert sizes.scaled(32, 1) == 32
    assert sizes.scaled(124, 2) == 248
    assert sizes.scaled(10, 0.25) == 2
    assert sizes.scaled(10, 0.001) == 1


@pytest.mark.parametrize("factor", [0, -1, float("nan"), float("inf"), True])
def test_bad_factor(factor):
    with pytest.raises(UserError, match=f"width_multiplier={factor}: wants a positive number"):
        sizes.scaled(32, factor)
