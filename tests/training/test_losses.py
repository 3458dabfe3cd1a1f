"""Losses against PyTorch's own where all is measured, and a slow loop where some is not."""

import math

import pytest
import torch
from torch.nn import functional

from cislens.training import losses
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


@pytest.mark.parametrize(
    "loss", [losses.binary_cross_entropy, losses.balanced_binary_cross_entropy]
)
def test_ambiguous_classes_are_left_out(loss):
    logits, targets = draw("binary")
    hidden = torch.rand(13, 3) < 0.4
    torch.testing.assert_close(
        loss(logits, targets.masked_fill(hidden, losses.AMBIGUOUS)),
        loss(logits, targets.masked_fill(hidden, torch.nan)),
    )


def test_balanced_loss_is_the_mean_of_the_two_classes():
    logits, targets = draw("binary")
    targets[torch.rand(13, 3) < 0.7] = 0
    targets[0] = torch.nan
    expected = [
        functional.binary_cross_entropy_with_logits(
            logits[targets == label], targets[targets == label]
        )
        for label in (0, 1)
    ]
    loss = losses.balanced_binary_cross_entropy(logits, targets)
    torch.testing.assert_close(loss.mean, sum(expected) / 2)
    assert loss.measured.tolist() == [(targets == 0).sum(), (targets == 1).sum()]


@pytest.mark.parametrize("label", [0.0, 1.0])
def test_balanced_loss_of_one_class_is_plain(label):
    logits, targets = draw("binary")
    targets.fill_(label)
    torch.testing.assert_close(
        losses.balanced_binary_cross_entropy(logits, targets).mean,
        losses.binary_cross_entropy(logits, targets).mean,
    )


def test_balanced_batches_add_up():
    logits, targets = draw("binary")
    parts = [
        losses.balanced_binary_cross_entropy(logits[rows], targets[rows])
        for rows in (slice(0, 5), slice(5, 13))
    ]
    summed = losses.Loss(*(sum(part) for part in zip(*parts, strict=True)))
    whole = losses.balanced_binary_cross_entropy(logits, targets)
    torch.testing.assert_close(summed.mean, whole.mean)


@pytest.mark.parametrize("objective", LOSSES)
def test_no_constant_does_better_than_that_of_the_batch(objective):
    _, targets = draw(objective)
    targets[torch.rand(13, 3) < 0.3] = torch.nan
    best = losses.constant(objective, targets).requires_grad_()
    assert (best == best[0]).all()
    loss = LOSSES[objective](best, targets).mean
    (slope,) = torch.autograd.grad(loss, best)
    torch.testing.assert_close(slope.sum(0), torch.zeros(3, dtype=slope.dtype), atol=1e-9, rtol=0)
    for step in (-0.1, 0.1):
        assert (LOSSES[objective](best + step, targets).mean > loss).item()


def test_constant_of_one_class_is_finite_and_ambiguous_entries_are_no_class():
    ones = torch.tensor([[1.0, 0.0, -1.0], [1.0, 0.0, -1.0]])
    found = losses.constant("binary", ones)
    assert found.isfinite().all()
    assert LOSSES["binary"](found, ones).mean.item() < 1e-5
    assert losses.constant("poisson", torch.zeros(2, 1)).isfinite().all()
