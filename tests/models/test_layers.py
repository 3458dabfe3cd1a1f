"""Layers by name."""

import pytest
from torch import nn

from cislens.errors import UserError
from cislens.models import layers


@pytest.fixture
def foreign():
    trunk = nn.Sequential(nn.Conv1d(4, 2, 3), nn.ReLU(), nn.Conv1d(2, 2, 3))
    return nn.ModuleDict({"trunk": trunk, "head": nn.Linear(3, 1), "again": trunk[0]})


def test_convolutions_in_order_each_once(foreign):
    assert list(layers.convolutions(foreign)) == ["trunk.0", "trunk.2"]
    assert layers.convolutions(foreign)["trunk.2"] is foreign["trunk"][2]


def test_convolutions_of_the_zoo(small):
    names = list(layers.convolutions(small("residualbind")))
    assert names == [
        "layer1.convolution",
        "residual.branch.convolution1",
        "residual.branch.convolution2",
        "layer2.convolution",
        "layer3.convolution",
    ]


def test_find_by_any_name(foreign):
    assert layers.find(foreign, "trunk.0") is layers.find(foreign, "again")


def test_readout_in_a_block_is_the_activation(small):
    model = small("cnn-deep")
    assert layers.readout(model, "layer3.convolution") == "layer3.activation"
    assert layers.readout(model.layer3, "convolution") == "activation"


def test_readout_elsewhere_is_the_convolution(foreign, small):
    assert layers.readout(foreign, "trunk.0") == "trunk.0"
    name = "residual.branch.convolution1"
    assert layers.readout(small("residualbind"), name) == name


def test_unknown_layer_gets_the_nearest(small):
    with pytest.raises(
        UserError,
        match=r"layer='layer1.activaton': did you mean 'layer1.activation'\? known are layer1, ",
    ):
        layers.find(small("cnn-2"), "layer1.activaton")


def test_readout_of_another_layer(small):
    with pytest.raises(UserError, match=r"known are layer1.convolution, layer2.convolution"):
        layers.readout(small("cnn-2"), "layer1.pool")


def test_model_without_layers():
    with pytest.raises(UserError, match="layer='x': known are none"):
        layers.find(nn.ReLU(), "x")
