"""Predictions of profile networks: batches, the other strand, and what gives no profiles."""

import numpy as np
import pytest
import torch
from torch import nn

from cislens.errors import UserError
from cislens.models import profiles
from cislens.models.zoo import tseng_profile
from cislens.sequence import alphabet, onehot, strands


@pytest.fixture
def model():
    torch.manual_seed(1)
    return tseng_profile.build(
        input_length=352, outputs=2, width_multiplier=0.1, control="matched"
    ).eval()


@pytest.fixture
def given(rng):
    codes = rng.integers(0, 5, (7, 352), dtype=np.uint8)
    return codes, rng.poisson(3, (7, 4, 6)).astype(np.float32)


def test_batches_give_what_the_network_gives(model, given):
    codes, control = given
    found = profiles.predict(model, codes, control, batch_size=3)
    with torch.no_grad():
        whole = model(onehot.from_codes(codes), torch.from_numpy(control))
    np.testing.assert_allclose(found.shares, whole.logits.softmax(-1).numpy(), atol=1e-6)
    np.testing.assert_allclose(found.log_counts, whole.log_counts.numpy(), atol=1e-5)
    np.testing.assert_allclose(found.shares.sum(-1), 1, atol=1e-5)
    totals = np.expm1(found.log_counts).clip(min=0)
    np.testing.assert_allclose(found.counts.sum(-1), totals, rtol=1e-4)


def test_the_other_strand_of_the_other_strand_is_the_sequence(model, given):
    codes, control = given
    opposite = np.ascontiguousarray(alphabet.reverse_complement(codes))
    turned = np.ascontiguousarray(strands.turned(control, strands=2))
    back = profiles.predict_other_strand(model, opposite, turned, strands=2)
    straight = profiles.predict(model, codes, control)
    # Both run the network on the same sequences; what comes back is turned once.
    np.testing.assert_allclose(strands.turned(back.shares, strands=2), straight.shares, atol=1e-6)
    np.testing.assert_allclose(
        back.log_counts.reshape(7, 2, 2)[:, :, ::-1].reshape(7, 4), straight.log_counts, atol=1e-5
    )


class Gives(nn.Module):
    def __init__(self, outputs):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(1))
        self.outputs = outputs

    def forward(self, onehot):
        return self.outputs


@pytest.mark.parametrize(
    ("outputs", "message"),
    [
        (torch.zeros(7, 4), "gives no profiles"),
        ((torch.zeros(7, 4), torch.zeros(7, 4)), "gives no profiles"),
        ((torch.zeros(7, 1, 4), torch.full((7, 1), torch.nan)), "gives NaN"),
    ],
)
def test_other_outputs_are_refused(given, outputs, message):
    with pytest.raises(UserError, match=message):
        profiles.predict(Gives(outputs), given[0])
