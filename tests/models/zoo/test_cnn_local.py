"""The published sizes of CNN-local."""

from cislens.models.zoo import cnn_local


def test_for_200_bp(trace):
    weights, shapes = trace(cnn_local.build, input_length=200, outputs=1)
    assert weights == 14_929
    assert shapes["layer1"] == (24, 4)
    assert shapes["layer2"] == (48, 2)
    assert shapes["dense1"] == (96,)
