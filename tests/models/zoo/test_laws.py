"""What every network of the zoo keeps to."""

import pytest
import torch
from torch import nn

from cislens.errors import UserError
from cislens.models import activations, blocks, checkpoint, inference, layers, spec
from cislens.models.zoo import ARCHITECTURES
from cislens.sequence import onehot as onehots


@pytest.fixture
def onehot(random_codes, length):
    return onehots.from_codes(random_codes(5, length))


def test_gives_one_logit_per_output(small, architecture, onehot):
    outputs = inference.predict(small(architecture, outputs=3), onehot)
    assert outputs.shape == (5, 3)
    assert outputs.dtype == torch.float32
    assert outputs.isfinite().all()
    assert outputs.std() > 0


def test_rows_do_not_see_each_other(small, architecture, onehot):
    model = small(architecture)
    order = torch.tensor([3, 0, 4, 2, 1])
    whole = inference.predict(model, onehot)
    torch.testing.assert_close(inference.predict(model, onehot[order]), whole[order])
    torch.testing.assert_close(inference.predict(model, onehot, batch_size=2), whole)


def test_first_block_has_the_published_order(small, architecture):
    block = small(architecture).layer1
    assert isinstance(block, blocks.ConvolutionBlock)
    names = list(dict(block.named_children()))
    assert names[0] == "convolution"
    assert sorted(names[1:3]) == ["activation", "normalisation"]
    assert (names[1] == "activation") == (architecture == "tseng-binary")
    assert sorted(names[3:]) == ["dropout", "pool"]
    assert block.full_precision


def test_readout_of_the_first_layer_is_its_activation(small, architecture):
    model = small(architecture)
    first = next(iter(layers.convolutions(model)))
    assert first == "layer1.convolution"
    assert layers.readout(model, first) == "layer1.activation"


@pytest.mark.parametrize("activation", activations.ACTIVATIONS)
def test_takes_any_first_activation(small, architecture, activation, onehot):
    model = small(architecture, activation=activation)
    assert type(model.layer1.activation) is type(activations.build(activation))
    assert model.eval()(onehot).isfinite().all()


def test_only_the_first_activation_is_chosen(small, architecture):
    kinds = [type(m) for m in small(architecture, activation="exponential").modules()]
    assert kinds.count(activations.Exponential) == 1


def test_trains_every_weight(small, architecture, onehot):
    model = small(architecture, activation="exponential")
    model(onehot).square().sum().backward()
    assert all(weight.grad is not None for weight in model.parameters())
    assert sum(weight.grad.abs().sum() for weight in model.parameters()) > 0


def test_comes_back_from_disk_bit_for_bit(architecture, length, onehot, tmp_path):
    recipe = spec.Recipe(
        architecture, length, ("a", "b"), "binary", options={"width_multiplier": 0.1}
    )
    model = spec.build(recipe)
    model(onehot)
    checkpoint.save(tmp_path / "model.safetensors", model, recipe, summary={})
    back = checkpoint.load(tmp_path / "model.safetensors")
    assert back.recipe == recipe
    assert torch.equal(back.model(onehot), model.eval()(onehot))


def test_gradient_is_that_of_finite_differences(small, architecture, onehot):
    model = small(architecture, activation="softplus").double()
    onehot = onehot[:1].double()
    gradient = inference.gradient(model, onehot, target=1)
    step = 1e-6
    for channel, position in [(0, 40), (3, 60), (2, 77)]:
        shift = torch.zeros_like(onehot)
        shift[0, channel, position] = step
        with torch.no_grad():
            difference = model.eval()(onehot + shift)[0, 1] - model(onehot - shift)[0, 1]
        torch.testing.assert_close(
            gradient[0, channel, position], difference / (2 * step), rtol=1e-4, atol=1e-8
        )


def test_dense_networks_refuse_another_length(small, architecture, onehot):
    if architecture == "deepbind":
        pytest.skip("takes any length")
    length = onehot.shape[-1]
    with pytest.raises(
        UserError, match=f"sequences: {length - 1} bp long; the model takes {length}"
    ):
        inference.predict(small(architecture), onehot[:, :, 1:])


def test_needs_an_output(architecture, length):
    with pytest.raises(UserError, match="outputs=0: a network needs at least 1"):
        ARCHITECTURES[architecture](input_length=length, outputs=0)


def test_needs_a_positive_length(architecture):
    with pytest.raises(UserError, match=r"input_length=0.*needs at least"):
        ARCHITECTURES[architecture](input_length=0, outputs=1)


def test_keeps_no_state_between_builds(architecture, length):
    first = ARCHITECTURES[architecture](input_length=length, outputs=1, width_multiplier=0.1)
    longer = ARCHITECTURES[architecture](input_length=2 * length, outputs=1, width_multiplier=0.1)
    again = ARCHITECTURES[architecture](input_length=length, outputs=1, width_multiplier=0.1)
    assert spec.parameters(again) == spec.parameters(first)
    assert spec.parameters(longer) >= spec.parameters(first)


def test_koo_networks_start_as_in_keras():
    model = ARCHITECTURES["cnn-deep"](input_length=200, outputs=12)
    bound = (6 / (19 * 4 + 19 * 32)) ** 0.5
    assert 0.95 * bound < model.layer1.convolution.weight.abs().max() <= bound
    assert model.output.bias.eq(0).all()
    norms = [m for m in model.modules() if isinstance(m, nn.BatchNorm1d)]
    assert {(m.eps, m.momentum) for m in norms} == {(1e-3, 0.01)}
    assert all(m.bias is None for m in layers.convolutions(model).values())
