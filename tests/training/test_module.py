"""Steps of the module: penalty, augmentation, exact sums, and errors that say where."""

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional

from cislens.errors import UserError
from cislens.metrics import predictive
from cislens.sequence import onehot as onehots
from cislens.training import module as modules
from cislens.training.module import FitModule
from cislens.training.options import FitOptions


def make(network, *, objective="binary", seed=0, **options):
    return FitModule(network, objective=objective, options=FitOptions(**options), seed=seed)


def batch(n=8, tasks=2):
    codes = torch.randint(4, (n, 20))
    return functional.one_hot(codes, 4).transpose(1, 2).float(), torch.randint(
        2, (n, tasks)
    ).float()


def test_weight_decay_is_exactly_the_penalty_of_kernels_but_the_last(make_network):
    decayed, penalised = make_network(), make_network()
    penalised.load_state_dict(decayed.state_dict())
    onehot, targets = batch()
    fit = make(decayed.eval(), l2=0.1)
    fit.training_step((onehot, targets), 1).backward()
    fit.configure_optimizers().step()

    penalised.eval()
    loss = functional.binary_cross_entropy_with_logits(penalised(onehot), targets)
    (loss + 0.1 * penalised[0].weight.square().sum()).backward()
    torch.optim.Adam(penalised.parameters(), lr=1e-3, eps=1e-7).step()
    for name, weight in penalised.named_parameters():
        torch.testing.assert_close(dict(decayed.named_parameters())[name], weight)


def test_the_first_kernel_may_have_a_penalty_of_its_own():
    network = nn.Sequential(nn.Linear(3, 4), nn.Linear(4, 5), nn.Linear(5, 1))
    groups = modules.parameter_groups(network, l2=0.5, first_l2=0.1)
    decay = {id(w): group["weight_decay"] for group in groups for w in group["params"]}
    kernels = [decay[id(layer.weight)] for layer in network]
    assert kernels == [0.2, 1.0, 0.0]
    assert [decay[id(layer.bias)] for layer in network] == [0.0, 0.0, 0.0]
    none = modules.parameter_groups(network, l2=0.5, first_l2=0.0)
    assert {id(w): g["weight_decay"] for g in none for w in g["params"]}[id(network[0].weight)] == 0


def test_frozen_weights_are_in_no_group(make_network):
    network = make_network()
    network[0].weight.requires_grad_(False)
    groups = modules.parameter_groups(network, l2=1.0)
    assert [group["weight_decay"] for group in groups] == [0.0]
    assert sum(len(group["params"]) for group in groups) == 4


def test_tied_output_kernel_has_no_penalty():
    first, last = nn.Linear(3, 3), nn.Linear(3, 3)
    last.weight = first.weight
    groups = modules.parameter_groups(nn.Sequential(first, last), l2=1.0)
    assert [group["weight_decay"] for group in groups] == [0.0]


class Echo(nn.Module):
    """Remember the sequences it was shown."""

    def forward(self, onehot):
        self.seen = onehot
        return onehot.sum((1, 2))[:, None].expand(-1, 2)


@pytest.mark.parametrize(("probability", "expected"), [(0.0, 0), (0.5, 0.5), (1.0, 1)])
def test_sequences_are_turned_one_by_one_with_the_probability(probability, expected):
    echo = Echo()
    onehot, targets = batch(400)
    make(echo, reverse_complement=probability).training_step((onehot, targets), 0)
    turned = (echo.seen == onehots.reverse_complement(onehot)).all((1, 2))
    kept = (echo.seen == onehot).all((1, 2))
    assert (turned | kept).all()
    assert turned.float().mean().item() == pytest.approx(expected, abs=0.1 * (0 < expected < 1))


def test_validation_sequences_are_never_turned():
    echo = Echo()
    onehot, targets = batch()
    make(echo, reverse_complement=1.0).validation_step((onehot, targets), 0)
    assert torch.equal(echo.seen, onehot)


def test_epoch_sums_are_over_entries_not_over_batches(make_network):
    network = make_network().eval()
    onehot, targets = batch(11)
    targets[:3] = torch.nan
    fit = make(network)
    for rows in (slice(0, 4), slice(4, 5), slice(5, 11)):
        fit.training_step((onehot[rows], targets[rows]), 1)
        with torch.no_grad():
            fit.validation_step((onehot[rows], targets[rows]), 0)
    logits = network(onehot).detach()
    expected = functional.binary_cross_entropy_with_logits(logits[3:], targets[3:]).item()
    row = fit.finish_epoch()
    assert row["train_loss"] == pytest.approx(expected, rel=1e-6)
    assert row["validation_loss"] == pytest.approx(expected, rel=1e-6)
    auroc = predictive.auroc(logits.numpy(), targets.numpy())
    assert row["validation_auroc"] == pytest.approx(np.nanmean(auroc))


def test_epoch_loss_of_balanced_classes_is_that_of_all_batches_together(make_network):
    network = make_network().eval()
    onehot, targets = batch(11)
    fit = make(network, balance_classes=True)
    for rows in (slice(0, 4), slice(4, 5), slice(5, 11)):
        fit.training_step((onehot[rows], targets[rows]), 1)
        with torch.no_grad():
            fit.validation_step((onehot[rows], targets[rows]), 0)
    logits = network(onehot).detach()
    expected = np.mean(
        [
            functional.binary_cross_entropy_with_logits(logits[chosen], targets[chosen]).item()
            for chosen in (targets == 0, targets == 1)
        ]
    )
    row = fit.finish_epoch()
    assert row["train_loss"] == pytest.approx(expected, rel=1e-6)
    assert row["validation_loss"] == pytest.approx(expected, rel=1e-6)


def test_poisson_correlation_is_of_rates_not_of_their_logarithms():
    network = nn.Sequential(nn.Flatten(), nn.Linear(80, 1))
    onehot, _ = batch(30)
    logits = network(onehot).detach()
    fit = make(network, objective="poisson", monitor="validation_pearson")
    fit.training_step((onehot, logits.exp()), 1)
    with torch.no_grad():
        fit.validation_step((onehot, logits.exp()), 0)
    assert fit.finish_epoch()["validation_pearson"] == pytest.approx(1, abs=1e-6)


def test_broken_loss_names_epoch_and_step(make_network):
    fit = make(make_network())
    fit.epoch_number = 7
    onehot, targets = batch()
    for step in range(3):
        fit.training_step((onehot * (torch.nan if step == 2 else 1), targets), step)
    with pytest.raises(UserError, match=r"epoch 7, step 3: the training loss became nan.*0\.001"):
        fit.finish_epoch()


def test_broken_loss_is_found_before_the_epoch_ends(make_network):
    fit = make(make_network())
    onehot, targets = batch()
    for step in range(modules.STEPS_BETWEEN_CHECKS - 1):
        fit.training_step((onehot * torch.nan, targets), step)
    with pytest.raises(UserError, match="epoch 1, step 1:"):
        fit.training_step((onehot, targets), 99)


def test_broken_validation_loss_is_an_error(make_network):
    fit = make(make_network())
    onehot, targets = batch()
    fit.training_step((onehot, targets), 0)
    with torch.no_grad():
        fit.validation_step((onehot * torch.nan, targets), 0)
    with pytest.raises(UserError, match="epoch 1: the validation loss became nan"):
        fit.finish_epoch()


def test_wrong_number_of_outputs_is_an_error(make_network):
    with pytest.raises(UserError, match=r"shape \(8, 3\), the targets have \(8, 2\)"):
        make(make_network(3)).training_step(batch(), 0)
