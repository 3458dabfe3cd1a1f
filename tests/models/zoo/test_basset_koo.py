"""The published sizes of the Basset variant."""

from cislens.models.zoo import basset_koo


def test_for_600_bp(trace):
    weights, shapes = trace(basset_koo.build, input_length=600, outputs=164)
    assert weights == 4_132_364
    assert shapes["layer1"] == (300, 200)
    assert shapes["layer2"] == (200, 47)
    assert shapes["layer3"] == (200, 10)
    assert shapes["dense2"] == (1000,)
