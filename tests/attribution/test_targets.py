"""Several targets at once, by number, name or function."""

import functools

import numpy as np
import pytest
import torch

from cislens import attribution
from cislens.attribution import saliency, smoothgrad
from cislens.errors import UserError
from cislens.models import inputs

TASKS = ("CTCF", "GATA1", "SP1")


def test_one_map_a_target(network, onehot):
    def total(outputs):
        return outputs.sum(dim=1)

    maps = attribution.each(
        saliency.attribute, network, onehot, targets=["SP1", 0, total], tasks=TASKS
    )
    assert [m.target for m in maps] == ["SP1", "CTCF", "total"]
    for found, target in zip(maps, (2, 0, total), strict=True):
        expected = saliency.attribute(network, onehot, target=target)
        assert torch.equal(found.values, expected.values)


def test_numbers_without_names(network, onehot):
    (found,) = attribution.each(saliency.attribute, network, onehot, targets=[1])
    assert found.target == "1"


def test_bound_options_and_both_strands(network, onehot, rng):
    method = functools.partial(smoothgrad.attribute, rng=rng, deviation=0.0, samples=1)
    (found,) = attribution.each(method, network, onehot, targets=[1], both_strands=True)
    expected = saliency.attribute(inputs.BothStrands(network), onehot, target=1)
    torch.testing.assert_close(found.values, expected.values)


@pytest.mark.usefixtures("unchecked_shapes")
def test_numbers_of_numpy_are_numbers(network, onehot):
    (found,) = attribution.each(
        saliency.attribute, network, onehot, targets=[np.int64(2)], tasks=TASKS
    )
    assert found.target == "SP1"
    assert torch.equal(found.values, saliency.attribute(network, onehot, target=2).values)
    with pytest.raises(UserError, match=r"target=0\.5: wants the number of an output"):
        attribution.each(saliency.attribute, network, onehot, targets=[0.5], tasks=TASKS)


@pytest.mark.parametrize(
    ("target", "tasks", "message"),
    [
        ("GATA", TASKS, "target='GATA': did you mean 'GATA1'. known are CTCF, GATA1, SP1"),
        ("CTCF", (), "target='CTCF': the outputs have no names; wants a number"),
        (5, TASKS, "target=5: the model's outputs are 0 to 2"),
        (-1, TASKS, "target=-1: the model's outputs are 0 to 2"),
    ],
)
def test_unknown_target(network, onehot, target, tasks, message):
    with pytest.raises(UserError, match=message):
        attribution.each(saliency.attribute, network, onehot, targets=[target], tasks=tasks)
