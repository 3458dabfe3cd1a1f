"""The published sizes of ResidualBind, and its block by hand."""

import torch
from torch.nn import functional

from cislens.models.zoo import residualbind


def test_for_400_bp(trace):
    weights, shapes = trace(residualbind.build, input_length=400, outputs=1)
    assert weights == 31_665
    assert shapes["layer1"] == shapes["residual"] == (24, 400)
    assert shapes["pool"] == (24, 40)
    assert shapes["layer2"] == (48, 8)
    assert shapes["layer3"] == (64, 1)
    assert shapes["dense1"] == (96,)


def test_block_as_written_out():
    block = residualbind.ResidualBlock(3, 5)
    branch = block.branch
    x = torch.randn(4, 3, 12)

    def normalised(y):
        mean, variance = y.mean((0, 2)), y.var((0, 2), unbiased=False)
        return (y - mean[:, None]) / torch.sqrt(variance + 1e-3)[:, None]

    y = functional.conv1d(x, branch.convolution1.weight, padding=2)
    y = functional.relu(normalised(functional.relu(y)))
    y = normalised(functional.relu(functional.conv1d(y, branch.convolution2.weight, padding=2)))
    torch.testing.assert_close(block(x), functional.relu(x + y))


def test_weights_start_he_normal():
    weight = residualbind.ResidualBlock(64, 5).branch.convolution1.weight
    deviation = (2 / (64 * 5)) ** 0.5
    assert abs(weight.std().item() / deviation - 1) < 0.02
    assert weight.abs().max() <= 2 * deviation / 0.8796 + 1e-6
