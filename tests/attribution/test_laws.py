"""Laws that every method of the room keeps, a new one from its first day."""

import functools
import inspect

import numpy as np
import pytest
import torch
from torch import nn

from cislens import attribution
from cislens.attribution import METHODS
from cislens.errors import UserError
from cislens.models import inputs
from cislens.sequence import attributions as maps
from cislens.sequence import onehot as onehots

FEW = {"steps": 7, "samples": 3, "references": "zeros"}
REFERENCES = {
    "zeros": "zeros",
    "frequency": "frequency",
    "shuffles": attribution.shuffled(3),
}


@pytest.fixture(params=list(METHODS))
def method(request):
    return request.param


def knows(method, option):
    return option in inspect.signature(METHODS[method]).parameters


CHOICES = [
    (method, {"references": references} if references else {})
    for method in METHODS
    for references in (REFERENCES if knows(method, "references") else [None])
]


@pytest.fixture(params=CHOICES, ids=lambda choice: "-".join([choice[0], *choice[1].values()]))
def explain(request):
    """Call a method with each kind of references that it can take."""
    method, options = request.param
    made = {name: REFERENCES[kind] for name, kind in options.items()}
    return functools.partial(attribute, method, **made)


def attribute(method, model, onehot, *, seed=7, **options):
    """Call a method with few points and, where it wants one, a fresh generator."""
    chosen = {name: value for name, value in FEW.items() if knows(method, name)}
    if knows(method, "rng"):
        chosen["rng"] = np.random.default_rng(seed)
    return METHODS[method](model, onehot, **{"target": 1, **chosen, **options})


def state_of(model):
    return (
        [module.training for module in model.modules()],
        [weight.requires_grad for weight in model.parameters()],
        [id(tensor) for tensor in (*model.parameters(), *model.buffers())],
        [tensor.device for tensor in model.state_dict().values()],
        [tensor.clone().tolist() for tensor in model.state_dict().values()],
        [weight.grad for weight in model.parameters()],
        [
            (len(m._forward_hooks), len(m._forward_pre_hooks), len(m._backward_hooks))
            for m in model.modules()
        ],
        [sorted(vars(module)) for module in model.modules()],
    )


def assert_same(one, two, **tolerance):
    tolerance = {"rtol": 1e-5, "atol": 1e-6, **tolerance}
    torch.testing.assert_close(one.values, two.values, **tolerance)
    assert (one.deltas is None) == (two.deltas is None)
    if one.deltas is not None:
        torch.testing.assert_close(one.deltas, two.deltas, **tolerance)


def test_says_what_it_is(method, network, onehot):
    result = attribute(method, network, onehot)
    assert result.method == method
    assert result.target == "1"
    assert result.gauge in maps.GAUGES
    assert result.values.shape == onehot.shape
    assert result.values.dtype == torch.float32
    assert result.values.device.type == "cpu"
    assert result.values.isfinite().all()
    assert not result.values.requires_grad
    assert result.deltas is None or result.deltas.shape[0] == len(onehot)


def test_linear_network_is_exact(method, linear, onehot):
    result = attribute(method, linear, onehot)
    weights = linear.weights[1].detach().expand(onehot.shape)
    local = maps.Attributions(weights, method="weights", target="1", gauge="local")
    expected = maps.regauge(local, to=result.gauge, onehot=onehot, baseline=torch.zeros(4))
    torch.testing.assert_close(result.values, expected.values, rtol=1e-5, atol=1e-5)
    if result.deltas is not None:
        assert result.deltas.abs().max() < 1e-5


def test_function_of_the_outputs_is_explained(method, linear, onehot):
    def contrast(outputs):
        return outputs[:, 0] - 2 * outputs[:, 2]

    result = attribute(method, linear, onehot, target=contrast)
    one, two = (attribute(method, linear, onehot, target=target) for target in (0, 2))
    assert result.target == "contrast"
    torch.testing.assert_close(result.values, one.values - 2 * two.values, rtol=1e-5, atol=1e-5)


def test_function_may_hold_weights_of_the_kind_of_the_network(method, linear, onehot):
    weights = torch.tensor([1.0, 0.0, -2.0], dtype=torch.float64)
    result = attribute(method, linear.double(), onehot, target=lambda outputs: outputs @ weights)
    one, two = (attribute(method, linear, onehot, target=target) for target in (0, 2))
    torch.testing.assert_close(result.values, one.values - 2 * two.values, rtol=1e-5, atol=1e-5)


