"""Trainable explanations against plain double backward, and whether they reach the weights."""

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional

from cislens.errors import UserError
from cislens.models.zoo import ARCHITECTURES, PROFILE_ARCHITECTURES
from cislens.sequence import onehot as onehots
from cislens.training import explaining, priors

LENGTHS = {"residualbind": 300, "beluga": 320, "deepsea": 180, "basset": 180, "basset-koo": 150}


@pytest.fixture
def draw(rng):
    def draw(length, batch=6):
        codes = rng.integers(4, size=(batch, length), dtype=np.uint8)
        chosen = torch.zeros(batch, dtype=torch.bool)
        chosen[1::2] = True
        return onehots.from_codes(codes).double(), chosen

    return draw


def network(architecture, *, activation="relu", **options):
    length = LENGTHS.get(architecture, 360 if architecture in PROFILE_ARCHITECTURES else 130)
    width = 0.4 if architecture == "tseng-binary" else 0.2
    model = (ARCHITECTURES | PROFILE_ARCHITECTURES)[architecture](
        input_length=length, outputs=2, activation=activation, width_multiplier=width, **options
    ).double()
    for module in model.modules():
        if isinstance(module, nn.BatchNorm1d):
            nn.init.normal_(module.running_mean, std=0.1)
            nn.init.uniform_(module.running_var, 0.5, 1.5)
    return model, length


def penalty(gradients, onehot):
    gradients = gradients - gradients.mean(1, keepdim=True)
    return priors.fourier(priors.observed(gradients, onehot)).mean()


def by_weights(value, model):
    weights = list(model.parameters())
    found = torch.autograd.grad(value, weights, allow_unused=True)
    return [torch.zeros_like(w) if g is None else g for w, g in zip(weights, found, strict=True)]


def plainly(model, onehot, target):
    """Differentiate twice with nothing but PyTorch."""
    onehot = onehot.clone().requires_grad_()
    explained = explaining.TARGETS[target](model.eval()(onehot))
    (gradients,) = torch.autograd.grad(explained, onehot, create_graph=True)
    return gradients


@pytest.mark.parametrize("activation", ["relu", "exponential"])
@pytest.mark.parametrize("architecture", [*ARCHITECTURES, *PROFILE_ARCHITECTURES])
def test_equals_plain_double_backward(architecture, activation, draw):
    model, length = network(architecture, activation=activation)
    target = "logit" if architecture in ARCHITECTURES else "softmax-weighted"
    onehot, chosen = draw(length)
    gradients = explaining.explain(model.train(), (onehot,), chosen, target=target).gradients
    found = by_weights(penalty(gradients, onehot[chosen]), model)
    expected = plainly(model, onehot[chosen], target)
    torch.testing.assert_close(gradients, expected)
    for mine, theirs in zip(
        found, by_weights(penalty(expected, onehot[chosen]), model), strict=True
    ):
        torch.testing.assert_close(mine, theirs, rtol=1e-6, atol=1e-10)


def test_gradient_by_a_weight_is_that_of_finite_differences(draw):
    model, length = network("tseng-binary", activation="softplus")
    for module in model.modules():
        if isinstance(module, nn.BatchNorm1d):
            module.momentum = 0.0
    onehot, chosen = draw(length)

    def value():
        explained = explaining.explain(model, (onehot,), chosen, target="logit")
        return penalty(explained.gradients, onehot[chosen])

    weight = model.layer2.convolution.weight
    (gradient,) = torch.autograd.grad(value(), weight)
    place, step, ends = gradient.abs().argmax(), 1e-5, []
    for shift in (step, -2 * step):
        with torch.no_grad():
            weight.view(-1)[place] += shift
        ends.append(value().item())
    slope = (ends[0] - ends[1]) / (2 * step)
    assert gradient.reshape(-1)[place].item() == pytest.approx(slope, rel=1e-3)


@pytest.mark.parametrize(
    ("architecture", "options", "target"),
    [
        ("tseng-binary", {"batch_norm": True}, "logit"),
        ("tseng-binary", {"batch_norm": False}, "logit"),
        ("tseng-profile", {}, "softmax-weighted"),
        ("tseng-profile", {}, "centred-squared"),
        ("tseng-profile", {}, "log-counts"),
    ],
)
def test_prior_reaches_the_weights(architecture, options, target, draw):
    model, length = network(architecture, **options)
    onehot, chosen = draw(length)
    model(onehot)
    explained = explaining.explain(model, (onehot,), chosen, target=target)
    assert explained.gradients.abs().max() > 1e-6
    found = by_weights(penalty(explained.gradients, onehot[chosen]), model)
    kernels = [g for g, w in zip(found, model.parameters(), strict=True) if w.ndim == 3]
    assert kernels[0].abs().max() > 1e-6
    assert kernels[1].abs().max() > 1e-6


