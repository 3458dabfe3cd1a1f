"""Expected gradients against a loop over the same points, and against the integral."""

import numpy as np
import pytest
import torch

from cislens.attribution import _streams, expected_gradients, integrated_gradients
from cislens.errors import UserError


@pytest.fixture
def references(rng):
    """Give three soft references a sequence."""
    drawn = torch.from_numpy(rng.dirichlet([1, 1, 1, 1], (5, 3, 24)))
    return drawn.movedim(-1, 2).float()


def slow(model, sequence, reference, target, places):
    """Average gradients over places on the line, one at a time."""
    mean = torch.zeros_like(reference)
    for place in places:
        point = (reference + place * (sequence - reference)).requires_grad_()
        model(point[None])[0, target].backward()
        mean += point.grad / len(places)
    change = model(sequence[None])[0, target] - model(reference[None])[0, target]
    delta = (mean * (sequence - reference)).sum() - change
    return mean - (reference * mean).sum(dim=0), delta.detach()


def test_against_a_loop_over_points(smooth, onehot, references):
    result = expected_gradients.attribute(
        smooth, onehot, target=1, rng=np.random.default_rng(2), references=references, samples=2
    )
    streams = _streams.of(onehot, np.random.default_rng(2))
    for row, stream in enumerate(streams):
        places = np.add(stream.generator(0).random((3, 2)), [0, 1]) / 2
        pairs = zip(references[row].double(), places, strict=True)
        maps, deltas = zip(
            *(slow(smooth, onehot[row].double(), r, 1, p) for r, p in pairs), strict=True
        )
        expected = torch.stack(maps).mean(dim=0).float()
        torch.testing.assert_close(result.values[row], expected, rtol=1e-5, atol=1e-6)
        torch.testing.assert_close(
            result.deltas[row], torch.stack(deltas).float(), rtol=1e-4, atol=1e-6
        )
    assert result.gauge == "hypothetical"


def test_comes_to_integrated_gradients(smooth, onehot, references, rng):
    result = expected_gradients.attribute(
        smooth, onehot, target=1, rng=rng, references=references, samples=200
    )
    exact = integrated_gradients.attribute(
        smooth, onehot, target=1, references=references, steps=200
    )
    torch.testing.assert_close(result.values, exact.values, rtol=0, atol=1e-3)
    assert exact.deltas.abs().max() < result.deltas.abs().max() < 1e-3


def test_no_sample(smooth, onehot, rng):
    with pytest.raises(UserError, match="samples=0: wants at least 1"):
        expected_gradients.attribute(smooth, onehot, target=0, rng=rng, samples=0)
