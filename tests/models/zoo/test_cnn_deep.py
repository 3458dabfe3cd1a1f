"""The published sizes of CNN-deep."""

import pytest

from cislens.errors import UserError
from cislens.models.zoo import cnn_deep


def test_for_200_bp(trace):
    weights, shapes = trace(cnn_deep.build, input_length=200, outputs=12)
    assert weights == 286_700
    assert shapes["layer1"] == (32, 200)
    assert shapes["layer2"] == (48, 50)
    assert shapes["layer3"] == (96, 11)
    assert shapes["layer4"] == (128, 3)
    assert shapes["flatten"] == (384,)
    assert shapes["dense1"] == (512,)


def test_for_1000_bp(trace):
    weights, shapes = trace(cnn_deep.build, input_length=1000, outputs=12, width_multiplier=2)
    assert weights == 5_320_652
    assert [shapes[f"layer{n}"][1] for n in (1, 2, 3, 4)] == [1000, 250, 61, 19]
    assert shapes["flatten"] == (4864,)


def test_dropout_grows_with_depth():
    model = cnn_deep.build(input_length=200, outputs=1)
    assert [model[n].dropout.p for n in range(4)] == [0.1, 0.2, 0.3, 0.4]
    assert model.dense1.dropout.p == 0.5


def test_too_short():
    with pytest.raises(UserError, match="input_length=100: cnn-deep needs at least 104 bp"):
        cnn_deep.build(input_length=100, outputs=1)
