"""The published sizes of the binary network, and what its batch normalisation does."""

import pytest
import torch
from torch import nn

from cislens.models.zoo import tseng_binary


def test_for_1000_bp(trace):
    weights, shapes = trace(tseng_binary.build, input_length=1000, outputs=4)
    assert weights == 196_913
    assert shapes["layer3"] == (64, 24)
    assert shapes["flatten"] == (1536,)
    assert shapes["dense1"] == (50,)
    assert shapes["dense2"] == (15,)


def test_normalisation_comes_last():
    model = tseng_binary.build(input_length=90, outputs=1, width_multiplier=0.1)
    for name in ("layer1", "layer2", "layer3", "dense1", "dense2"):
        steps = list(dict(model.get_submodule(name).named_children()))
        assert steps[1:3] == ["activation", "normalisation"]


@pytest.mark.parametrize("batch_norm", [True, False])
def test_batch_norm_hides_the_sum_of_logits_in_training(batch_norm):
    model = tseng_binary.build(
        input_length=120, outputs=2, width_multiplier=0.2, batch_norm=batch_norm
    ).double()
    assert any(isinstance(m, nn.BatchNorm1d) for m in model.modules()) == batch_norm
    onehot = torch.eye(4, dtype=torch.float64)[torch.randint(4, (8, 120))].mT.requires_grad_()
    (train,) = torch.autograd.grad(model(onehot).sum(), onehot)
    (deployed,) = torch.autograd.grad(model.eval()(onehot).sum(), onehot)
    assert deployed.abs().max() > 1e-6
    assert (train.abs().max() < 1e-12) == batch_norm
