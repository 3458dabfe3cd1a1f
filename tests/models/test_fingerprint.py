"""Hashes of networks."""

import copy
import dataclasses

import torch

from cislens.models import checkpoint, fingerprint, spec

RECIPE = spec.Recipe(architecture="cnn-local", input_length=100, tasks=("a",), objective="binary")


def test_a_copy_and_a_file_have_the_hash_and_a_change_has_another(tmp_path):
    model = spec.build(RECIPE)
    before = fingerprint.of(model, RECIPE)
    assert len(before) == 64
    assert fingerprint.of(copy.deepcopy(model), RECIPE) == before
    checkpoint.save(tmp_path / "m.safetensors", model, RECIPE)
    loaded = checkpoint.load(tmp_path / "m.safetensors")
    assert fingerprint.of(loaded.model, loaded.recipe) == before
    with torch.no_grad():
        next(model.parameters()).view(-1)[0] += 1e-6
    assert fingerprint.of(model, RECIPE) != before


def test_a_function_without_weights_counts(tmp_path):
    model = spec.build(RECIPE)
    other = dataclasses.replace(RECIPE, activation="exponential")
    assert fingerprint.of(model, RECIPE) != fingerprint.of(model, other)
    assert fingerprint.of(model) == fingerprint.of(model)


def test_types_that_numpy_lacks(tmp_path):
    model = torch.nn.Linear(2, 2).bfloat16()
    assert fingerprint.of(model) != fingerprint.of(model.float())
