"""Losses against PyTorch's own where all is measured, and a slow loop where some is not."""

import math

import pytest
import torch
from torch.nn import functional

from cislens.training.losses import LOSSES

REFERENCES = {
    "binary": functional.binary_cross_entropy_with_logits,
    "regression": functional.mse_loss,
    "poisson": lambda x, t: functional.poisson_nll_loss(x, t, log_input=True, full=False),
}
ENTRY = {
    "binary": lambda x, t: (
        -(t * math.log(1 / (1 + math.exp(-x))) + (1 - t) * -math.log1p(math.exp(x)))
    ),
    "regression": lambda x, t: (x - t) ** 2,
    "poisson": lambda x, t: math.exp(x) - t * x,
}


def draw(objective):
    logits = torch.randn(13, 3, dtype=torch.float64, requires_grad=True)
    targets = torch.randint(2, (13, 3)).double()
    return logits, targets if objective == "binary" else 3 * targets + 1


def test_every_loss_has_a_reference():
    assert LOSSES.keys() == REFERENCES.keys() == ENTRY.keys()


@pytest.mark.parametrize("objective", LOSSES)
def test_loss_and_gradient_equal_pytorch_where_all_is_measured(objective):
    logits, targets = draw(objective)
    loss = LOSSES[objective](logits, targets)
    expected = REFERENCES[objective](logits, targets)
    torch.testing.assert_close(loss.mean, expected)
    torch.testing.assert_close(
        torch.autograd.grad(loss.mean, logits), torch.autograd.grad(expected, logits)
    )


@pytest.mark.parametrize("objective", LOSSES)
def test_unmeasured_entries_are_left_out(objective):
    logits, targets = draw(objective)
    hidden = torch.rand(13, 3) < 0.4
    entries = [
        ENTRY[objective](x, t)
        for x, t, h in zip(
            logits.flatten().tolist(), targets.flatten().tolist(), hidden.flatten(), strict=True
        )
        if not h
    ]
    loss = LOSSES[objective](logits, targets.masked_fill(hidden, torch.nan))
    assert loss.measured.item() == len(entries)
    assert loss.total.item() == pytest.approx(sum(entries))
    (gradient,) = torch.autograd.grad(loss.mean, logits)
    assert (gradient[hidden] == 0).all()
    assert (gradient[~hidden] != 0).all()


@pytest.mark.parametrize("objective", LOSSES)
def test_nothing_measured_is_zero_without_a_gradient(objective):
    logits, targets = draw(objective)
    loss = LOSSES[objective](logits, targets * torch.nan).mean
    assert loss.item() == 0
    assert (torch.autograd.grad(loss, logits)[0] == 0).all()


@pytest.mark.parametrize("objective", LOSSES)
def test_half_precision_logits_are_summed_in_single(objective):
    logits = torch.full((400, 3), 5.0, dtype=torch.float16)
    targets = torch.zeros(400, 3)
    total = LOSSES[objective](logits, targets).total
    assert total.dtype == torch.float32
    assert total.item() == pytest.approx(1200 * ENTRY[objective](5.0, 0.0), rel=1e-4)
