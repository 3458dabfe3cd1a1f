"""The published sizes of Basset."""

from cislens.models.zoo import basset


def test_for_600_bp(trace):
    weights, shapes = trace(basset.build, input_length=600, outputs=164)
    assert weights == 4_135_064
    assert shapes["layer1"] == (300, 194)
    assert shapes["layer2"] == (200, 46)
    assert shapes["layer3"] == (200, 10)
    assert shapes["flatten"] == (2000,)
    assert shapes["dense2"] == (1000,)


def test_drops_only_in_dense_layers():
    model = basset.build(input_length=600, outputs=1, width_multiplier=0.01)
    assert model.layer1.dropout.p == 0
    assert model.dense1.dropout.p == model.dense2.dropout.p == 0.3
