"""Blocks written out by hand."""

import pytest
import torch
from torch import nn
from torch.nn import functional

from cislens.errors import UserError
from cislens.models import activations, blocks, dropout


@pytest.fixture
def convolution():
    return nn.Conv1d(4, 3, 5, padding="same", bias=False)


def test_steps_run_in_the_published_order(convolution):
    norm = nn.BatchNorm1d(3)
    norm.running_mean.copy_(torch.tensor([0.5, -0.5, 0.1]))
    block = blocks.ConvolutionBlock(
        convolution,
        normalisation=norm,
        activation=activations.build("exponential"),
        dropout=0.5,
        pool=nn.MaxPool1d(2),
    ).eval()
    x = torch.randn(2, 4, 11)
    expected = functional.max_pool1d(torch.exp(norm(convolution(x))), 2)
    torch.testing.assert_close(block(x), expected)


@pytest.mark.parametrize(("pool_first", "last"), [(False, "pool"), (True, "dropout")])
def test_pool_before_or_after_dropout(convolution, pool_first, last):
    block = blocks.ConvolutionBlock(
        convolution,
        activation=nn.Identity(),
        dropout=0.5,
        pool=nn.AvgPool1d(11),
        pool_first=pool_first,
    )
    assert list(dict(block.named_children()))[-1] == last
    torch.nn.init.ones_(convolution.weight)
    out = block.train()(torch.ones(500, 4, 11))
    # Dropped after the pool an element is gone altogether; before it, hardly ever all eleven.
    share = out.eq(0).float().mean().item()
    assert 0.4 < share < 0.6 if pool_first else share < 0.01


def test_activation_before_normalisation(convolution):
    norms = [nn.BatchNorm1d(3), nn.BatchNorm1d(2)]
    for norm in norms:
        nn.init.normal_(norm.running_mean)
    block = blocks.ConvolutionBlock(
        convolution, normalisation=norms[0], activation=nn.ReLU(), activation_first=True
    ).eval()
    x = torch.randn(2, 4, 7)
    torch.testing.assert_close(block(x), norms[0](convolution(x).relu()))
    linear = nn.Linear(3, 2)
    dense = blocks.DenseBlock(
        linear, normalisation=norms[1], activation=nn.ReLU(), activation_first=True
    ).eval()
    y = torch.randn(5, 3)
    torch.testing.assert_close(dense(y), norms[1](linear(y).relu()))


def test_dropout_drops_elements_not_channels(convolution):
    block = blocks.ConvolutionBlock(convolution, activation=nn.ReLU(), dropout=0.5)
    assert type(block.dropout) is dropout.Dropout


def test_steps_left_out_are_identities(convolution):
    block = blocks.ConvolutionBlock(convolution, activation=nn.ReLU())
    x = torch.randn(2, 4, 7)
    assert isinstance(block.normalisation, nn.Identity)
    assert isinstance(block.pool, nn.Identity)
    assert torch.equal(block(x), convolution(x).relu())


@pytest.mark.filterwarnings("ignore:Using padding='same' with even")  # the case under test
def test_even_width_is_padded_more_on_the_right():
    convolution = nn.Conv1d(4, 1, 4, padding="same", bias=False)
    x = torch.randn(1, 4, 9)
    expected = functional.conv1d(functional.pad(x, (1, 2)), convolution.weight)
    torch.testing.assert_close(convolution(x), expected)


@pytest.mark.parametrize(("full", "dtype"), [(True, torch.float32), (False, torch.bfloat16)])
def test_full_precision_under_autocast(convolution, full, dtype):
    block = blocks.ConvolutionBlock(convolution, activation=nn.ReLU(), full_precision=full)
    x = torch.randn(2, 4, 9)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        out = block(x)
    assert out.dtype == dtype
    assert torch.equal(out, block(x)) == full


def test_dense_block_runs_in_order():
    norm = nn.BatchNorm1d(3)
    norm.running_var.copy_(torch.tensor([2.0, 1.0, 0.5]))
    linear = nn.Linear(5, 3)
    block = blocks.DenseBlock(linear, normalisation=norm, activation=nn.ELU(), dropout=0.5).eval()
    x = torch.randn(4, 5)
    torch.testing.assert_close(block(x), functional.elu(norm(linear(x))))


def test_no_outputs():
    with pytest.raises(UserError, match="outputs=-1"):
        blocks.output(3, -1)
