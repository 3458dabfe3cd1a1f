"""Input × gradient against central differences."""

import torch

from cislens.attribution import input_x_gradient


def test_against_central_differences(smooth, onehot, slope):
    result = input_x_gradient.attribute(smooth, onehot, target=0)
    torch.testing.assert_close(result.values, onehot * slope(0).float(), rtol=1e-5, atol=1e-6)
    assert result.values[onehot == 0].eq(0).all()
    assert (result.gauge, result.reference) == ("global", "zeros")
