"""DeepBind: sizes, any length, and pooling by hand."""

import pytest
import torch

from cislens.errors import UserError
from cislens.models.zoo import deepbind


@pytest.mark.parametrize(("pooling", "pooled"), [("max", 16), ("max-mean", 32)])
def test_sizes(pooling, pooled, trace):
    weights, shapes = trace(deepbind.build, input_length=101, outputs=1, pooling=pooling)
    assert weights == 16 * 4 * 16 + 16 + pooled * 32 + 32 + 32 + 1
    assert shapes["layer1"] == (pooled, 1)


def test_score_of_a_motif_does_not_depend_on_its_place_or_the_length():
    model = deepbind.build(input_length=50, outputs=1).eval()
    motif = torch.eye(4)[torch.randint(4, (16,))].T
    scores = []
    for length, start in [(50, 0), (50, 34), (70, 20)]:
        onehot = torch.zeros(1, 4, length)
        onehot[0, :, start : start + 16] = motif
        scores.append(model(onehot))
    torch.testing.assert_close(scores[1], scores[0])
    torch.testing.assert_close(scores[2], scores[0])


def test_motif_may_hang_over_the_end():
    model = deepbind.build(input_length=20, outputs=1, filter_width=8)
    detected = model.layer1.convolution(torch.zeros(1, 4, 20))
    assert detected.shape == (1, 16, 20 + 7)


def test_unknown_pooling():
    with pytest.raises(UserError, match=r"did you mean 'max-mean'.*known are max, max-mean"):
        deepbind.build(input_length=20, outputs=1, pooling="maxmean")


def test_bad_filter_width():
    with pytest.raises(UserError, match="filter_width=0"):
        deepbind.build(input_length=20, outputs=1, filter_width=0)
