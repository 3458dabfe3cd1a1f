"""The published sizes of CNN-2 and CNN-50, and their kin."""

import pytest

from cislens.models.zoo import koo_cnn

POOLED = {
    koo_cnn.cnn_2: (100, 500),
    koo_cnn.cnn_4: (50, 250),
    koo_cnn.cnn_25: (8, 40),
    koo_cnn.cnn_50: (4, 20),
}


@pytest.mark.parametrize("build", POOLED)
def test_for_200_bp(build, trace):
    weights, shapes = trace(build, input_length=200, outputs=12)
    assert weights == 156_740
    assert shapes["layer1"] == (32, POOLED[build][0])
    assert shapes["layer2"] == (124, 2)
    assert shapes["dense1"] == (512,)


@pytest.mark.parametrize("build", POOLED)
def test_for_1000_bp(build, trace):
    weights, shapes = trace(build, input_length=1000, outputs=12, width_multiplier=2)
    assert weights == 2_638_716
    assert shapes["layer1"] == (64, POOLED[build][1])
    assert shapes["layer2"] == (248, 10)


def test_pools_keep_incomplete_windows(trace):
    _, shapes = trace(koo_cnn.cnn_50, input_length=201, outputs=1)
    assert shapes["layer1"] == (32, 5)
    assert shapes["layer2"] == (124, 3)


@pytest.mark.parametrize("first_pool", [0, -2, 3, 200])
def test_first_pool_divides_100(first_pool):
    with pytest.raises(ValueError, match=f"first_pool={first_pool}: wants a divisor of 100"):
        koo_cnn.build(input_length=200, outputs=1, first_pool=first_pool)
