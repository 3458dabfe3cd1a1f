"""Predictions, gradients and activations against answers known by hand; models come back."""

import copy

import numpy as np
import pytest
import torch
from torch import nn

from cislens.errors import UserError
from cislens.models import inference
from cislens.sequence import onehot as onehots


class Slices:
    """Codes that only give slices, as a dataset's view does, and count what was read."""

    def __init__(self, codes):
        self.codes = codes
        self.most_read = 0

    def __len__(self):
        return len(self.codes)

    def __getitem__(self, rows):
        part = self.codes[rows]
        self.most_read = max(self.most_read, len(part))
        return part


@pytest.fixture
def codes(random_codes):
    return random_codes(7, 20)


@pytest.fixture
def onehot(codes):
    return onehots.from_codes(codes)


def state_of(model):
    return (
        [module.training for module in model.modules()],
        [weight.requires_grad for weight in model.parameters()],
        [tensor.device for tensor in model.state_dict().values()],
        {name: tensor.clone() for name, tensor in model.state_dict().items()},
        [len(module._forward_hooks) for module in model.modules()],
        [id(tensor) for tensor in (*model.parameters(), *model.buffers())],
    )


def assert_same_state(before, after):
    for one, two in zip(before, after, strict=True):
        if isinstance(one, dict):
            assert all(torch.equal(one[key], two[key]) for key in one)
        else:
            assert one == two


@pytest.fixture
def unusual(small):
    """Give a model with every kind of state mixed."""
    model = small("cnn-deep").train()
    model.layer1.normalisation.eval()
    model.layer2.eval()
    model.layer1.convolution.weight.requires_grad_(False)
    return model


def test_prediction_by_hand(motif_counter):
    onehot = onehots.encode(["ACGACG", "TTACGT", "TTTTTT", "ACNNCG"])
    counts = inference.predict(motif_counter, onehot)
    assert counts.tolist() == [[2.0], [1.0], [0.0], [0.0]]


@pytest.mark.parametrize("batch_size", [1, 3, 7, 100])
def test_every_source_and_batch_size_gives_the_same(linear, codes, onehot, batch_size):
    expected = torch.einsum("bcl,ocl->bo", onehot, linear.weights.detach())
    for sequences in (codes, onehot, Slices(codes), onehot.to(torch.uint8), onehot.double()):
        predicted = inference.predict(linear, sequences, batch_size=batch_size)
        torch.testing.assert_close(predicted, expected)
        assert not predicted.requires_grad


def test_never_reads_more_than_a_batch(linear, codes):
    view = Slices(codes)
    inference.predict(linear, view, batch_size=3)
    assert view.most_read == 3


def test_gradient_of_a_linear_network_is_its_weights(linear, onehot):
    for target in range(3):
        gradient = inference.gradient(linear, onehot, target=target, batch_size=2)
        assert torch.equal(gradient, linear.weights[target].detach().expand(7, 4, 20))


def test_gradient_of_a_function_of_the_outputs(linear, onehot):
    gradient = inference.gradient(linear, onehot, target=lambda out: out[:, 0] - 2 * out[:, 2])
    expected = (linear.weights[0] - 2 * linear.weights[2]).detach().expand(7, 4, 20)
    torch.testing.assert_close(gradient, expected)


def test_gradient_is_that_of_autograd(small, random_codes):
    model = small("cnn-dist", activation="exponential").eval()
    onehot = onehots.from_codes(random_codes(5, 120))
    x = onehot.clone().requires_grad_()
    model(x)[:, 1].sum().backward()
    torch.testing.assert_close(inference.gradient(model, onehot, target=1, batch_size=2), x.grad)


def test_gradient_takes_soft_columns_and_keeps_their_type(motif_counter):
    soft = torch.full((2, 4, 6), 0.25, dtype=torch.float64)
    gradient = inference.gradient(motif_counter, soft, target=0)
    assert gradient.dtype == torch.float64
    assert gradient.eq(0).all()


def test_gradient_leaves_no_gradient_behind(unusual, random_codes):
    onehot = onehots.from_codes(random_codes(3, 120)).requires_grad_()
    gradient = inference.gradient(unusual, onehot, target=0)
    assert not gradient.requires_grad
    assert onehot.grad is None
    assert all(weight.grad is None for weight in unusual.parameters())


def test_gradient_where_nothing_depends_on_the_sequence(onehot):
    class Constant(nn.Module):
        def forward(self, x):
            return torch.ones(len(x), 2)

    assert inference.gradient(Constant(), onehot, target=1).eq(0).all()


@pytest.mark.parametrize("context", [torch.no_grad, torch.inference_mode])
def test_gradient_inside_a_block_without_gradients(linear, onehot, context):
    with context():
        gradient = inference.gradient(linear, onehot, target=1)
    assert torch.equal(gradient[0], linear.weights[1].detach())


