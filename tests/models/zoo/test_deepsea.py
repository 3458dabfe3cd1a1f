"""The published sizes of DeepSEA."""

import torch
from torch import nn

from cislens.models.zoo import deepsea


def test_for_1000_bp(trace):
    weights, shapes = trace(deepsea.build, input_length=1000, outputs=919)
    assert weights == 52_843_119
    assert shapes["layer1"] == (320, 248)
    assert shapes["layer2"] == (480, 60)
    assert shapes["layer3"] == (960, 53)
    assert shapes["flatten"] == (50_880,)
    assert shapes["dense1"] == (925,)


def test_published_activation_is_a_threshold():
    model = deepsea.build(input_length=180, outputs=1, width_multiplier=0.01)
    assert all(
        isinstance(model.get_submodule(f"{name}.activation"), nn.Threshold)
        for name in ("layer1", "layer2", "layer3", "dense1")
    )
    assert model.layer1.activation(torch.tensor([-1.0, 0.0, 2.0])).tolist() == [
        torch.tensor(1e-6).item(),
        torch.tensor(1e-6).item(),
        2.0,
    ]


def test_pools_before_it_drops():
    model = deepsea.build(input_length=180, outputs=1, width_multiplier=0.01)
    assert list(dict(model.layer1.named_children()))[-2:] == ["pool", "dropout"]
