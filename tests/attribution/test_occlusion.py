"""Occlusion against a loop over windows."""

import pytest
import torch

from cislens.attribution import occlusion
from cislens.errors import UserError


def slow(model, onehot, reference, target, *, width, starts):
    """Replace one window after the other and average the losses at each base."""
    losses = torch.zeros(len(onehot), onehot.shape[-1], dtype=torch.float64)
    windows = torch.zeros(onehot.shape[-1])
    with torch.no_grad():
        for start in starts:
            copy = onehot.double()
            copy[:, :, start : start + width] = reference[:, :, start : start + width]
            loss = (model(onehot.double()) - model(copy))[:, target]
            losses[:, start : start + width] += loss[:, None]
            windows[start : start + width] += 1
    return ((losses / windows)[:, None] * onehot).float()


CASES = [
    (1, 1, list(range(24))),
    (5, 1, list(range(20))),
    (5, 5, [0, 5, 10, 15, 19]),
    (7, 3, [0, 3, 6, 9, 12, 15, 17]),
    (24, 24, [0]),
]


@pytest.mark.parametrize(("width", "stride", "starts"), CASES)
@pytest.mark.parametrize(("references", "level"), [("zeros", 0.0), ("uniform", 0.25)])
def test_against_a_loop_over_windows(smooth, onehot, width, stride, starts, references, level):
    result = occlusion.attribute(
        smooth, onehot, target=1, references=references, width=width, stride=stride
    )
    reference = torch.full_like(onehot, level).double()
    expected = slow(smooth, onehot, reference, 1, width=width, starts=starts)
    torch.testing.assert_close(result.values, expected, rtol=1e-4, atol=1e-5)
    assert result.gauge == "projected"


def test_given_references_are_averaged(smooth, onehot):
    references = torch.stack([onehot.roll(shift, dims=-1) for shift in (1, 2)], dim=1)
    result = occlusion.attribute(
        smooth, onehot, target=1, references=references, width=4, batch_size=7
    )
    each = [
        slow(smooth, onehot, references[:, r].double(), 1, width=4, starts=range(21))
        for r in range(2)
    ]
    torch.testing.assert_close(result.values, (each[0] + each[1]) / 2, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"width": 0}, "width=0: wants 1 to 24 bp"),
        ({"width": 25}, "width=25: wants 1 to 24 bp"),
        ({"width": 3, "stride": 4}, "stride=4: wants 1 to 3"),
        ({"stride": 0}, "stride=0: wants 1 to 1"),
    ],
)
def test_bad_windows(smooth, onehot, options, message):
    with pytest.raises(UserError, match=message):
        occlusion.attribute(smooth, onehot, target=0, **options)
