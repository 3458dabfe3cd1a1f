"""What a fit asks of a batch of profiles; that of numbers stands in test_module."""

import numpy as np
import pytest
import torch
from scipy import special, stats

from cislens.data.profile_sampling import ProfileBatch
from cislens.errors import UserError
from cislens.models.zoo import tseng_profile
from cislens.sequence import onehot as onehots
from cislens.training import objectives, profile_losses
from cislens.training.options import FitOptions


@pytest.fixture
def batch():
    codes = np.random.default_rng(0).integers(0, 4, (6, 360), dtype=np.uint8)
    counts = torch.randint(0, 9, (6, 4, 14)).float()
    control = torch.randint(0, 9, (6, 4, 14)).float()
    return ProfileBatch(onehots.from_codes(codes), counts, control, torch.arange(6) % 2.0, 2)


def make(**options):
    return objectives.make("profile", FitOptions(**options))


def test_parts_are_inputs_counts_and_peaks(batch):
    inputs, targets, labels = make().parts(batch, None)
    assert inputs == (batch.onehot, batch.control)
    assert targets is batch.counts
    assert labels[:, 0].tolist() == [0, 1, 0, 1, 0, 1]
    assert make().parts(batch._replace(control=None), None).inputs == (batch.onehot,)


def test_windows_are_turned_with_their_tracks(batch):
    turned = torch.arange(6) < 3
    (onehot, control), counts, _ = make().parts(batch, turned)
    assert torch.equal(onehot[:3], onehots.reverse_complement(batch.onehot[:3]))
    for found, given in ((counts, batch.counts), (control, batch.control)):
        assert torch.equal(found[3:], given[3:])
        for track, other in ((0, 1), (1, 0), (2, 3), (3, 2)):
            assert torch.equal(found[:3, track], given[:3, other].flip(-1))


def test_loss_is_the_multinomial_and_the_weighted_log_counts(batch):
    logits, log_counts = torch.randn(6, 4, 14), torch.randn(6, 4)
    loss = make(counts_weight=7.0).loss((logits, log_counts), batch.counts)
    shares = torch.softmax(logits.double(), -1).numpy()
    counts = batch.counts.numpy()
    expected = np.mean(
        [
            special.gammaln(counts[i, j] + 1).sum()
            - special.gammaln(counts[i, j].sum() + 1)
            - (counts[i, j] * np.log(shares[i, j])).sum()
            + 7 * (log_counts[i, j].item() - np.log1p(counts[i, j].sum())) ** 2
            for i in range(6)
            for j in range(4)
        ]
    )
    assert loss.mean.item() == pytest.approx(expected, rel=1e-5)


def test_gain_is_that_of_the_shapes_without_a_gradient(batch):
    outputs = torch.randn(6, 4, 14, requires_grad=True), torch.zeros(6, 4)
    found = make().gain(outputs, batch.counts)
    assert found == profile_losses.gain(outputs[0], batch.counts).mean
    assert not found.requires_grad


@pytest.mark.parametrize("balanced", [False, True])
def test_gain_of_labels_is_what_their_base_rates_lose(balanced):
    targets = torch.tensor([[1.0, 0, 0, 0]]).T
    logits = torch.tensor([[2.0, -1, 0, -3]]).T.requires_grad_()
    found = objectives.make("binary", FitOptions(balance_classes=balanced)).gain(logits, targets)
    shares = torch.sigmoid(logits.detach()).flatten().double()
    lost = -torch.cat([shares[:1].log(), torch.log1p(-shares[1:])])
    if balanced:
        expected = np.log(2) - (lost[0] + lost[1:].mean()).item() / 2
    else:
        expected = stats.entropy([0.25, 0.75]) - lost.mean().item()
    assert found.item() == pytest.approx(expected, rel=1e-5)
    assert not found.requires_grad


def test_gain_of_measurements_is_the_variance_explained():
    targets = torch.randn(50, 1)
    logits = 0.7 * targets
    found = objectives.make("regression", FitOptions()).gain(logits, targets)
    expected = targets.var(correction=0) - (0.3 * targets).square().mean()
    torch.testing.assert_close(found, expected)


def test_scores_are_of_all_batches_together(batch):
    whole, parted = make(), make()
    outputs = torch.randn(6, 4, 14), torch.randn(6, 4)
    whole.keep(outputs, batch.counts)
    for rows in (slice(0, 1), slice(1, 6)):
        parted.keep(tuple(o[rows] for o in outputs), batch.counts[rows])
    found = whole.scores()
    assert found == pytest.approx(parted.scores(), rel=1e-6)
    totals = np.log1p(batch.counts.sum(-1).numpy().ravel())
    assert found["pearson"] == pytest.approx(
        np.corrcoef(outputs[1].ravel(), totals)[0, 1], rel=1e-4
    )


def test_a_network_of_another_shape_is_refused(batch):
    with pytest.raises(UserError, match=r"model: gives \[\(6, 4, 15\), \(6, 4\)\] for counts"):
        make().loss((torch.zeros(6, 4, 15), torch.zeros(6, 4)), batch.counts)
    with pytest.raises(UserError, match="wants logits"):
        make().keep(torch.zeros(6, 4), batch.counts)


def test_profiles_have_no_classes():
    with pytest.raises(UserError, match="balance_classes=True: objective profile has no classes"):
        make(balance_classes=True)


def test_the_network_of_the_zoo_can_be_asked(batch):
    model = tseng_profile.build(
        input_length=360, outputs=2, width_multiplier=0.1, control="matched"
    )
    inputs, targets, _ = make().parts(batch, None)
    assert make().loss(model(*inputs), targets).mean.isfinite()
