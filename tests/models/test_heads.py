"""Heads against formulas by hand: what they give, its gradient, and what they refuse."""

import pytest
import torch
from torch import nn

from cislens.errors import UserError
from cislens.models import heads, inference
from cislens.sequence import onehot as onehots


class Profile(nn.Module):
    """Predicts logits of two strands at each base, and log counts, as BPNet does."""

    def __init__(self, form=tuple):
        super().__init__()
        self.scan = nn.Conv1d(4, 2, 5, padding=2)
        self.form = form

    def forward(self, onehot):
        logits = self.scan(onehot).tanh() * 3
        results = {"profile": logits, "counts": logits.exp().sum(dim=(1, 2)).log()[:, None]}
        return results if self.form is dict else self.form(results.values())


@pytest.fixture
def onehot(random_codes):
    return onehots.from_codes(random_codes(6, 20))


def logits_of(model, onehot):
    return model.scan(onehot).tanh() * 3


@pytest.mark.parametrize(("form", "head"), [(tuple, 1), (list, 1), (dict, "counts")])
def test_one_of_several_outputs(onehot, form, head):
    model = Profile(form)
    given = inference.predict(heads.Head(model, head=head), onehot)
    expected = logits_of(model, onehot).exp().sum(dim=(1, 2)).log()
    torch.testing.assert_close(given, expected[:, None].detach())


def test_output_without_an_axis_of_outputs(onehot):
    class Two(nn.Module):
        def forward(self, x):
            return x[:, 0].sum(dim=1), x[:, 1].sum(dim=1)

    given = inference.predict(heads.Head(Two(), head=1), onehot)
    assert given.tolist() == onehot[:, 1].sum(dim=1, keepdim=True).tolist()


def slow_shape(logits):
    """Weight the centred logits of one track by their softmax, a position at a time."""
    centred = [value - sum(logits) / len(logits) for value in logits]
    total = sum(torch.tensor(centred).exp().tolist())
    return sum(c * torch.tensor(c).exp().item() / total for c in centred)


def test_shape_of_each_track(onehot):
    model = Profile()
    given = inference.predict(heads.ProfileShape(model, head=0), onehot)
    logits = logits_of(model, onehot).detach()
    expected = [[slow_shape(track) for track in row] for row in logits.tolist()]
    torch.testing.assert_close(given, torch.tensor(expected), rtol=1e-5, atol=1e-5)


def test_joint_shape_of_both_strands(onehot):
    model = Profile()
    given = inference.predict(heads.ProfileShape(model, head=0, joint=True), onehot)
    logits = logits_of(model, onehot).detach().flatten(1)
    expected = [[slow_shape(row)] for row in logits.tolist()]
    torch.testing.assert_close(given, torch.tensor(expected), rtol=1e-5, atol=1e-5)


def test_gradient_holds_the_weights_fixed(onehot):
    model = Profile()
    gradient = inference.gradient(heads.ProfileShape(model, head=0), onehot, target=1)
    x = onehot.clone().requires_grad_()
    logits = logits_of(model, x)[:, 1]
    weights = logits.softmax(dim=1).tolist()
    mean = logits.mean(dim=1)
    number = sum(
        weights[row][position] * (logits[row, position] - mean[row])
        for row in range(6)
        for position in range(20)
    )
    number.backward()
    torch.testing.assert_close(gradient, x.grad, rtol=1e-5, atol=1e-6)


def test_shape_does_not_see_a_constant(onehot):
    class Shifted(Profile):
        def forward(self, x):
            profile, counts = super().forward(x)
            return profile + 7, counts

    model = Profile()
    shifted = Shifted()
    shifted.load_state_dict(model.state_dict())
    one, two = (
        inference.gradient(heads.ProfileShape(m, head=0), onehot, target=0)
        for m in (model, shifted)
    )
    torch.testing.assert_close(one, two, rtol=1e-4, atol=1e-5)


def test_log_counts_by_hand():
    class Counts(nn.Module):
        def forward(self, x):
            return x[:, :2] * 5

    onehot = onehots.encode(["AAC", "TTT"])
    given = inference.predict(heads.LogCounts(Counts()), onehot)
    expected = torch.tensor([[11.0, 6.0], [1.0, 1.0]]).log()
    torch.testing.assert_close(given, expected)
    given = inference.predict(heads.LogCounts(Counts(), pseudocount=0.5), onehot)
    torch.testing.assert_close(given[0, 0], torch.tensor(10.5).log())


def test_profile_of_one_track(onehot):
    class Single(nn.Module):
        def forward(self, x):
            return x[:, 2]

    given = inference.predict(heads.LogCounts(Single()), onehot)
    torch.testing.assert_close(given, (onehot[:, 2:3].sum(dim=2) + 1).log())
    assert inference.predict(heads.ProfileShape(Single()), onehot).shape == (6, 1)


def test_number_that_is_explained():
    outputs = torch.tensor([[1.0, 2.0], [3.0, 4.0]])
    assert heads.explained(outputs, 1).tolist() == [2.0, 4.0]
    assert heads.explained(outputs, lambda o: o.sum(dim=1)).tolist() == [3.0, 7.0]
    with pytest.raises(UserError, match="target=2: the model's outputs are 0 to 1"):
        heads.explained(outputs, 2)


def test_length_of_the_sequences_is_that_of_the_network(small, random_codes):
    class Pair(nn.Module):
        def __init__(self, model):
            super().__init__()
            self.model = model
            self.input_length = model.input_length

        def forward(self, x):
            return (self.model(x),)

    with pytest.raises(UserError, match="119 bp long; the model takes 120 bp"):
        inference.predict(heads.Head(Pair(small("cnn-deep")), head=0), random_codes(2, 119))


@pytest.mark.parametrize(
    ("wrap", "message"),
    [
        (lambda m: heads.Head(m, head=2), "head=2: the model gives 2 outputs, 0 to 1"),
        (lambda m: heads.Head(m, head="counts"), "head='counts': the model gives 2 outputs"),
        (lambda m: heads.Head(m, head=0), r"head=0: has shape \(6, 2, 20\).*use ProfileShape"),
        (lambda m: heads.Head(m.scan, head=0), r"head=0: the model gives one tensor, \(6, 2, 20\)"),
        (lambda m: heads.ProfileShape(m), "head=None: is 2 outputs, 0 to 1; wants a tensor"),
        (lambda m: heads.LogCounts(m, head=0), "profile holds numbers below 0"),
        (lambda m: heads.LogCounts(nn.Flatten(0)), r"head=None: has shape \(480,\); wants"),
        (
            lambda _: heads.Head(Profile(dict), head="count"),
            "head='count': the model gives a dict with keys 'profile', 'counts'",
        ),
    ],
)
def test_heads_that_are_not_there(onehot, wrap, message):
    with pytest.raises(UserError, match=message):
        inference.predict(wrap(Profile()), onehot)


def test_strands_of_a_task_are_added(onehot):
    model = Profile()
    single = inference.predict(heads.ProfileShape(model, head=0), onehot)
    both = inference.predict(heads.ProfileShape(model, head=0, strands=2), onehot)
    torch.testing.assert_close(both, single[:, ::2] + single[:, 1::2])
    with pytest.raises(UserError, match="strands=3: the model has 2 tracks"):
        inference.predict(heads.ProfileShape(model, head=0, strands=3), onehot)
