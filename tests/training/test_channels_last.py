"""Networks whose activations lie with channels last, beside the same with positions last."""

import pytest
import torch
from torch import nn
from torch.nn import functional

from cislens.models.blocks import Network
from cislens.models.dropout import Dropout
from cislens.models.zoo import ARCHITECTURES
from cislens.training.channels_last import ChannelsLast
from cislens.training.module import FitModule
from cislens.training.options import FitOptions

LENGTHS = {"basset": 600, "basset-koo": 600, "beluga": 2000, "deepsea": 1000, "residualbind": 400}
WIDE = ("basset", "basset-koo", "beluga", "deepsea")


def sequences(n, length, dtype=torch.float64):
    codes = torch.randint(0, 4, (n, 1, length), generator=torch.Generator().manual_seed(0))
    return torch.zeros(n, 4, length, dtype=dtype).scatter_(1, codes, 1.0)


def network(name):
    torch.manual_seed(0)
    small = {"width_multiplier": 0.1} if name in WIDE else {}
    model = ARCHITECTURES[name](input_length=LENGTHS.get(name, 200), outputs=3, **small).double()
    for module in model.modules():
        if isinstance(module, nn.Dropout):
            module.p = 0.0
    return model.train()


def trained(model, x, mode=None):
    """Give outputs, gradients of the weights and running statistics after one pass."""
    with mode or torch.enable_grad():
        outputs = model(x)
    (outputs**2).sum().backward()
    gradients = [weight.grad for weight in model.parameters()]
    return [outputs.detach(), *gradients, *model.buffers()]


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_outputs_gradients_and_statistics_are_the_same(name):
    x = sequences(6, LENGTHS.get(name, 200))
    expected = trained(network(name), x)
    found = trained(network(name), x, ChannelsLast())
    assert len(found) == len(expected) > 2
    for one, other in zip(found, expected, strict=True):
        torch.testing.assert_close(one, other, rtol=1e-8, atol=1e-10)


@pytest.mark.parametrize(
    "layer",
    [
        nn.Conv1d(4, 6, 8, padding="same"),
        nn.Conv1d(4, 6, 8, padding=7),
        nn.Conv1d(4, 6, 5, dilation=3, stride=2),
        nn.Conv1d(4, 6, 5, groups=2, bias=False),
    ],
    ids=["even", "padded", "dilated", "groups"],
)
@pytest.mark.filterwarnings("ignore:Using padding=.same. with even kernel lengths")
def test_convolutions_of_every_kind_are_the_same(layer):
    layer = layer.double()
    x = torch.randn(3, 4, 50, dtype=torch.float64, requires_grad=True)
    expected = layer(x)
    with ChannelsLast():
        found = layer(x)
    torch.testing.assert_close(found, expected)
    slopes = [
        torch.autograd.grad((y**3).sum(), [x, *layer.parameters()]) for y in (found, expected)
    ]
    torch.testing.assert_close(*slopes)


def test_activations_and_their_gradients_lie_with_channels_last_to_the_end():
    model = network("cnn-deep")
    there, back = [], []

    def look(module, inputs, output):
        there.append(output.stride(1))
        output.register_hook(lambda grad: back.append(grad.stride(1)))

    for name, module in model.named_modules():
        if name.count(".") == 1 and name.startswith("layer"):
            module.register_forward_hook(look)
    with ChannelsLast():
        outputs = model(sequences(4, 200))
    outputs.sum().backward()
    assert there == [1] * 20
    assert back == [1] * 20


def test_dropout_draws_in_the_order_of_memory():
    x = torch.randn(5, 3, 7)
    lain = x.transpose(1, 2).contiguous()
    torch.manual_seed(1)
    expected = Dropout(0.5).train()(lain)
    torch.manual_seed(1)
    found = Dropout(0.5).train()(lain.transpose(1, 2))
    assert found.stride(1) == 1
    torch.testing.assert_close(found.transpose(1, 2), expected)
    assert found.eq(0).any()


def test_dropout_takes_a_tensor_of_any_strides():
    x = torch.ones(40, 6, 50)[:, ::2, 1::3]
    out = Dropout(0.5).train()(x)
    assert out.shape == x.shape
    assert 0.4 < out.eq(0).double().mean() < 0.6


class Foreign(nn.Module):
    """A network that counts on positions being side by side."""

    def __init__(self):
        super().__init__()
        self.convolution = nn.Conv1d(4, 3, 5)
        self.out = nn.Linear(3 * 16, 1)

    def forward(self, x):
        return self.out(functional.relu(self.convolution(x)).view(len(x), -1))


def lying(model):
    """Give the stride between channels that the first convolution leaves in a training step."""
    seen = []
    first = next(m for m in model.modules() if isinstance(m, nn.Conv1d))
    first.register_forward_hook(lambda _, x, y: seen.append(y.stride(1)))
    module = FitModule(model.train(), objective="binary", options=FitOptions(), seed=0)
    module.training_step((sequences(8, 20, torch.float32), torch.zeros(8, 1)), 0)
    return seen[0]


def test_a_training_step_uses_it_for_networks_of_the_zoo_alone():
    own = {"convolution": nn.Conv1d(4, 3, 5), "flat": nn.Flatten(), "out": nn.Linear(48, 1)}
    assert lying(Network(own, input_length=20)) == 1
    assert lying(Foreign()) == 16
