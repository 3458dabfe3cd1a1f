"""Dropout beside PyTorch's."""

import pytest
import torch
from torch import nn
from torch.nn import functional

from cislens.models import dropout

SHAPE = (200, 30, 41)  # an odd number of elements


def ones(*, requires_grad=False):
    return torch.ones(SHAPE, requires_grad=requires_grad)


def draw(share, seed=0):
    torch.manual_seed(seed)
    return dropout.Dropout(share).train()(ones())


@pytest.mark.parametrize("share", [0.1, 0.3, 0.5, 0.9])
def test_the_share_is_dropped_and_the_rest_scaled(share):
    out = draw(share)
    dropped = out.eq(0).double().mean().item()
    error = (share * (1 - share) / out.numel()) ** 0.5
    assert abs(dropped - share) < 5 * error
    kept = out[out != 0]
    assert (kept == kept[0]).all()
    assert kept[0].item() == pytest.approx(1 / (1 - share), abs=2e-4 / (1 - share))


def test_the_mean_is_that_of_the_input():
    out = draw(0.25).double()
    assert abs(out.mean().item() - 1) < 5 * (0.25 / 0.75 / out.numel()) ** 0.5


def test_elements_are_dropped_independently():
    """All sixteen outcomes of the four elements that share a random word are as frequent."""
    dropped = draw(0.5).flatten()[: 200 * 30 * 40].view(-1, 4).eq(0)
    words = (dropped * torch.tensor([1, 2, 4, 8])).sum(1)
    counts = torch.bincount(words, minlength=16).double()
    expected = len(words) / 16
    chi_squared = ((counts - expected) ** 2 / expected).sum().item()
    assert chi_squared < 45  # one in 10,000, 15 degrees of freedom
    torch.testing.assert_close(
        torch.corrcoef(torch.stack([words[:-1], words[1:]]).double())[0, 1].item(),
        0.0,
        atol=5 / len(words) ** 0.5,
        rtol=0,
    )


def test_the_same_seed_gives_the_same_bits_and_another_seed_others():
    assert torch.equal(draw(0.3), draw(0.3))
    assert not torch.equal(draw(0.3), draw(0.3, seed=1))


def test_gradients_pass_where_elements_were_kept_twice_over():
    layer = dropout.Dropout(0.4).train()
    x = ones(requires_grad=True)
    out = layer(x)
    (slope,) = torch.autograd.grad((out**2).sum() / 2, x, create_graph=True)
    scale = out.max().item()
    torch.testing.assert_close(slope, out * scale)
    (curvature,) = torch.autograd.grad(slope.sum(), x)
    torch.testing.assert_close(curvature, out.ne(0) * scale**2)


def test_nothing_is_dropped_in_evaluation_and_the_extremes_are_pytorchs():
    x = torch.randn(SHAPE)
    assert dropout.Dropout(0.5).eval()(x) is x
    assert torch.equal(dropout.Dropout(0.0).train()(x), x)
    assert torch.equal(dropout.Dropout(1.0).train()(x), functional.dropout(x, 1.0))
    assert torch.equal(dropout.Dropout(1e-9).train()(x), x)
    assert isinstance(dropout.Dropout(0.5), nn.Dropout)


@pytest.mark.parametrize("dtype", [torch.float64, torch.bfloat16])
def test_the_precision_is_kept(dtype):
    out = dropout.Dropout(0.5).train()(ones().to(dtype))
    assert out.dtype == dtype
    assert set(out.unique().tolist()) == {0.0, 2.0}