def test_gradient_of_a_recurrent_network(onehot):
    class Recurrent(nn.Module):
        def __init__(self):
            super().__init__()
            self.cells = nn.LSTM(4, 3, batch_first=True)

        def forward(self, x):
            return self.cells(x.mT)[0][:, -1]

    assert inference.gradient(Recurrent(), onehot, target=0).abs().sum() > 0


def test_activations_by_hand(motif_counter):
    onehot = onehots.encode(["ACGACG", "TTACGT"])
    hits = inference.activations(motif_counter, onehot, layer="hit")
    assert hits.tolist() == [[[1, 0, 0, 1]], [[0, 0, 1, 0]]]


def test_stream_gives_rows_codes_and_activations(small, random_codes):
    model = small("cnn-deep")
    codes = random_codes(5, 120)
    whole = inference.activations(model, codes, layer="layer2.activation")
    stream = inference.stream_activations(
        model, Slices(codes), layer="layer2.activation", batch_size=2
    )
    for start, part, activation in stream:
        assert (part == codes[start : start + 2]).all()
        torch.testing.assert_close(activation, whole[start : start + 2])
    assert start == 4


def test_stream_of_a_tensor_gives_its_codes(motif_counter):
    ((start, codes, _),) = inference.stream_activations(
        motif_counter, onehots.encode(["ACGN"]), layer="scan"
    )
    assert start == 0
    assert codes.dtype == np.uint8
    assert codes.tolist() == [[0, 1, 2, 4]]


def test_later_layers_do_not_run(small, random_codes):
    model = small("cnn-deep")

    def fail(*_):
        raise AssertionError("ran too far")

    model.layer2.convolution.register_forward_pre_hook(fail)
    assert len(inference.activations(model, random_codes(3, 120), layer="layer1")) == 3


def test_between_batches_the_model_is_as_it_was(unusual, random_codes):
    before = state_of(unusual)
    for _ in inference.stream_activations(
        unusual, random_codes(3, 120), layer="layer1", batch_size=1
    ):
        assert torch.is_grad_enabled()
        assert_same_state(before, state_of(unusual))


def test_stream_given_up_midway(unusual, random_codes):
    before = state_of(unusual)
    stream = inference.stream_activations(
        unusual, random_codes(3, 120), layer="layer1", batch_size=1, device="cpu"
    )
    next(stream)
    del stream
    assert_same_state(before, state_of(unusual))


ASKS = {
    "predict": lambda model, onehot: inference.predict(model, onehot),
    "gradient": lambda model, onehot: inference.gradient(model, onehot, target=0),
    "activations": lambda model, onehot: inference.activations(model, onehot, layer="layer3"),
}


@pytest.mark.parametrize("ask", ASKS)
def test_model_comes_back(unusual, ask, random_codes):
    before = state_of(unusual)
    ASKS[ask](unusual, onehots.from_codes(random_codes(3, 120)))
    assert_same_state(before, state_of(unusual))


@pytest.mark.parametrize("ask", ASKS)
def test_model_comes_back_from_a_failure(unusual, ask, random_codes):
    class FailureError(Exception):
        pass

    def fail(*_):
        raise FailureError

    unusual.layer3.register_forward_pre_hook(fail)
    before = state_of(unusual)
    with pytest.raises(FailureError):
        ASKS[ask](unusual, onehots.from_codes(random_codes(3, 120)))
    assert_same_state(before, state_of(unusual))


def test_evaluation_mode_is_used(unusual, random_codes):
    codes = random_codes(3, 120)
    expected = copy.deepcopy(unusual).eval()(onehots.from_codes(codes)).detach()
    torch.testing.assert_close(inference.predict(unusual, codes), expected)


def test_moves_and_brings_back(unusual):
    unusual.output.bias.grad = torch.ones(2)
    before = state_of(unusual)
    with inference.preserved(unusual, "meta"):
        assert all(t.device.type == "meta" for t in unusual.state_dict().values())
        assert not any(module.training for module in unusual.modules())
        assert not any(weight.requires_grad for weight in unusual.parameters())
    assert_same_state(before, state_of(unusual))
    assert torch.equal(unusual.output.bias.grad, torch.ones(2))


def test_shared_weights_stay_shared():
    model = nn.Sequential(nn.Linear(4, 4), nn.Linear(4, 4))
    model[1].weight = model[0].weight
    with inference.preserved(model, "meta"):
        assert model[0].weight.device.type == "meta"
    assert model[1].weight is model[0].weight
    assert model[0].weight.device.type == "cpu"


def test_model_without_weights(codes):
    class Composition(nn.Module):
        def forward(self, x):
            return x.sum(dim=-1)

    expected = [[int((row == base).sum()) for base in range(4)] for row in codes]
    assert inference.predict(Composition(), codes).tolist() == expected


