"""Integrated gradients against a loop over the path, a closed form and the sum rule."""

import pytest
import torch
from torch import nn

from cislens.attribution import integrated_gradients
from cislens.errors import UserError
from cislens.sequence import attributions


def slow(model, sequence, reference, target, steps):
    """Average gradients over the midpoints of the steps, one at a time."""
    mean = torch.zeros_like(reference)
    for step in range(steps):
        point = reference + (step + 0.5) / steps * (sequence - reference)
        point.requires_grad_()
        model(point[None])[0, target].backward()
        mean += point.grad / steps
    change = model(sequence[None])[0, target] - model(reference[None])[0, target]
    delta = (mean * (sequence - reference)).sum() - change
    return mean - (reference * mean).sum(dim=0), delta.detach()


@pytest.fixture
def references(rng):
    """Give three soft references a sequence."""
    drawn = torch.from_numpy(rng.dirichlet([1, 1, 1, 1], (5, 3, 24)))
    return drawn.movedim(-1, 2).float()


def test_against_a_loop_over_the_path(smooth, onehot, references):
    result = integrated_gradients.attribute(
        smooth, onehot, target=1, references=references, steps=5
    )
    for row, sequence in enumerate(onehot.double()):
        maps, deltas = zip(
            *(slow(smooth, sequence, r.double(), 1, 5) for r in references[row]), strict=True
        )
        expected = torch.stack(maps).mean(dim=0).float()
        torch.testing.assert_close(result.values[row], expected, rtol=1e-5, atol=1e-6)
        torch.testing.assert_close(
            result.deltas[row], torch.stack(deltas).float(), rtol=1e-4, atol=1e-6
        )
    assert result.gauge == "hypothetical"


def test_product_of_two_sums_in_closed_form(onehot):
    class Square(nn.Module):
        def __init__(self):
            super().__init__()
            self.weights = nn.Parameter(torch.randn(4, 24))

        def forward(self, x):
            return (x * self.weights).sum(dim=(1, 2))[:, None] ** 2

    model = Square()
    result = integrated_gradients.attribute(model, onehot, target=0, steps=1)
    expected = (onehot * model.weights.detach()).sum(dim=(1, 2), keepdim=True) * model.weights
    torch.testing.assert_close(result.values, expected.detach(), rtol=1e-5, atol=1e-5)
    assert result.deltas.abs().max() < 1e-4


def test_map_sums_to_the_change(smooth, onehot):
    whole = onehot[1:4]
    result = integrated_gradients.attribute(
        smooth, whole, target=1, references="uniform", steps=300
    )
    uniform = torch.full_like(whole, 0.25).double()
    change = (smooth(whole.double()) - smooth(uniform))[:, 1].detach()
    total = attributions.projected(result, whole).values.sum(dim=(1, 2))
    torch.testing.assert_close(total, change.float(), rtol=1e-4, atol=1e-5)
    assert result.deltas.shape == (3, 1)
    assert result.deltas.abs().max() < 1e-5


def test_error_of_the_midpoint_rule_falls_with_the_square_of_the_steps(smooth, onehot):
    coarse, fine = (
        integrated_gradients.attribute(smooth, onehot, target=1, steps=steps).deltas.abs().max()
        for steps in (10, 40)
    )
    assert 12 < coarse / fine < 20


def test_no_step(smooth, onehot):
    with pytest.raises(UserError, match="steps=0: wants at least 1"):
        integrated_gradients.attribute(smooth, onehot, target=0, steps=0)
