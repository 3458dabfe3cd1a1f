"""Saliency against central differences."""

import torch

from cislens.attribution import saliency


def test_against_central_differences(smooth, onehot, slope):
    result = saliency.attribute(smooth, onehot, target=2)
    torch.testing.assert_close(result.values, slope(2).float(), rtol=1e-5, atol=1e-6)
    assert result.gauge == "local"
    assert result.reference == "none"
    assert (result.values < 0).any()


def test_without_sign(smooth, onehot):
    signed = saliency.attribute(smooth, onehot, target=2)
    result = saliency.attribute(smooth, onehot, target=2, absolute=True)
    assert torch.equal(result.values, signed.values.abs())
    assert result.notes == ("absolute values",)
    assert signed.notes == ()
