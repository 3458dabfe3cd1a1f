"""SmoothGrad against a loop over noisy copies and an expectation in closed form."""

import numpy as np
import pytest
import torch
from torch import nn

from cislens.attribution import _streams, saliency, smoothgrad
from cislens.errors import UserError


class Cubic(nn.Module):
    def __init__(self):
        super().__init__()
        self.weights = nn.Parameter(torch.randn(4, 24, dtype=torch.float64) / 10)

    def forward(self, onehot):
        return (onehot * self.weights).sum(dim=(1, 2))[:, None] ** 3


def test_against_a_loop_over_copies(smooth, onehot):
    result = smoothgrad.attribute(
        smooth, onehot, target=1, rng=np.random.default_rng(4), samples=6, deviation=0.3
    )
    streams = _streams.of(onehot, np.random.default_rng(4))
    for row, stream in enumerate(streams):
        total = torch.zeros(4, 24, dtype=torch.float64)
        for number in range(6):
            noise = stream.generator(number).standard_normal((4, 24), dtype=np.float32)
            noise = noise[::-1, ::-1].copy() if stream.turned else noise
            copy = (onehot[row] + 0.3 * torch.from_numpy(noise).double()).requires_grad_()
            smooth(copy[None])[0, 1].backward()
            total += copy.grad / 6
        torch.testing.assert_close(result.values[row], total.float(), rtol=1e-5, atol=1e-6)


def test_mean_over_the_noise_in_closed_form(onehot):
    model = Cubic()
    result = smoothgrad.attribute(
        model, onehot, target=0, rng=np.random.default_rng(4), samples=3_000, deviation=0.5
    )
    weights = model.weights.detach()
    mean = (onehot * weights).sum(dim=(1, 2)) ** 2 + 0.25 * weights.square().sum()
    expected = 3 * mean[:, None, None] * weights
    error = (result.values - expected).norm(dim=(1, 2)) / expected.norm(dim=(1, 2))
    assert error.max() < 0.1


def test_without_noise_it_is_saliency(smooth, onehot):
    result = smoothgrad.attribute(
        smooth, onehot, target=1, rng=np.random.default_rng(0), samples=2, deviation=0.0
    )
    expected = saliency.attribute(smooth, onehot, target=1)
    torch.testing.assert_close(result.values, expected.values)


def test_another_seed_is_another_map(smooth, onehot):
    one, two = (
        smoothgrad.attribute(smooth, onehot, target=1, rng=np.random.default_rng(seed), samples=2)
        for seed in (0, 1)
    )
    assert not torch.equal(one.values, two.values)


@pytest.mark.parametrize("options", [{"samples": 0}, {"deviation": -1.0}, {"deviation": np.nan}])
def test_bad_options(smooth, onehot, rng, options):
    with pytest.raises(UserError, match="wants at least 1 and at least 0"):
        smoothgrad.attribute(smooth, onehot, target=0, rng=rng, **options)
