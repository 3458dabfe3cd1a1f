"""Wrappers of the inputs against networks called by hand."""

import pytest
import torch
from torch import nn

from cislens.errors import UserError
from cislens.models import heads, inference, inputs
from cislens.sequence import onehot as onehots


class Two(nn.Module):
    """Multiplies what two sequences give, so that each one's gradient needs the other."""

    def __init__(self):
        super().__init__()
        self.first = nn.Linear(4, 3)
        self.second = nn.Linear(4, 3)

    def forward(self, one, other):
        return self.first(one.sum(dim=2)) * self.second(other.sum(dim=2))


@pytest.fixture
def pair(random_codes):
    return onehots.from_codes(random_codes(5, 12)), onehots.from_codes(random_codes(5, 7))


def test_strands_are_averaged(small, random_codes):
    model = small("cnn-deep")
    onehot = onehots.from_codes(random_codes(4, 120))
    given = inference.predict(inputs.BothStrands(model), onehot)
    one = inference.predict(model, onehot)
    other = inference.predict(model, onehot.flip((1, 2)))
    torch.testing.assert_close(given, (one + other) / 2)
    turned = inference.predict(inputs.BothStrands(model), onehots.reverse_complement(onehot))
    torch.testing.assert_close(turned, given)


def test_wrapping_changes_nothing_in_the_network(small, random_codes):
    model = small("cnn-deep").train()
    model.layer2.eval()
    modes = [module.training for module in model.modules()]
    inference.predict(inputs.BothStrands(model), random_codes(4, 120))
    assert [module.training for module in model.modules()] == modes


def test_strands_want_numbers(pair):
    class Several(nn.Module):
        def forward(self, x):
            return x.sum(dim=2), x

    with pytest.raises(UserError, match="BothStrands wants one that gives"):
        inference.predict(inputs.BothStrands(Several()), pair[0])
    nested = inputs.BothStrands(heads.Head(Several(), head=0))
    assert inference.predict(nested, pair[0]).shape == (5, 4)


def test_strands_of_joined_inputs_would_swap_them():
    with pytest.raises(UserError, match="the other strand would swap"):
        inputs.BothStrands(heads.Head(inputs.JoinedInputs(Two(), [12, 7]), head=0))


@pytest.mark.parametrize("batch_size", [2, 100])
@pytest.mark.parametrize("position", [0, 1])
def test_one_input_with_the_other_fixed(pair, position, batch_size):
    model = Two()
    varied, fixed = pair[position], pair[1 - position][2:3]
    wrapped = inputs.OneInput(model, [fixed], position=position)
    gradient = inference.gradient(wrapped, varied, target=1, batch_size=batch_size)
    for row in range(5):
        x = varied[row : row + 1].clone().requires_grad_()
        model(*((x, fixed) if position == 0 else (fixed, x)))[0, 1].backward()
        torch.testing.assert_close(gradient[row : row + 1], x.grad)


def test_inputs_end_to_end(pair):
    model = Two()
    wrapped = inputs.JoinedInputs(model, [12, 7])
    gradient = inference.gradient(wrapped, torch.cat(pair, dim=2), target=2, batch_size=2)
    one, other = (x.clone().requires_grad_() for x in pair)
    model(one, other)[:, 2].sum().backward()
    torch.testing.assert_close(gradient, torch.cat([one.grad, other.grad], dim=2))


def test_joined_length_is_checked(pair):
    with pytest.raises(UserError, match="12 bp long; the model takes 19 bp"):
        inference.predict(inputs.JoinedInputs(Two(), [12, 7]), pair[0])


def test_fixed_input_travels_with_the_network(pair):
    wrapped = inputs.OneInput(Two(), [pair[1][:1]])
    with inference.preserved(wrapped, "meta"):
        assert wrapped.get_buffer("other0").device.type == "meta"
    assert wrapped.get_buffer("other0").device.type == "cpu"


@pytest.mark.parametrize(
    ("others", "position", "message"),
    [
        (lambda x: [x], 0, r"others: input 0 has shape \(5, 4, 7\); wants one row"),
        (lambda x: [x[:1], torch.tensor(3.0)], 0, r"others: input 1 has shape \(\)"),
        (lambda x: [x[:1]], 2, "position=2: the model's inputs are 0 to 1"),
    ],
)
def test_inputs_that_do_not_fit(pair, others, position, message):
    with pytest.raises(UserError, match=message):
        inputs.OneInput(Two(), others(pair[1]), position=position)
