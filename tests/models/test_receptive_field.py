"""Receptive fields against geometry worked out by hand, and against one NaN at each base."""

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional

from cislens.errors import UserError
from cislens.models import inference, pools, receptive_field
from cislens.models.receptive_field import ReceptiveField


def sequential(*layers):
    return nn.Sequential(*layers, nn.AdaptiveMaxPool1d(1), nn.Flatten())


CASES = {
    "valid": ([nn.Conv1d(4, 3, 5)], ReceptiveField(0, 1, 5)),
    "same odd": ([nn.Conv1d(4, 3, 19, padding="same")], ReceptiveField(-9, 1, 19)),
    "padded beyond same": ([nn.Conv1d(4, 3, 5, padding=4)], ReceptiveField(-4, 1, 5)),
    "left only": ([nn.ConstantPad1d((6, 0), 0.0), nn.Conv1d(4, 3, 7)], ReceptiveField(-6, 1, 7)),
    "stride": ([nn.Conv1d(4, 3, 7, stride=3, padding=2)], ReceptiveField(-2, 3, 7)),
    "dilation": ([nn.Conv1d(4, 3, 3, dilation=8)], ReceptiveField(0, 1, 17)),
    "dilation same": ([nn.Conv1d(4, 3, 3, dilation=8, padding="same")], ReceptiveField(-8, 1, 17)),
    "pool": ([nn.Conv1d(4, 3, 5), nn.MaxPool1d(4)], ReceptiveField(0, 4, 8)),
    "overlapping pool": ([nn.Conv1d(4, 3, 5), nn.MaxPool1d(4, stride=2)], ReceptiveField(0, 2, 8)),
    "mean pool": ([nn.AvgPool1d(3), nn.Conv1d(4, 3, 2)], ReceptiveField(0, 3, 6)),
    "same pool, 60 = 8 x 7 + 4": ([pools.SamePool(7)], ReceptiveField(-1, 7, 7)),
    "two convolutions": (
        [nn.Conv1d(4, 3, 5, padding=2), nn.ReLU(), nn.MaxPool1d(2), nn.Conv1d(3, 3, 3)],
        ReceptiveField(-2, 2, 10),
    ),
    "normalised exponential": (
        [nn.Conv1d(4, 3, 5), nn.BatchNorm1d(3), nn.Softplus()],
        ReceptiveField(0, 1, 5),
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_by_hand(case):
    layers, expected = CASES[case]
    model = sequential(*layers)
    found = receptive_field.measure(model, layer=str(len(layers) - 1), input_length=60)
    assert found == expected


ZOO = {
    ("cnn-deep", "layer1.convolution"): (-9, 1, 19),
    ("cnn-deep", "layer1.activation"): (-9, 1, 19),
    ("cnn-deep", "layer2.activation"): (-12, 1, 25),
    ("cnn-deep", "layer2.pool"): (-12, 4, 28),
    ("cnn-deep", "layer3.activation"): (-12, 4, 52),
    ("cnn-2", "layer1.pool"): (-9, 2, 20),
    ("basset", "layer1.convolution"): (0, 1, 19),
    ("basset", "layer2.convolution"): (0, 3, 51),
    ("deepsea", "layer2.activation"): (0, 4, 39),
    ("deepbind", "layer1.activation"): (-15, 1, 16),
    ("residualbind", "residual"): (-13, 1, 27),
}


@pytest.mark.parametrize(("name", "layer"), ZOO)
def test_zoo(name, layer, small):
    model = small(name)
    length = model.input_length or 30
    found = receptive_field.measure(model, layer=layer, input_length=length)
    assert found == ZOO[name, layer]


def windows_by_brute_force(model, layer, length):
    """Give the first and the last base that each position sees, from one NaN at each base."""
    spoilt = []
    for base in range(length):
        onehot = torch.zeros(1, 4, length)
        onehot[0, :, base] = torch.nan
        with torch.no_grad():
            output = inference.output_at(model.eval(), onehot, layer=layer)
        spoilt.append(output[0].isnan().any(dim=0).numpy())
    seen = np.array(spoilt)
    return seen.argmax(axis=0), length - 1 - seen[::-1].argmax(axis=0)


@pytest.mark.parametrize(
    ("name", "layer"), [("cnn-deep", "layer3.pool"), ("basset", "layer2.pool")]
)
def test_windows_are_those_of_brute_force(name, layer, small):
    model = small(name)
    length = model.input_length
    field = receptive_field.measure(model, layer=layer, input_length=length)
    first, last = windows_by_brute_force(model, layer, length)
    starts = field.start + field.jump * np.arange(len(first))
    assert (first == np.maximum(starts, 0)).all()
    assert (last == np.minimum(starts + field.width, length) - 1).all()


def test_weight_of_zero_still_sees():
    model = sequential(nn.Conv1d(4, 1, 5))
    nn.init.zeros_(model[0].weight)
    assert receptive_field.measure(model, layer="0", input_length=30).width == 5


def test_dead_filters_and_dropout_change_nothing(small):
    model = small("cnn-deep").train()
    nn.init.constant_(model.layer1.normalisation.bias, -100.0)
    assert receptive_field.measure(model, layer="layer2.pool", input_length=120) == (-12, 4, 28)
    assert all(module.training for module in model.modules())


class Reversed(nn.Module):
    def forward(self, x):
        return x.flip(-1)


class Warped(nn.Module):
    """Bends the middle of the sequence; its ends look straight."""

    def forward(self, x):
        return torch.cat([x[:, :, :20], x[:, :, 21:22], x[:, :, 20:21], x[:, :, 22:]], dim=-1)


class Doubled(nn.Module):
    def forward(self, x):
        return functional.interpolate(x, scale_factor=2)


@pytest.mark.parametrize(
    ("layer", "reason"),
    [
        (nn.AdaptiveAvgPool1d(1), "it has one position"),
        (nn.AdaptiveAvgPool1d(7), "not evenly spaced"),
        (nn.Softmax(dim=-1), "a position at one end sees the other end"),
        (Reversed(), "a position at one end sees the other end"),
        (Warped(), "not evenly spaced"),
        (Doubled(), "not evenly spaced"),
        (nn.Flatten(), "its output has shape"),
        (nn.ConstantPad1d(3, 0.0), "a position sees no base"),
    ],
)
def test_no_fixed_windows(layer, reason):
    model = nn.Sequential(layer)
    with pytest.raises(UserError, match=f"layer='0': no fixed windows.*{reason}"):
        receptive_field.measure(model, layer="0", input_length=60)


def test_nan_weights():
    model = sequential(nn.Conv1d(4, 1, 5))
    nn.init.constant_(model[0].weight, torch.nan)
    with pytest.raises(UserError, match="is NaN for a sequence of N"):
        receptive_field.measure(model, layer="0", input_length=30)


def test_works_in_double_precision():
    model = sequential(nn.Conv1d(4, 1, 5)).double()
    assert receptive_field.measure(model, layer="0", input_length=30) == (0, 1, 5)
