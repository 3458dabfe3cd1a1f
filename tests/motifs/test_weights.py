"""Weights as motifs."""

import numpy as np
import pytest
import torch
from torch import nn

from cislens.errors import UserError
from cislens.motifs import weights


def test_columns_by_hand():
    model = nn.Sequential(nn.Conv1d(4, 2, 2), nn.Conv1d(2, 3, 2))
    with torch.no_grad():
        model[0].weight.zero_()
        model[0].weight[0, :, 0] = torch.tensor([-1.0, 0.0, 1.0, 3.0])
    first, second = weights.as_motifs(model)
    np.testing.assert_allclose(first.probabilities[:, 0], [0, 1 / 7, 2 / 7, 4 / 7])
    np.testing.assert_allclose(second.probabilities, 0.25)
    assert (first.name, second.name) == ("filter_0", "filter_1")
    with pytest.raises(UserError, match="no convolution of four bases"):
        weights.as_motifs(model, layer="1")
    with pytest.raises(UserError, match="no convolution of sequences"):
        weights.as_motifs(nn.Linear(2, 2))
