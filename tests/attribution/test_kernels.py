"""The compiled loops against PyTorch's own operations, and the same maps with and without them."""

import pytest
import torch
from torch import nn
from torch.nn import functional

from cislens.attribution import _kernels, _slopes, deeplift_shap, shuffled

KINDS = [torch.float32, torch.float64]


@pytest.mark.parametrize("kind", KINDS)
def test_rectifier_is_the_slope_times_the_gradient(kind):
    ours, theirs, gradient = torch.randn(3, 4, 5, 60, dtype=kind).unbind()
    theirs[0] = ours[0]
    theirs[1, 0], ours[1, 0] = 0, 0
    slope = _slopes.relu(ours, theirs, ours.relu(), theirs.relu())
    found = _kernels.rectified(gradient, ours, theirs)
    torch.testing.assert_close(found, gradient * slope, rtol=1e-6, atol=0)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("length", [11, 12, 13, 40])
@pytest.mark.parametrize(
    ("size", "stride", "padding"),
    [(1, 1, 0), (2, 5, 0), (3, 2, 1), (4, 4, 0), (4, 1, 2), (7, 3, 3)],
)
def test_maxima_are_those_of_pytorch(kind, length, size, stride, padding):
    x = torch.randint(-3, 3, (2, 3, length)).to(kind)
    x[1, 2, 4] = torch.nan
    values, places = _kernels.highest(x, size, stride, padding)
    wanted = functional.max_pool1d(x, size, stride, padding, return_indices=True)
    torch.testing.assert_close(values, wanted[0], rtol=0, atol=0, equal_nan=True)
    assert torch.equal(places, wanted[1])


def test_only_what_they_can_read_goes_to_them():
    large = torch.zeros(_kernels.LEAST, 2)
    assert _kernels.fit(large, large)
    assert not _kernels.fit(large[:9])
    assert not _kernels.fit(large.T)
    assert not _kernels.fit(large, large.double())
    assert not _kernels.fit(large.half())


@pytest.mark.parametrize(
    "layers",
    [
        lambda: [nn.ReLU(), nn.MaxPool1d(4)],
        lambda: [nn.MaxPool1d(3, 2, 1), nn.ReLU()],
        lambda: [nn.GELU(), nn.MaxPool1d(5, 2), nn.ReLU(inplace=True)],
        lambda: [nn.ReLU(), nn.MaxPool1d(3, dilation=2), nn.MaxPool1d(4, ceil_mode=True)],
    ],
)
def test_maps_are_the_same_with_and_without(layers, onehot, monkeypatch):
    body = nn.Sequential(nn.Conv1d(4, 6, 3), *layers(), nn.Flatten()).double()
    model = nn.Sequential(body, nn.Linear(body(onehot.double()).shape[1], 2).double())

    def explain():
        return deeplift_shap.attribute(model, onehot, target=1, references=shuffled(3))

    expected = explain()
    monkeypatch.setattr(_kernels, "LEAST", 1)
    found = explain()
    torch.testing.assert_close(found.values, expected.values, rtol=1e-6, atol=1e-7)
    assert found.deltas.abs().max() < 1e-10
