"""Profile losses against SciPy's multinomial and a slow loop."""

import numpy as np
import pytest
import torch
from scipy import stats

from cislens.training import profile_losses


@pytest.fixture
def drawn(rng):
    counts = rng.poisson(0.7, (3, 2, 17)).astype(float)
    counts[1, 0] = 0
    counts[2, 1, 4] = np.nan
    logits = rng.normal(size=(3, 2, 17))
    return torch.tensor(logits, requires_grad=True), torch.tensor(counts)


def likelihoods(logits, counts):
    shares = logits.detach().softmax(-1).numpy()
    return {
        (b, t): -stats.multinomial.logpmf(counts[b, t], counts[b, t].sum(), shares[b, t])
        for b in range(3)
        for t in range(2)
        if not np.isnan(counts[b, t]).any()
    }


def test_multinomial_equals_scipy(drawn):
    logits, counts = drawn
    expected = likelihoods(logits, counts.numpy())
    loss = profile_losses.multinomial(logits, counts)
    assert loss.measured == len(expected) == 5
    assert loss.total.item() == pytest.approx(sum(expected.values()))
    assert expected[1, 0] == 0


def test_unmeasured_track_has_no_gradient(drawn):
    logits, counts = drawn
    totals = torch.randn(3, 2, dtype=torch.float64, requires_grad=True)
    loss = profile_losses.profile(logits, totals, counts).mean
    of_logits, of_totals = torch.autograd.grad(loss, [logits, totals])
    assert of_logits.isfinite().all()
    assert (of_logits[2, 1] == 0).all()
    assert (of_totals[2, 1] == 0).all()
    assert (of_logits[0] != 0).any()
    assert (of_totals.flatten()[:5] != 0).all()


@pytest.mark.parametrize("weight", [0.0, 20.0])
def test_profile_is_the_weighted_sum(drawn, weight):
    logits, counts = drawn
    totals = torch.randn(3, 2, dtype=torch.float64)
    expected = [
        nll + weight * (totals[place].item() - np.log1p(counts[place].sum().item())) ** 2
        for place, nll in likelihoods(logits, counts.numpy()).items()
    ]
    loss = profile_losses.profile(logits, totals, counts, counts_weight=weight)
    assert loss.mean.item() == pytest.approx(np.mean(expected))


def test_half_precision_is_summed_in_single():
    counts = torch.full((1, 1, 10), 9000.0, dtype=torch.float16)
    loss = profile_losses.profile(torch.zeros(1, 1, 10), torch.full((1, 1), 11.4), counts)
    assert loss.total.dtype == torch.float32
    expected = -stats.multinomial.logpmf([9000] * 10, 90000, [0.1] * 10)
    assert loss.total.item() == pytest.approx(
        expected + 20 * (11.4 - np.log1p(90000)) ** 2, abs=0.1
    )


def test_gain_is_what_a_flat_shape_loses(drawn):
    logits, counts = drawn
    flat = profile_losses.multinomial(torch.zeros_like(logits), counts)
    found = profile_losses.gain(logits, counts)
    expected = flat.total - profile_losses.multinomial(logits, counts).total
    torch.testing.assert_close(found.total, expected)
    assert found.measured == flat.measured == 5
    assert profile_losses.gain(torch.full_like(logits, 3.0), counts).total.abs() < 1e-9