def test_map_follows_its_sequence(explain, network, onehot):
    whole = explain(network, onehot).values
    order = torch.tensor([3, 0, 4, 1])
    part = explain(network, onehot[order]).values
    torch.testing.assert_close(part, whole[order], rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("batch_size", [1, 2, 11])
def test_batch_size_changes_nothing(explain, network, onehot, batch_size):
    assert_same(
        explain(network, onehot, batch_size=batch_size),
        explain(network, onehot, batch_size=10_000),
    )


def test_both_strands_have_one_map(explain, network, onehot):
    averaged = inputs.BothStrands(network)
    one = explain(averaged, onehot).values
    other = explain(averaged, onehots.reverse_complement(onehot)).values
    torch.testing.assert_close(onehots.reverse_complement(other), one, rtol=1e-5, atol=1e-6)


def test_both_strands_are_the_average_of_each(method, network, onehot):
    averaged = attribute(method, inputs.BothStrands(network), onehot).values
    one = attribute(method, network, onehot).values
    other = attribute(method, network, onehots.reverse_complement(onehot)).values
    expected = (one + onehots.reverse_complement(other)) / 2
    torch.testing.assert_close(averaged, expected, rtol=1e-4, atol=1e-5)


def test_same_seed_same_bits(method, network, onehot):
    one, two = (attribute(method, network, onehot) for _ in range(2))
    assert torch.equal(one.values, two.values)
    assert one.deltas is None or torch.equal(one.deltas, two.deltas)


def test_global_randomness_is_left_alone(method, network, onehot):
    torch.manual_seed(3)
    expected = torch.rand(1)
    torch.manual_seed(3)
    attribute(method, network, onehot)
    assert torch.equal(torch.rand(1), expected)


def test_sequences_run_together(method, network, onehot):
    calls = []
    network.register_forward_pre_hook(lambda *_: calls.append(None))
    attribute(method, network, onehot[:1], batch_size=100_000)
    alone = len(calls)
    attribute(method, network, onehot, batch_size=100_000)
    assert len(calls) == 2 * alone


def test_no_batch_is_larger_than_asked(method, network, onehot):
    rows = []
    network.register_forward_pre_hook(lambda _, args: rows.append(len(args[0])))
    attribute(method, network, onehot, batch_size=4)
    assert max(rows) <= 4


def test_model_and_sequences_come_back(method, network, onehot):
    before, sequences = state_of(network), onehot.clone()
    attribute(method, network, onehot, device="cpu")
    assert state_of(network) == before
    assert torch.equal(onehot, sequences)


@pytest.mark.parametrize("layer", [3, 6])
def test_model_comes_back_from_a_failure(method, network, onehot, layer):
    class FailureError(Exception):
        pass

    def fail(*_):
        raise FailureError

    network[layer].register_forward_pre_hook(fail)
    before = state_of(network)
    with pytest.raises(FailureError):
        attribute(method, network, onehot)
    assert state_of(network) == before


@pytest.mark.parametrize("context", [torch.no_grad, torch.inference_mode])
def test_works_where_gradients_are_off(method, network, onehot, context):
    expected = attribute(method, network, onehot)
    with context():
        assert_same(attribute(method, network, onehot), expected)
    assert torch.is_grad_enabled()


def test_sequences_with_gradients_are_taken_as_numbers(method, network, onehot):
    expected = attribute(method, network, onehot)
    assert_same(attribute(method, network, onehot.clone().requires_grad_()), expected)


@pytest.mark.parametrize("kind", [torch.uint8, torch.int64, torch.float16])
@pytest.mark.usefixtures("unchecked_shapes")
def test_number_type_of_the_sequences_changes_nothing(method, network, onehot, kind):
    assert_same(attribute(method, network, onehot.to(kind)), attribute(method, network, onehot))


def test_network_in_double_precision(method, network, onehot):
    expected = attribute(method, network, onehot)
    assert_same(attribute(method, network.double(), onehot.double()), expected, atol=1e-5)


def test_constant_network_has_an_empty_map(method, onehot):
    class Constant(nn.Module):
        def forward(self, x):
            return torch.ones(len(x), 2)

    assert attribute(method, Constant(), onehot).values.eq(0).all()


def test_unknown_keyword(method, network, onehot):
    with pytest.raises(TypeError, match="stepz"):
        attribute(method, network, onehot, stepz=3)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda x: x[0], r"onehot: shape \(4, 24\); wants \(batch, 4, length\)"),
        (lambda x: x.mT, r"onehot: shape \(5, 24, 4\); wants .*swap the last two axes"),
        (lambda x: x + 1, "onehot: row 0 holds 2 at position 0"),
        (lambda x: x[:0], "got no"),
        (lambda x: x[:, :, :3], "the model cannot take 3 bp"),
        (lambda x: x[:, :, :20], "the model cannot take 20 bp"),
    ],
)
@pytest.mark.usefixtures("unchecked_shapes")
def test_bad_sequences(method, network, onehot, change, message):
    with pytest.raises(UserError, match=message):
        attribute(method, network, change(onehot))


@pytest.mark.parametrize(
    ("target", "message"),
    [
        (3, "target=3: the model's outputs are 0 to 2"),
        (-1, "target=-1: the model's outputs are 0 to 2"),
        ("CTCF", "target='CTCF': wants the number of an output"),
        (lambda outputs: outputs.sum(), r"target: the function gave \(\)"),
    ],
)
@pytest.mark.usefixtures("unchecked_shapes")
def test_bad_target(method, network, onehot, target, message):
    with pytest.raises(UserError, match=message):
        attribute(method, network, onehot, target=target)


@pytest.mark.parametrize("batch_size", [0, -1])
def test_bad_batch_size(method, network, onehot, batch_size):
    with pytest.raises(UserError, match=f"batch_size={batch_size}: wants"):
        attribute(method, network, onehot, batch_size=batch_size)


def test_nan_weights_are_named(method, network, onehot):
    nn.init.constant_(network[6].weight, torch.nan)
    with pytest.raises(UserError, match=r"model: '6.weight' holds NaN"):
        attribute(method, network, onehot)


def test_no_such_device(method, network, onehot):
    before = state_of(network)
    with pytest.raises(UserError, match="device='cuda:99': not to be had"):
        attribute(method, network, onehot, device="cuda:99")
    assert state_of(network) == before


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU")
def test_gpu_gives_what_the_cpu_gives(method, network, onehot):
    before = state_of(network)
    on_gpu = attribute(method, network, onehot, device="cuda")
    assert_same(on_gpu, attribute(method, network, onehot), rtol=1e-3, atol=1e-4)
    assert state_of(network) == before
