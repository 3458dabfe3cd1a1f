"""Recipes: checks, JSON there and back, predictions."""

import json

import pytest
import torch

from cislens.errors import UserError
from cislens.models import activations, spec


def recipe(**changes):
    fields = {
        "architecture": "cnn-deep",
        "input_length": 200,
        "tasks": ("CTCF", "IRF1"),
        "objective": "binary",
        "activation": "exponential",
        "options": {"width_multiplier": 0.5},
    }
    return spec.Recipe(**{**fields, **changes})


def test_builds_what_it_says():
    model = spec.build(recipe())
    assert isinstance(model.layer1.activation, activations.Exponential)
    assert model.layer1.convolution.out_channels == 16
    assert model(torch.zeros(2, 4, 200)).shape == (2, 2)


def test_json_there_and_back():
    written = recipe().to_json()
    assert json.loads(written)["tasks"] == ["CTCF", "IRF1"]
    assert spec.from_json(written) == recipe()


def test_fields_with_a_default_may_be_left_out():
    fields = {"architecture": "cnn-2", "input_length": 9, "tasks": ["a"], "objective": "poisson"}
    read = spec.from_json(json.dumps(fields))
    assert (read.activation, read.options, read.alphabet) == ("relu", {}, "DNA")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"architecture": "cnn-depe"}, r"architecture='cnn-depe': did you mean 'cnn-deep'\?"),
        ({"activation": "rleu"}, r"activation='rleu': did you mean 'relu'\? known are relu, exp"),
        ({"objective": "binray"}, r"objective='binray': did you mean 'binary'\?"),
        ({"alphabet": "DNE"}, "alphabet='DNE'"),
        ({"input_length": 0}, "input_length=0"),
        ({"tasks": ()}, r"tasks=\(\)"),
        ({"tasks": ("a", "a")}, "each once"),
        (
            {"options": {"width_multiplyer": 2}},
            r"cnn-deep option='width_multiplyer': did you mean 'width_multiplier'\?",
        ),
        ({"objective": "profile"}, "cnn-deep gives something else; .* profiles are tseng-profile"),
        ({"architecture": "tseng-profile", "options": {}}, "objective='binary': tseng-profile"),
        ({"options": {"outputs": 2}}, "known are width_multiplier"),
        ({"options": {"width_multiplier": object()}}, "options: .*JSON"),
    ],
)
def test_refuses_what_it_does_not_know(changes, message):
    with pytest.raises(UserError, match=message):
        recipe(**changes)


def test_option_with_a_bad_value():
    with pytest.raises(UserError, match="width_multiplier=-1: wants a positive"):
        spec.build(recipe(options={"width_multiplier": -1}))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "recipe: not JSON"),
        ("[]", "got a JSON list"),
        ('{"architecture": "cnn-2"}', "'input_length' is missing"),
        ('{"architectur": "cnn-2"}', "did you mean 'architecture'"),
    ],
)
def test_bad_json(text, message):
    with pytest.raises(UserError, match=message):
        spec.from_json(text)


def test_tasks_in_json_are_a_list():
    fields = {**json.loads(recipe().to_json()), "tasks": "CTCF"}
    with pytest.raises(UserError, match="tasks='CTCF': wants a list of names"):
        spec.from_json(json.dumps(fields))


def test_options_of_an_architecture():
    assert spec.known_options("deepbind") == {
        "filter_width": 16,
        "pooling": "max",
        "width_multiplier": 1,
    }


def test_predictions():
    logits = torch.tensor([[-1.0, 0.0, 2.0]])
    assert torch.equal(spec.to_prediction("binary", logits), logits.sigmoid())
    assert torch.equal(spec.to_prediction("regression", logits), logits)
    assert torch.equal(spec.to_prediction("poisson", logits), logits.exp())
    assert torch.equal(spec.to_prediction("profile", logits), logits.softmax(-1))
    with pytest.raises(UserError, match="known are binary, regression, poisson"):
        spec.to_prediction("class", logits)


def test_counts_weights_and_no_buffers(linear):
    assert spec.parameters(linear) == 3 * 4 * 20
    assert spec.parameters(torch.nn.BatchNorm1d(7)) == 14
