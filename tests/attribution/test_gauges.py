"""Identities between the maps of different methods, by way of their gauges."""

import dataclasses

import pytest
import torch

from cislens.attribution import (
    deeplift_shap,
    input_x_gradient,
    integrated_gradients,
    ism,
    saliency,
    shuffled,
    taylor_ism,
)
from cislens.sequence import attributions

CLOSE = {"rtol": 1e-6, "atol": 1e-6}
COMPARED = {"zeros": 0.0, "uniform": 0.25}


@pytest.fixture
def known(onehot):
    """Leave out the sequences with N."""
    return onehot[1:4]


@pytest.fixture
def gradient(smooth, known):
    return saliency.attribute(smooth, known, target=1)


def test_gradient_times_input_is_the_global_form_of_the_gradient(smooth, known, gradient):
    product = input_x_gradient.attribute(smooth, known, target=1)
    global_ = attributions.regauge(gradient, to="global", onehot=known, baseline=torch.zeros(4))
    torch.testing.assert_close(global_.values, product.values, **CLOSE)
    assert product.gauge == global_.gauge


def test_taylor_ism_is_the_taylor_form_of_the_gradient(smooth, known, gradient):
    taylor = taylor_ism.attribute(smooth, known, target=1)
    found = attributions.regauge(gradient, to="taylor", onehot=known)
    torch.testing.assert_close(found.values, taylor.values, **CLOSE)


def test_centred_taylor_ism_is_the_corrected_gradient(smooth, known, gradient):
    taylor = taylor_ism.attribute(smooth, known, target=1)
    corrected = attributions.regauge(gradient, to="corrected").values
    torch.testing.assert_close(
        attributions.regauge(taylor, to="corrected").values, corrected, **CLOSE
    )
    mean_effect = -taylor.values.sum(dim=1) / 3
    torch.testing.assert_close((corrected * known).sum(dim=1), 0.75 * mean_effect, **CLOSE)


def test_centred_ism_at_the_own_base_is_three_quarters_of_the_mean_loss(smooth, known):
    raw, centred = (
        ism.attribute(smooth, known, target=1, centred=centred) for centred in (False, True)
    )
    mean_loss = -raw.values.sum(dim=1) / 3
    torch.testing.assert_close((centred.values * known).sum(dim=1), 0.75 * mean_loss, **CLOSE)


def test_taylor_ism_is_ism_where_positions_add_up(linear, known):
    model = linear.double()
    one, other = (method.attribute(model, known, target=1) for method in (taylor_ism, ism))
    torch.testing.assert_close(one.values, other.values, **CLOSE)
    torch.testing.assert_close(
        attributions.regauge(one, to="corrected").values,
        ism.attribute(model, known, target=1, centred=True).values,
        **CLOSE,
    )


@pytest.mark.parametrize("references", COMPARED)
@pytest.mark.parametrize(
    "explain",
    [deeplift_shap.attribute, lambda *args, **given: integrated_gradients.attribute(
        *args, steps=1500, **given
    )],
    ids=["deeplift_shap", "integrated_gradients"],
)  # fmt: skip
def test_maps_of_differences_sum_to_them_in_every_form(explain, references, smooth, known):
    result = explain(smooth, known, target=1, references=references)
    base = torch.full((4,), COMPARED[references])
    with torch.no_grad():
        numbers = smooth(known.double()), smooth((torch.zeros_like(known) + base[:, None]).double())
    change = (numbers[0] - numbers[1])[:, 1].float()
    own = attributions.projected(result, known).values.sum(dim=(1, 2))
    torch.testing.assert_close(own, change, **CLOSE)
    # A map against zeros is the multipliers themselves, so it has a global form.
    if references == "zeros":
        local = dataclasses.replace(result, gauge="local")
        whole = attributions.regauge(local, to="global", onehot=known, baseline=base)
        torch.testing.assert_close(whole.values.sum(dim=(1, 2)), change, **CLOSE)


def test_corrected_form_is_the_same_from_every_gauge(smooth, known):
    result = deeplift_shap.attribute(smooth, known, target=1, references=shuffled(3))
    corrected = attributions.regauge(result, to="corrected").values
    for gauge in ("taylor", "hypothetical"):
        there = attributions.regauge(result, to=gauge, onehot=known)
        back = attributions.regauge(there, to="corrected").values
        torch.testing.assert_close(back, corrected, **CLOSE)
