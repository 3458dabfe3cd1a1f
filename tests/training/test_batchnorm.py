"""Running statistics from the first epoch on."""

import numpy as np
import pytest
import torch
from torch import nn

from cislens.training import batchnorm
from cislens.training.fit import fit
from cislens.training.options import FitOptions
from cislens.training.prior_options import PriorOptions


def run(callback, norm, batches):
    callback.on_train_epoch_start(None, None)
    for index, batch in enumerate(batches):
        callback.on_train_batch_start(None, None, batch, index)
        norm(batch)
    callback.on_train_epoch_end(None, None)


def test_first_batches_are_averaged_evenly_over_epochs(rng):
    norm = nn.BatchNorm1d(3, momentum=0.01).train()
    callback = batchnorm.UnbiasedStatistics(norm)
    batches = torch.from_numpy(rng.normal(5, 2, size=(60, 8, 3))).float()
    run(callback, norm, batches[:40])
    run(callback, norm, batches[40:])
    assert torch.allclose(norm.running_mean, batches.mean(dim=(0, 1)), atol=1e-5)
    assert torch.allclose(norm.running_var, batches.var(dim=1).mean(dim=0), atol=1e-4)
    assert norm.momentum == 0.01


def test_own_momentum_counts_once_enough_is_seen(rng):
    norm = nn.BatchNorm1d(3, momentum=0.1).train()
    plain = nn.BatchNorm1d(3, momentum=0.1).train()
    batches = torch.from_numpy(rng.normal(size=(30, 8, 3))).float()
    run(batchnorm.UnbiasedStatistics(norm), norm, batches[:10])
    plain.load_state_dict(norm.state_dict())
    run(batchnorm.UnbiasedStatistics(norm), norm, batches[10:])
    for batch in batches[10:]:
        plain(batch)
    assert torch.equal(norm.running_mean, plain.running_mean)


def test_a_least_momentum_takes_over_from_a_slow_one(rng):
    norm, quick = (nn.BatchNorm1d(3, momentum=momentum).train() for momentum in (0.01, 0.1))
    batches = torch.from_numpy(rng.normal(size=(30, 8, 3))).float()
    run(batchnorm.UnbiasedStatistics(norm, least=0.1), norm, batches)
    run(batchnorm.UnbiasedStatistics(quick), quick, batches)
    assert torch.equal(norm.running_mean, quick.running_mean)
    assert norm.momentum == 0.01


@pytest.mark.parametrize("prior", [None, "l2"])
def test_statistics_keep_up_with_a_prior(motif_views, make_network, tmp_path, prior):
    seen = []
    network = make_network()
    norm = next(m for m in network.modules() if isinstance(m, nn.BatchNorm1d))
    norm.momentum = 0.01

    def note(module, *_):
        if module.training:
            seen.append(module.momentum)

    norm.register_forward_pre_hook(note)
    options = PriorOptions(terms={"l2": 1.0}, warmup_steps=0, ramp_steps=0) if prior else None
    fit(
        network,
        *motif_views,
        objective="binary",
        options=FitOptions(epochs=4, batch_size=8, prior=options),
        folder=tmp_path / "fit",
        seed=0,
        progress=False,
    )
    assert seen[-1] == pytest.approx(0.1 if prior else 1 / len(seen))


def test_modules_without_momentum_or_statistics_are_left_alone():
    network = nn.Sequential(
        nn.BatchNorm1d(3, momentum=None), nn.BatchNorm1d(3, track_running_stats=False)
    )
    callback = batchnorm.UnbiasedStatistics(network)
    run(callback, network, [torch.randn(4, 3)])
    assert network[0].momentum is None


def test_momentum_is_given_back_after_a_failure():
    norm = nn.BatchNorm1d(3, momentum=0.01)
    callback = batchnorm.UnbiasedStatistics(norm)
    callback.on_train_epoch_start(None, None)
    callback.on_train_batch_start(None, None, None, 0)
    callback.on_exception(None, None, None)
    assert norm.momentum == 0.01


def test_statistics_of_a_short_fit_are_those_of_its_batches(motif_views, make_network, tmp_path):
    train, validation = motif_views
    network = make_network()
    norm = next(m for m in network.modules() if isinstance(m, nn.BatchNorm1d))
    options = FitOptions(epochs=1, batch_size=len(train), learning_rate=1e-12)
    fit(
        network,
        train,
        validation,
        objective="binary",
        options=options,
        folder=tmp_path / "fit",
        seed=0,
        progress=False,
    )
    onehot = torch.eye(4).numpy()[train[0 : len(train)]].transpose(0, 2, 1)
    with torch.no_grad():
        seen = network[0](torch.from_numpy(np.ascontiguousarray(onehot)))
    assert torch.allclose(norm.running_mean, seen.mean(dim=(0, 2)), atol=1e-5)
