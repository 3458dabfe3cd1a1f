"""The published sizes of CNN-dist."""

from cislens.models.zoo import cnn_dist


def test_for_200_bp(trace):
    weights, shapes = trace(cnn_dist.build, input_length=200, outputs=1)
    assert weights == 46_225
    assert shapes["layer1"] == (24, 200)
    assert shapes["layer2"] == (32, 50)
    assert shapes["layer3"] == (48, 11)
    assert shapes["layer4"] == (64, 3)
    assert shapes["flatten"] == (192,)