def test_statistics_of_the_batch_hide_the_sum_of_logits(draw):
    model, length = network("tseng-binary")
    onehot, chosen = draw(length)
    hidden, seen = (
        explaining.explain(model, (onehot,), chosen, target="logit", statistics=statistics)
        for statistics in ("batch", "running")
    )
    assert hidden.gradients.abs().max() < 1e-12 * seen.gradients.abs().max()


@pytest.mark.parametrize("how_many", [0, 3, 6])
@pytest.mark.parametrize("architecture", ["tseng-binary", "tseng-profile"])
def test_outputs_are_those_of_the_network_in_training(architecture, how_many, draw):
    model, length = network(architecture)
    target = "logit" if architecture == "tseng-binary" else "centred-squared"
    onehot, _ = draw(length)
    chosen = torch.tensor([False, True, False, True, True, False]) & (how_many > 0)
    chosen |= how_many == 6
    expected = model(onehot)
    found = explaining.explain(model, (onehot,), chosen, target=target)
    torch.testing.assert_close(found.outputs, expected)
    assert found.gradients.shape == (how_many, 4, length)
    assert all(module.training for module in model.modules())


def test_each_part_keeps_its_mode(draw):
    model, length = network("cnn-dist")
    model.layer1.eval()
    onehot, chosen = draw(length)
    explaining.explain(model, (onehot,), chosen, target="logit")
    assert not model.layer1.convolution.training
    assert model.layer2.training


def test_dropout_is_not_explained(draw):
    model = nn.Sequential(nn.Flatten(), nn.Dropout(0.5), nn.Linear(80, 1)).double()
    onehot, chosen = draw(20)
    explained = explaining.explain(model, (onehot,), chosen, target="logit")
    torch.testing.assert_close(
        explained.gradients, model[2].weight.view(1, 4, 20).expand(3, -1, -1).detach()
    )
    assert (explained.outputs.detach() - model.eval()(onehot)).abs().max() > 1e-3


def test_further_inputs_are_split_with_the_sequences(draw):
    model, length = network("tseng-profile", control="shared")
    onehot, chosen = draw(length)
    control = torch.rand(6, 2, length - 346, dtype=torch.float64)
    found = explaining.explain(model, (onehot, control), chosen, target="log-counts")
    torch.testing.assert_close(found.outputs, model(onehot, control))


class Dictionary(nn.Module):
    def forward(self, onehot):
        return {"a": onehot.sum((1, 2)), "b": [onehot.mean((1, 2))]}


def test_parts_of_any_structure_are_joined(draw, monkeypatch):
    monkeypatch.setitem(explaining.TARGETS, "first", lambda outputs: outputs["a"].sum())
    onehot, chosen = draw(20)
    onehot = onehot * torch.arange(1, 7)[:, None, None]
    found = explaining.explain(Dictionary(), (onehot,), chosen, target="first")
    torch.testing.assert_close(found.outputs, Dictionary()(onehot))


class Constant(nn.Module):
    def forward(self, onehot):
        return torch.zeros(len(onehot), 1)


def test_constant_network_has_a_gradient_of_zero(draw):
    onehot, chosen = draw(20)
    found = explaining.explain(Constant(), (onehot,), chosen, target="logit")
    assert (found.gradients == 0).all()


def test_autocast_does_not_reach_the_explanation(draw):
    model, length = network("tseng-profile")
    model, (onehot, chosen) = model.float(), draw(length)
    onehot = onehot.float()
    expected = plainly(model, onehot[chosen], "softmax-weighted")
    with torch.autocast("cpu", dtype=torch.bfloat16):
        found = explaining.explain(model, (onehot,), chosen, target="softmax-weighted")
    assert found.outputs.logits.dtype == torch.bfloat16
    torch.testing.assert_close(found.gradients, expected)


def test_centred_squared_is_the_gradient_of_half_the_squares(draw):
    model, length = network("tseng-profile")
    onehot, _ = draw(length)
    onehot.requires_grad_()
    logits = model(onehot).logits
    weights = functional.log_softmax(logits, -1).detach()
    published = ((logits - logits.mean(-1, keepdim=True)) * weights).sum()
    (expected,) = torch.autograd.grad(published, onehot)
    found = plainly(model, onehot.detach(), "centred-squared")
    torch.testing.assert_close(found.detach(), expected)


@pytest.mark.parametrize(
    ("architecture", "target"), [("tseng-profile", "logit"), ("cnn-dist", "log-counts")]
)
def test_target_that_the_network_lacks(architecture, target, draw):
    model, length = network(architecture)
    onehot, chosen = draw(length)
    with pytest.raises(UserError, match=f"prior.target='{target}': the network does not give"):
        explaining.explain(model, (onehot,), chosen, target=target)