def test_half_precision_model_predicts_float32(linear, codes):
    assert inference.predict(linear.bfloat16(), codes).dtype == torch.float32


@pytest.mark.parametrize(
    ("sequences", "message"),
    [
        (torch.zeros(2, 20, 4), r"shape \(batch, 20, 4\); wants \(batch, 4, length\)"),
        (torch.zeros(2, 20), r"shape \(batch, 20\)"),
        (np.zeros((2, 20)), r"gave float64 \(1, 20\); wants base codes, uint8"),
        (np.zeros(20, dtype=np.uint8), r"gave uint8 \(1,\)"),
        (["ACGT"], "gave list"),
        (torch.zeros(0, 4, 20), "sequences: got none"),
        (np.zeros((0, 20), dtype=np.uint8), "sequences: got none"),
        (np.full((2, 20), 7, dtype=np.uint8), "codes: 7 in row 0"),
        (torch.full((2, 4, 20), torch.nan), "sequences: hold NaN"),
        (torch.zeros(2, 4, 21), "the model cannot take 21 bp"),
    ],
)
def test_bad_sequences(linear, sequences, message):
    with pytest.raises(UserError, match=message):
        inference.predict(linear, sequences)


def test_wrong_length_for_a_network_of_the_zoo(small, random_codes):
    with pytest.raises(UserError, match="sequences: 119 bp long; the model takes 120 bp"):
        inference.predict(small("cnn-deep"), random_codes(2, 119))


@pytest.mark.parametrize("ask", ASKS)
def test_nan_weights_are_named(small, ask, random_codes):
    model = small("cnn-deep")
    nn.init.constant_(model.layer2.convolution.weight, torch.nan)
    with pytest.raises(UserError, match=r"model: 'layer2.convolution.weight' holds NaN"):
        ASKS[ask](model, onehots.from_codes(random_codes(2, 120)))


def test_overflow_is_explained(codes):
    class Overflow(nn.Module):
        def forward(self, x):
            return (x.sum(dim=-1) * 100).exp() - (x.sum(dim=-1) * 100).exp()

    with pytest.raises(UserError, match="an activation overflows"):
        inference.predict(Overflow(), codes)


@pytest.mark.parametrize("batch_size", [0, -1])
def test_bad_batch_size(linear, codes, batch_size):
    with pytest.raises(UserError, match=f"batch_size={batch_size}: wants"):
        inference.predict(linear, codes, batch_size=batch_size)


@pytest.mark.parametrize("target", [-1, 3])
def test_bad_target(linear, onehot, target):
    with pytest.raises(UserError, match=f"target={target}: the model's outputs are 0 to 2"):
        inference.gradient(linear, onehot, target=target)


def test_target_that_is_no_number_per_sequence(linear, onehot):
    with pytest.raises(UserError, match=r"target: the function gave \(\) for outputs \(7, 3\)"):
        inference.gradient(linear, onehot, target=lambda outputs: outputs.sum())


def test_outputs_of_another_shape(onehot):
    with pytest.raises(UserError, match=r"model: gives \(7, 4, 20\) for 7 sequences; wants"):
        inference.predict(nn.ReLU(), onehot)


@pytest.mark.parametrize("device", ["gpu", "cuda:99"])
def test_no_such_device(linear, codes, device):
    before = state_of(linear)
    with pytest.raises(UserError, match=f"device='{device}': not to be had"):
        inference.predict(linear, codes, device=device)
    assert_same_state(before, state_of(linear))


def test_layer_that_never_runs(linear, codes):
    linear.spare = nn.ReLU()
    with pytest.raises(UserError, match="layer='spare': the forward pass never runs it"):
        inference.activations(linear, codes, layer="spare")


def test_layer_that_gives_no_tensor(codes):
    model = nn.Sequential(nn.Flatten(1), nn.LSTM(80, 3))
    with pytest.raises(UserError, match="layer='1': gives a tuple"):
        inference.activations(model, codes, layer="1")


def test_stream_checks_at_once(linear, codes):
    with pytest.raises(UserError, match="layer='hid'"):
        inference.stream_activations(linear, codes, layer="hid")


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU")
def test_gpu_gives_what_the_cpu_gives(unusual, random_codes):
    onehot = onehots.from_codes(random_codes(9, 120))
    before = state_of(unusual)
    for ask in (
        inference.predict,
        lambda m, x, device: inference.gradient(m, x, target=0, batch_size=4, device=device),
        lambda m, x, device: inference.activations(m, x, layer="layer2", device=device),
    ):
        on_gpu = ask(unusual, onehot, device="cuda")
        assert on_gpu.device.type == "cpu"
        torch.testing.assert_close(on_gpu, ask(unusual, onehot, device="cpu"), rtol=1e-3, atol=1e-4)
        assert_same_state(before, state_of(unusual))
