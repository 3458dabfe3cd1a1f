"""Taylor ISM against derivatives towards each base, and its place in the family of gauges."""

import pytest
import torch

from cislens.attribution import saliency, taylor_ism
from cislens.sequence import attributions


def close(one, two):
    torch.testing.assert_close(one, two, rtol=1e-6, atol=1e-6)


@pytest.fixture
def taylor(smooth, onehot):
    return taylor_ism.attribute(smooth, onehot, target=1)


@pytest.fixture
def local(smooth, onehot):
    return saliency.attribute(smooth, onehot, target=1)


def test_against_derivatives_towards_each_base(smooth, onehot, taylor):
    step = 1e-5
    for row, column, base in [(0, 3, 1), (0, 4, 0), (2, 0, 2), (3, 23, 3), (4, 23, 0), (4, 12, 1)]:
        towards = torch.zeros_like(onehot[row]).double()
        towards[:, column] = -onehot[row, :, column]
        towards[base, column] += 1
        ends = torch.stack([onehot[row] + step * towards, onehot[row] - step * towards])
        up, down = smooth(ends)[:, 1].tolist()
        expected = (up - down) / (2 * step)
        assert taylor.values[row, base, column].item() == pytest.approx(expected, abs=1e-6)


def test_own_base_is_zero(onehot, taylor):
    assert taylor.values[onehot == 1].eq(0).all()
    assert taylor.gauge == "taylor"


def test_is_hypothetical_against_the_sequence_itself(onehot, taylor, local):
    whole = onehot[1:4]
    cut = attributions.Attributions(local.values[1:4], "m", "1", "local")
    hypothetical = attributions.regauge(cut, to="hypothetical", baseline=whole)
    close(taylor.values[1:4], hypothetical.values)


def test_centred_is_the_corrected_gradient(onehot, taylor, local):
    corrected = attributions.regauge(local, to="corrected")
    close(attributions.regauge(taylor, to="corrected").values, corrected.values)
    back = attributions.regauge(corrected, to="taylor", onehot=onehot)
    known = onehot.sum(dim=1, keepdim=True)
    close(back.values * known, taylor.values * known)


def test_mean_effect_is_four_thirds_of_the_corrected_gradient(onehot, taylor, local):
    mean_effect = -taylor.values.sum(dim=1) / 3
    corrected = attributions.regauge(local, to="corrected")
    own = attributions.projected(corrected, onehot).values.sum(dim=1)
    known = onehot.sum(dim=1) == 1
    close(own[known], 0.75 * mean_effect[known])
