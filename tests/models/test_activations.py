"""Activations against their formulas in float64."""

import copy

import numpy as np
import pytest
import torch
from scipy import special

from cislens.errors import UserError
from cislens.models import activations

X = np.linspace(-12, 12, 97)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


FORMULAS = {
    "relu": lambda x: np.maximum(x, 0),
    "exponential": np.exp,
    "exponential-clamped": lambda x: np.exp(np.minimum(x, 10)),
    "sigmoid": sigmoid,
    "tanh": np.tanh,
    "softplus": lambda x: np.log1p(np.exp(x)),
    "linear": lambda x: x,
    "elu": lambda x: np.where(x > 0, x, np.exp(x) - 1),
    "gelu": lambda x: x * (1 + special.erf(x / np.sqrt(2))) / 2,
    "silu": lambda x: x * sigmoid(x),
    "threshold": lambda x: np.where(x > 0, x, 1e-6),
    "modified-sigmoid": lambda x: 4000 * sigmoid(x - 8),
    "shifted-sigmoid": lambda x: sigmoid(x - 8),
    "scaled-sigmoid": lambda x: 4000 * sigmoid(x),
    "modified-tanh": lambda x: 500 * np.tanh(x - 6) + 500,
    "shifted-tanh": lambda x: np.tanh(x - 6),
    "scaled-tanh": lambda x: 500 * np.tanh(x) + 500,
    "modified-relu": lambda x: np.maximum((x - 0.2) ** 3, 0),
    "shifted-relu": lambda x: np.maximum(x - 0.2, 0),
    "cubed-relu": lambda x: np.maximum(x**3, 0),
    "modified-exponential": lambda x: np.maximum(np.exp(0.1 * x) - 1, 0),
    "log-relu": lambda x: np.maximum(np.log(np.abs(x) + 1e-10), 0),
    "log": lambda x: np.log(np.abs(x) + 1e-10),
}


def test_every_activation_has_its_formula():
    assert set(FORMULAS) == set(activations.ACTIVATIONS)


@pytest.mark.parametrize("name", activations.ACTIVATIONS)
def test_is_its_formula(name):
    y = activations.build(name)(torch.from_numpy(X)).numpy()
    np.testing.assert_allclose(y, FORMULAS[name](X), rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("name", activations.ACTIVATIONS)
def test_is_a_module_without_state(name):
    module = activations.build(name)
    assert not module.state_dict()
    assert repr(copy.deepcopy(module)) == repr(module)
    assert activations.build(name) is not module


@pytest.mark.parametrize("name", ["exponential", "exponential-clamped"])
def test_exponential_is_float32_under_autocast(name):
    x = torch.full((2, 3), 9.0, dtype=torch.bfloat16)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        y = activations.build(name)(x)
    assert y.dtype == torch.float32
    torch.testing.assert_close(y, torch.full((2, 3), 9.0).exp())


def test_clamp_stops_overflow_and_the_plain_exponential_does_not():
    x = torch.tensor([5.0, 1000.0])
    assert activations.build("exponential")(x).isinf().tolist() == [False, True]
    assert activations.build("exponential-clamped")(x)[1] == torch.tensor(10.0).exp()


def test_scale_of_the_exponential():
    x = torch.tensor([-2.0, 3.0])
    torch.testing.assert_close(activations.Exponential(scale=0.5)(x), (x / 2).exp())


def test_unknown_name_gets_the_nearest():
    with pytest.raises(UserError, match=r"activation='exponental': did you mean 'exponential'\?"):
        activations.build("exponental")
