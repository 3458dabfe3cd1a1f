"""DeepLIFT on any network: its sum rule, its rules against slow obvious ones, and its manners."""

import functools
import gc
import math
import warnings

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional

from cislens import attribution
from cislens.attribution import deeplift_shap
from cislens.errors import UserError
from cislens.models.zoo import ARCHITECTURES
from cislens.sequence import onehot as onehots

LENGTH = 20
FILTERS = 6


class Around(nn.Module):
    """An operation between two linear layers, so that what it does is seen alone."""

    def __init__(self, operation, *, positive=False):
        super().__init__()
        self.scan = nn.Conv1d(4, FILTERS, 5, padding=2)
        self.operation = operation
        self.positive = positive
        nn.init.normal_(self.scan.weight, std=0.8)
        self.double().eval()
        with torch.no_grad():
            middle = self.middle(torch.zeros(1, 4, LENGTH, dtype=torch.float64))
        self.readout = nn.Linear(middle.numel(), 2).double()

    def before(self, x):
        h = self.scan(x)
        return h + 12 if self.positive else h

    def middle(self, x):
        return self.operation(self.before(x)).flatten(1)

    def forward(self, x):
        return self.readout(self.middle(x))


POSITIVE = {
    "log": torch.log,
    "log1p": torch.log1p,
    "log2": torch.log2,
    "log10": torch.log10,
    "sqrt": torch.sqrt,
    "rsqrt": torch.rsqrt,
    "reciprocal": torch.reciprocal,
    "power": lambda h: h**1.7,
    "lgamma": torch.lgamma,
}
ELEMENTWISE = {
    "relu": functional.relu,
    "relu-6": functional.relu6,
    "leaky-relu": functional.leaky_relu,
    "elu": functional.elu,
    "selu": functional.selu,
    "celu": functional.celu,
    "gelu": functional.gelu,
    "gelu-tanh": functools.partial(functional.gelu, approximate="tanh"),
    "silu": functional.silu,
    "mish": functional.mish,
    "softplus": functional.softplus,
    "softsign": functional.softsign,
    "tanhshrink": functional.tanhshrink,
    "hardtanh": functional.hardtanh,
    "hardswish": functional.hardswish,
    "hardsigmoid": functional.hardsigmoid,
    "hardshrink": functional.hardshrink,
    "softshrink": functional.softshrink,
    "logsigmoid": functional.logsigmoid,
    "rrelu": functional.rrelu,
    "threshold": lambda h: functional.threshold(h, 0.1, 0.3),
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "exp": torch.exp,
    "exp-of-large": lambda h: torch.exp(9 * h),
    "expm1": torch.expm1,
    "exp2": torch.exp2,
    "power-of-2": lambda h: 2**h,
    "erf": torch.erf,
    "erfc": torch.special.erfc,
    "sine": torch.sin,
    "cosine": torch.cos,
    "arctan": torch.atan,
    "sinh": torch.sinh,
    "absolute": torch.abs,
    "square": torch.square,
    "cube": lambda h: h**3,
    "clamp": lambda h: h.clamp(-0.5, 0.7),
    "clamp-below": lambda h: torch.clamp_min(h, 0.2),
    "clip": lambda h: torch.clip(h, max=0.4),
    "round": torch.round,
    "where": lambda h: torch.where(h > 0, h, 0.1 * h),
    "mask": lambda h: h * (h > 0),
    "mask-of-floats": lambda h: h * (h > 0).double(),
    "filled": lambda h: h.masked_fill(h < 0, 0.0),
    "maximum": lambda h: torch.maximum(h, torch.zeros_like(h)),
    "minimum": lambda h: torch.minimum(h, torch.ones_like(h)),
    "1-over": lambda h: 1 / (1 + h.square()),
    **POSITIVE,
}
BILINEAR = {
    "product": lambda h: h[:, :3] * h[:, 3:],
    "product-of-channels": lambda h: h * h.mean(1, keepdim=True),
    "matmul": lambda h: h @ h.mT,
    "bmm": lambda h: torch.bmm(h.mT, h),
    "einsum": lambda h: torch.einsum("bcl,bdl->bcd", h, h),
    "einsum-of-three": lambda h: torch.einsum("bcl,bdl,bel->bcde", h[:, :2], h[:, 2:4], h[:, 4:]),
    "baddbmm": lambda h: torch.baddbmm(h[:, :, :6], h, h.mT),
    "addcmul": lambda h: torch.addcmul(h, h, h.flip(1), value=0.5),
    "outer": lambda h: h[:, :, None] * h[:, None],
    "dynamic-filter": lambda h: functional.linear(h, h[0, :3] * 0 + 1) + h[:, :, :3] * h[:, :, 3:6],
    "prod": lambda h: (1 + 0.3 * h).prod(1),
}
ATTENTION = {"embed_dim": FILTERS, "num_heads": 2, "batch_first": True}
RECURRENT = {"input_size": FILTERS, "hidden_size": 4, "batch_first": True}


class Turned(nn.Module):
    """A layer that wants positions before channels."""

    def __init__(self, layer, *, give=lambda result: result, take=1):
        super().__init__()
        self.layer = layer
        self.give = give
        self.take = take

    def forward(self, h):
        return self.give(self.layer(*[h.mT] * self.take))


class Cell(nn.Module):
    def __init__(self, cell):
        super().__init__()
        self.cell = cell

    def forward(self, h):
        state = None
        for column in h.unbind(-1)[:4]:
            state = self.cell(column, state)
        return state[0] if isinstance(state, tuple) else state


def scaled_attention(h, **options):
    q = h.mT.unflatten(-1, (2, 3)).transpose(1, 2)
    return functional.scaled_dot_product_attention(q, 2 * q, q.flip(-2), **options)


OTHERS = {
    "gate": lambda: lambda h: h[:, :3] * torch.sigmoid(h[:, 3:]),
    "glu": lambda: nn.GLU(1),
    "quotient": lambda: lambda h: h[:, :3] / (2 + h[:, 3:].square()),
    "quotient-method": lambda: lambda h: h.div(1 + h.abs().sum(1, keepdim=True)),
    "max-pool": lambda: nn.MaxPool1d(4),
    "max-pool-overlapping": lambda: nn.MaxPool1d(4, 2),
    "max-pool-padded": lambda: nn.MaxPool1d(3, 2, 1),
    "max-pool-dilated": lambda: nn.MaxPool1d(3, 1, dilation=2),
    "max-pool-ceiled": lambda: nn.MaxPool1d(6, ceil_mode=True),
    "max-pool-with-indices": lambda: lambda h: functional.max_pool1d(h, 3, return_indices=True)[0],
    "max-pool-2d": lambda: nn.MaxPool2d((2, 5)),
    "max-pool-3d": lambda: lambda h: functional.max_pool3d(h[:, None, None], (1, 3, 4)),
    "adaptive-max-pool": lambda: nn.AdaptiveMaxPool1d(3),
    "adaptive-max-pool-2d": lambda: nn.AdaptiveMaxPool2d((2, 3)),
    "amax": lambda: lambda h: h.amax(-1),
    "amax-of-two-axes": lambda: lambda h: h.amax((1, 2), keepdim=True),
    "amin": lambda: lambda h: torch.amin(h, 1),
    "max": lambda: lambda h: h.max(-1).values,
    "max-function": lambda: lambda h: torch.max(h, dim=1, keepdim=True)[0],
    "min": lambda: lambda h: h.min(dim=-1)[0],
    "max-of-two": lambda: lambda h: torch.max(h[:, :3], h[:, 3:]),
    "minimum-of-two": lambda: lambda h: torch.minimum(h[:, :3], h[:, 3:]),
    "average-pool": lambda: nn.AvgPool1d(3),
    "lp-pool": lambda: nn.LPPool1d(2, 3),
    "softmax": lambda: nn.Softmax(1),
    "softmax-of-large": lambda: lambda h: (40 * h).softmax(-1),
    "softmin": lambda: nn.Softmin(2),
    "log-softmax": lambda: nn.LogSoftmax(1),
    "logsumexp": lambda: lambda h: torch.logsumexp(h, -1),
    "attention-pool": lambda: lambda h: (h.softmax(-1) * h).sum(-1),
    "mean": lambda: lambda h: h.mean(-1),
    "variance": lambda: lambda h: h.var(-1),
    "variance-biased": lambda: lambda h: torch.var(h, dim=1, correction=0, keepdim=True),
    "deviation": lambda: lambda h: torch.std(h, -1, unbiased=False),
    "variance-and-mean": lambda: lambda h: torch.cat(torch.var_mean(h, 1), 1),
    "norm": lambda: lambda h: torch.norm(h, dim=1),
    "vector-norm": lambda: lambda h: torch.linalg.vector_norm(h, ord=3, dim=-1),
    "normalize": lambda: lambda h: functional.normalize(h, dim=1),
    "cosine-similarity": lambda: lambda h: functional.cosine_similarity(h[:, :3], h[:, 3:]),
    "batch-norm": lambda: nn.BatchNorm1d(FILTERS),
    "layer-norm": lambda: nn.LayerNorm(LENGTH),
    "layer-norm-2": lambda: nn.LayerNorm((FILTERS, LENGTH), eps=1e-3),
    "group-norm": lambda: nn.GroupNorm(3, FILTERS),
    "instance-norm": lambda: nn.InstanceNorm1d(FILTERS, affine=True),
    "instance-norm-of-training": lambda: nn.InstanceNorm1d(FILTERS, track_running_stats=True),
    "rms-norm": lambda: nn.RMSNorm(LENGTH),
    "local-response-norm": lambda: nn.LocalResponseNorm(3),
    "prelu": lambda: nn.PReLU(FILTERS),
    "sdpa": lambda: scaled_attention,
    "sdpa-causal": lambda: functools.partial(scaled_attention, is_causal=True),
    "sdpa-masked": lambda: functools.partial(
        scaled_attention, attn_mask=torch.ones(LENGTH, LENGTH, dtype=torch.bool).triu(-3), scale=2
    ),
    "sdpa-biased": lambda: functools.partial(
        scaled_attention,
        attn_mask=torch.linspace(0, 3, LENGTH, dtype=torch.float64).expand(LENGTH, LENGTH),
    ),
    "multihead": lambda: Turned(nn.MultiheadAttention(**ATTENTION), give=lambda r: r[0], take=3),
    "multihead-weights": lambda: Turned(
        nn.MultiheadAttention(**ATTENTION), give=lambda r: r[1], take=3
    ),
    "transformer": lambda: Turned(nn.TransformerEncoderLayer(FILTERS, 2, 8, batch_first=True)),
    "transformer-first": lambda: Turned(
        nn.TransformerEncoderLayer(
            FILTERS, 2, 8, batch_first=True, norm_first=True, activation="gelu"
        )
    ),
    "lstm": lambda: Turned(nn.LSTM(**RECURRENT), give=lambda r: r[0]),
    "lstm-deep": lambda: Turned(
        nn.LSTM(**RECURRENT, num_layers=2, bidirectional=True, proj_size=2),
        give=lambda r: torch.cat([r[0].flatten(1), r[1][1].transpose(0, 1).flatten(1)], 1),
    ),
    "gru": lambda: Turned(nn.GRU(**RECURRENT, bidirectional=True), give=lambda r: r[0]),
    "gru-state": lambda: Turned(
        nn.GRU(**RECURRENT, bias=False), give=lambda r: r[1].transpose(0, 1)
    ),
    "rnn": lambda: Turned(nn.RNN(**RECURRENT), give=lambda r: r[0]),
    "rnn-relu": lambda: Turned(nn.RNN(**RECURRENT, nonlinearity="relu"), give=lambda r: r[0]),
    "lstm-cell": lambda: Cell(nn.LSTMCell(FILTERS, 3)),
    "gru-cell": lambda: Cell(nn.GRUCell(FILTERS, 3)),
    "power-of-two-activations": lambda: lambda h: (2 + h[:, :3].tanh()) ** h[:, 3:],
    "lerp": lambda: lambda h: torch.lerp(h[:, :2], h[:, 2:4], h[:, 4:]),
    "rows-merged": lambda: (
        lambda h: (
            functional.gelu(h.flatten(0, 1)).view(h.shape).transpose(0, 2).relu().transpose(0, 2)
        )
    ),
}


@pytest.fixture
def sequences(rng):
    return onehots.from_codes(rng.integers(0, 4, (3, LENGTH), dtype=np.uint8)).double()


def shuffles(onehot, count):
    return attribution.shuffled(count)(onehot, np.random.default_rng(0)).to(onehot)


def attribute(model, onehot, **options):
    given = {"target": 1, "references": attribution.shuffled(4), **options}
    return deeplift_shap.attribute(model, onehot, **given)


def assert_complete(model, onehot, result, references, *, tolerance=1e-9):
    """Sum the map itself, which need not trust the deltas it came with."""
    with torch.no_grad():
        number = model.eval()(onehot)[:, 1]
        theirs = model(references.flatten(0, 1))[:, 1].view(references.shape[:2])
    change = number - theirs.mean(1)
    scale = (number[:, None] - theirs).abs().max()
    missed = ((result.values * onehot).sum((1, 2)) - change).abs().max()
    assert scale > 1e-3
    assert missed / scale < 1e-5
    assert result.deltas.abs().max() / scale < tolerance


def build(name):
    torch.manual_seed(1)
    if name in OTHERS:
        return Around(OTHERS[name]())
    return Around({**ELEMENTWISE, **BILINEAR}[name], positive=name in POSITIVE)


@pytest.mark.parametrize("name", [*ELEMENTWISE, *BILINEAR, *OTHERS])
def test_sums_to_the_change_of_the_output(name, sequences):
    model = build(name)
    references = shuffles(sequences, 4)
    result = attribute(model, sequences, references=references)
    assert result.notes == ()
    assert_complete(model, sequences, result, references)


@pytest.mark.parametrize("name", ELEMENTWISE)
def test_elementwise_is_the_quotient_of_changes(name, sequences):
    model = build(name)
    zeros = torch.zeros_like(sequences)
    with torch.no_grad():
        ours, theirs = (model.before(x) for x in (sequences, zeros))
        change = model.operation(ours) - model.operation(theirs)
        quotient = change / torch.where(ours == theirs, 1.0, ours - theirs)
        weights = model.readout.weight[1].view(1, FILTERS, LENGTH)
        expected = functional.conv_transpose1d(weights * quotient, model.scan.weight, padding=2)
    result = attribute(model, sequences, references="zeros")
    scale = expected.abs().max()
    torch.testing.assert_close(result.values.double(), expected, rtol=2e-6, atol=2e-7 * scale)


@pytest.mark.parametrize("name", BILINEAR)
def test_products_are_the_integral_of_the_gradient(name, sequences):
    model = build(name)
    places, weights = np.polynomial.legendre.leggauss(8)
    expected = torch.zeros_like(sequences)
    for place, weight in zip((places + 1) / 2, weights / 2, strict=True):
        point = (place * sequences).requires_grad_()
        expected += weight * torch.autograd.grad(model(point)[:, 1].sum(), point)[0]
    result = attribute(model, sequences, references="zeros")
    torch.testing.assert_close(result.values.double(), expected, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize(("width", "step", "padding"), [(4, 4, 0), (4, 2, 0), (3, 1, 1)])
def test_maximum_gives_its_change_to_one_element(sequences, width, step, padding):
    model = Around(nn.MaxPool1d(width, step, padding))
    with torch.no_grad():
        ours, theirs = (model.before(x) for x in (sequences, torch.zeros_like(sequences)))
    multipliers = torch.zeros_like(ours)
    windows = (LENGTH + 2 * padding - width) // step + 1
    weights = model.readout.weight[1].view(FILTERS, windows)
    for row, f, window in np.ndindex(len(ours), FILTERS, windows):
        start = window * step - padding
        inside = slice(max(0, start), min(LENGTH, start + width))
        one, other = ours[row, f, inside], theirs[row, f, inside]
        place = one.argmax() if one.max() >= other.max() else other.argmax()
        share = (one.max() - other.max()) / (one[place] - other[place])
        multipliers[row, f, inside.start + place] += weights[f, window].detach() * share
    expected = functional.conv_transpose1d(multipliers, model.scan.weight, padding=2).detach()
    result = attribute(model, sequences, references="zeros")
    torch.testing.assert_close(result.values.double(), expected, rtol=1e-6, atol=1e-7)


def test_softmax_is_shared_by_logarithmic_means(sequences):
    model = build("softmax")
    with torch.no_grad():
        ours, theirs = (model.before(x) for x in (sequences, torch.zeros_like(sequences)))
    p, q = ours.softmax(1), theirs.softmax(1)
    mean = (p - q) / (p.log() - q.log())
    weights = model.readout.weight[1].view(1, FILTERS, LENGTH).detach()
    # Row i, column j: what input j has of the change of output i.
    share = mean[:, :, None] * (
        torch.eye(FILTERS)[None, :, :, None] - (mean / mean.sum(1, keepdim=True))[:, None]
    )
    multipliers = torch.einsum("bil,bijl->bjl", weights.expand_as(mean), share)
    expected = functional.conv_transpose1d(multipliers, model.scan.weight, padding=2).detach()
    result = attribute(model, sequences, references="zeros")
    torch.testing.assert_close(result.values.double(), expected, rtol=1e-6, atol=1e-7)


def four_ways(rectify, pool, gate):
    class Network(nn.Module):
        def __init__(self):
            super().__init__()
            torch.manual_seed(5)
            self.first = nn.Conv1d(4, 8, 5)
            self.second = nn.Conv1d(8, 8, 3)
            self.last = nn.Linear(8 * 3, 2)

        def forward(self, x):
            h = pool(rectify(self.first(x)))
            h = gate(rectify(self.second(h)))
            return self.last(pool(h).flatten(1))

    return Network().double()


class OwnRelu(nn.ReLU):
    pass


def in_place_product(h):
    gate = torch.sigmoid(h)
    h *= gate
    return h


RELU, POOL = nn.ReLU(), nn.MaxPool1d(2)
WAYS = {
    "modules": (lambda h: nn.ReLU()(h), lambda h: nn.MaxPool1d(2)(h), lambda h: nn.SiLU()(h)),
    "re-used": (RELU, POOL, lambda h: h * torch.sigmoid(h)),
    "functions": (
        functional.relu,
        functools.partial(functional.max_pool1d, kernel_size=2),
        functional.silu,
    ),
    "methods": (lambda h: h.relu(), lambda h: torch.max_pool1d(h, 2), lambda h: h.mul(h.sigmoid())),
    "in place": (nn.ReLU(inplace=True), POOL, nn.SiLU(inplace=True)),
    "in place functions": (torch.relu_, POOL, in_place_product),
    "subclass": (OwnRelu(), lambda h: h.unfold(-1, 2, 2).amax(-1), functional.silu),
    "written out": (lambda h: torch.where(h > 0, h, 0.0), POOL, functional.silu),
    "clamp": (lambda h: h.clamp_(min=0), POOL, lambda h: functional.silu(h, inplace=True)),
}
PRODUCTS = {"re-used", "methods", "in place functions"}


@pytest.mark.parametrize("way", WAYS)
def test_spelling_has_no_effect(way, sequences):
    reference = "re-used" if way in PRODUCTS else "modules"
    result = attribute(four_ways(*WAYS[way]), sequences)
    expected = attribute(four_ways(*WAYS[reference]), sequences)
    torch.testing.assert_close(result.values, expected.values, rtol=1e-6, atol=1e-7)
    assert result.notes == ()


def test_tensors_overwritten_later_are_copied(sequences):
    class Overwrites(nn.Module):
        def __init__(self):
            super().__init__()
            self.scan = nn.Conv1d(4, 4, 5).double()

        def forward(self, x):
            h = self.scan(x)
            active = functional.gelu(h)
            h += 3
            h.zero_()
            active -= 1
            return active.sum(-1)

    model = Overwrites()
    references = shuffles(sequences, 3)
    result = attribute(model, sequences, references=references)
    assert_complete(model, sequences, result, references)


@pytest.mark.parametrize(
    "first", [nn.MaxPool1d(5, 2), nn.AdaptiveMaxPool1d(3), nn.GELU(), nn.Softmax(1), nn.GLU(1)]
)
def test_results_may_be_overwritten(first, sequences):
    model, copying = (
        Around(nn.Sequential(first, nn.ReLU(inplace=inplace))) for inplace in (True, False)
    )
    copying.load_state_dict(model.state_dict())
    result, expected = attribute(model, sequences), attribute(copying, sequences)
    torch.testing.assert_close(result.values, expected.values, rtol=1e-6, atol=1e-7)


def test_sequences_overwritten_by_the_model(sequences):
    class Centres(nn.Module):
        def __init__(self):
            super().__init__()
            self.scan = nn.Conv1d(4, 4, 5).double()

        def forward(self, x):
            x -= 0.25
            return self.scan(x.relu_()).tanh_().sum(-1)

    before = sequences.clone()
    references = shuffles(sequences, 3)
    result = attribute(Centres(), sequences, references=references)
    assert torch.equal(before, sequences)
    assert result.deltas.abs().max() < 1e-9


@pytest.mark.parametrize("activation", ["relu", "exponential"])
@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_sums_on_the_whole_zoo_in_single_precision(architecture, activation, rng):
    length = {"residualbind": 300, "beluga": 320, "deepsea": 180, "basset": 180}.get(
        architecture, 150
    )
    # Of the few units that a narrow one has behind its rectifiers all may be silent.
    width = 0.5 if architecture.startswith("tseng") else 0.1
    model = ARCHITECTURES[architecture](
        input_length=length, outputs=2, activation=activation, width_multiplier=width
    ).eval()
    for module in model.modules():
        if isinstance(module, nn.BatchNorm1d):
            nn.init.normal_(module.running_mean, std=0.1)
            nn.init.uniform_(module.running_var, 0.5, 1.5)
    onehot = onehots.from_codes(rng.integers(0, 4, (2, length), dtype=np.uint8))
    references = shuffles(onehot, 2)
    result = attribute(model, onehot, references=references)
    assert result.notes == ()
    with torch.no_grad():
        # Apart, in double precision: the sum is held against the truth, not against itself.
        model.double()
        ours = model(onehot.double())[:, 1]
        theirs = model(references.flatten(0, 1).double())[:, 1].view(2, 2)
    change = ours[:, None] - theirs
    scale = torch.maximum(change.abs().max(), ours.abs().max())
    assert change.abs().max() > 1e-4 * scale
    assert result.deltas.abs().max() < 1e-5 * scale
    summed = (result.values * onehot).sum((1, 2)).double()
    assert (summed - change.mean(1)).abs().max() < 1e-5 * scale


def test_hypothetical_is_the_average_of_pairs(sequences):
    model = build("gate")
    references = shuffles(sequences, 3)
    each = [attribute(model, sequences, references=references[:, i : i + 1]) for i in range(3)]
    result = attribute(model, sequences, references=references)
    mean = torch.stack([one.values for one in each]).mean(0)
    torch.testing.assert_close(result.values, mean, rtol=1e-5, atol=1e-6)
    assert result.gauge == "hypothetical"
    local = attribute(model, sequences, references=torch.zeros_like(sequences)[:, None])
    shifted = attribute(model, sequences, references="uniform")
    assert not torch.allclose(local.values, shifted.values)
    torch.testing.assert_close(shifted.values.sum(1), torch.zeros(3, LENGTH), atol=1e-6, rtol=0)


@pytest.mark.parametrize("batch_size", [1, 2, 3, 5, 40])
def test_rows_of_a_pass_have_no_effect(batch_size, sequences):
    model = build("transformer")
    rows = []
    model.register_forward_pre_hook(lambda _, args: rows.append(len(args[0])))
    result = attribute(model, sequences, batch_size=batch_size, references=attribution.shuffled(7))
    model._forward_pre_hooks.clear()
    expected = attribute(model, sequences, references=attribution.shuffled(7))
    torch.testing.assert_close(result.values, expected.values, rtol=1e-6, atol=1e-7)
    assert max(rows) <= batch_size


def test_the_sequence_runs_once(sequences):
    rows = []
    model = build("relu")
    model.register_forward_pre_hook(lambda _, args: rows.append(len(args[0])))
    many = sequences.repeat(3, 1, 1)
    attribute(model, many, references=attribution.shuffled(20))
    assert sum(rows) == 9 * (1 + 20)


def test_no_weight_has_a_gradient(sequences):
    model = build("lstm")
    attribute(model, sequences)
    assert all(weight.grad is None for weight in model.parameters())


def bumpy(h):
    return torch.cdist(h, h.flip(1))


def test_names_an_operation_without_a_rule(sequences):
    model = Around(bumpy)
    result = attribute(model, sequences, references=attribution.shuffled(2))
    assert len(result.notes) == 1
    assert "cdist has no rule" in result.notes[0]
    assert result.deltas.abs().max() < 1e-3
    with pytest.raises(UserError, match=r"strict=True: .*cdist has no rule"):
        attribute(model, sequences, strict=True)


@pytest.mark.parametrize(
    "pick",
    [
        lambda h: h.gather(-1, h.argmax(-1, keepdim=True)),
        lambda h: h.take_along_dim(h.argsort(-1)[:, :, :3], -1),
        lambda h: h[:, :, h.sum((0, 1)).argmax()],
        lambda h: torch.index_select(h, -1, h.sum((0, 1)).argsort()[:3]),
        lambda h: h.new_zeros(h.shape).scatter_add(-1, h.argsort(-1), h),
    ],
)
def test_names_what_picks_other_elements(pick, sequences):
    model = Around(pick)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        result = attribute(model, sequences)
    assert "picks other elements for a reference" in result.notes[0]
    with pytest.raises(UserError, match=r"strict=True: .*picks other elements"):
        attribute(model, sequences, strict=True)


def test_elements_picked_alike_are_not_named(sequences):
    model = Around(lambda h: h[:, :, torch.tensor([3, 1])] + h.gather(-1, (h[:, :, :2] * 0).long()))
    assert attribute(model, sequences, strict=True).notes == ()


def test_linear_operations_without_a_rule_need_none(sequences):
    model = Around(lambda h: torch.fft.hfft(h.to(torch.complex128)).real.contiguous())
    assert attribute(model, sequences, strict=True).notes == ()


def test_a_rule_is_one_line(sequences, monkeypatch):
    model = Around(lambda h: torch.special.airy_ai(h))
    # PyTorch has no derivative of this function: a quotient needs none.
    monkeypatch.setitem(deeplift_shap.RULES, torch.special.airy_ai, deeplift_shap.KINKED)
    references = shuffles(sequences, 2)
    result = attribute(model, sequences, references=references, strict=True)
    assert_complete(model, sequences, result, references)


def test_warns_when_the_sum_is_missed(sequences):
    model = Around(lambda h: h * h.detach().softmax(-1).amax(-1, keepdim=True) @ h.detach().mT)
    with pytest.warns(UserWarning, match="the map misses its sum by up to"):
        result = attribute(model, sequences)
    assert "no gradient" in " ".join(result.notes)
    assert "misses its sum" in result.notes[-1]


def test_detached_weights_answer_to_the_weighted(sequences):
    model = Around(lambda h: (h * h.detach().softmax(-1)).sum(-1))
    references = torch.rand(3, 2, 4, LENGTH, dtype=torch.float64).softmax(2)
    result = attribute(model, sequences, references=references, strict=True)
    assert_complete(model, sequences, result, references)


def test_detached_weights_that_change_alone_are_named(sequences):
    model = Around(lambda h: (h * h.detach().softmax(-1)).sum(-1))
    # Shuffles keep the first base: what sees it alone does not change, but its weight does.
    with pytest.warns(UserWarning, match="the map misses its sum"):
        result = attribute(model, sequences)
    assert "a factor differs between sequence and reference" in result.notes[0]


def test_equal_inputs_give_the_gradient(sequences):
    model = build("gelu")
    x = sequences.clone().requires_grad_()
    (gradient,) = torch.autograd.grad(model(x)[:, 1].sum(), x)
    result = attribute(model, sequences, references=sequences[:, None])
    own = (gradient * sequences).sum(1, keepdim=True)
    torch.testing.assert_close(result.values.double(), gradient - own, rtol=1e-5, atol=1e-6)
    assert result.deltas.abs().max() == 0


def test_large_exponentials_keep_their_digits(rng):
    onehot = onehots.from_codes(rng.integers(0, 4, (4, LENGTH), dtype=np.uint8))
    model = Around(lambda h: torch.exp(6 * h)).float()
    result = attribute(model, onehot)
    scale = model(onehot)[:, 1].abs().max()
    assert scale > 1e3
    assert result.deltas.abs().max() < 1e-5 * scale


def test_branching_on_values_is_refused(sequences):
    class Branches(nn.Module):
        def forward(self, x):
            h = x[:, 0].sum(-1, keepdim=True)
            return torch.tanh(h) if x.sum() > 0 else torch.sigmoid(h)

    with pytest.raises(UserError, match="other operations for a reference than for the sequence"):
        attribute(Branches(), sequences, target=0, references="zeros")


@pytest.mark.parametrize(
    ("references", "message"),
    [
        ("zeroes", "references='zeroes': known are zeros, uniform, frequency, dinucleotide"),
        (torch.zeros(3, 4, LENGTH), r"shape \(3, 4, 20\) .*: add an axis of references"),
        (torch.zeros(2, 1, 4, LENGTH), r"references: shape \(2, 1, 4, 20\) for 3 sequences"),
        (torch.zeros(3, 0, 4, LENGTH), "references: shape"),
        (torch.full((3, 1, 4, LENGTH), math.nan), "references: hold NaN"),
        (lambda onehot, rng: onehot, "references: shape"),
        (lambda onehot, rng: None, "references: the function gave a NoneType"),
    ],
)
def test_references_that_do_not_match(sequences, references, message):
    with pytest.raises(UserError, match=message):
        attribute(build("relu"), sequences, references=references)


def test_restores_the_fused_path_and_the_model(sequences):
    model = build("transformer").train()
    assert torch.backends.mha.get_fastpath_enabled()
    attribute(model, sequences)
    assert torch.backends.mha.get_fastpath_enabled()
    assert model.training
    assert all(weight.requires_grad for weight in model.parameters())


def test_a_module_compiled_away_is_met(sequences):
    model = build("gelu")
    expected = attribute(model, sequences)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        result = attribute(torch.compile(model, backend="eager"), sequences)
    torch.testing.assert_close(result.values, expected.values)


@pytest.mark.parametrize(
    "layers",
    [
        lambda: [nn.ReLU(), nn.MaxPool1d(4)],
        lambda: [nn.ReLU(), nn.MaxPool1d(4, 2)],
        lambda: [nn.BatchNorm1d(8), nn.ReLU(), nn.MaxPool1d(3, 2, 1)],
        lambda: [nn.ReLU(), nn.AvgPool1d(4)],
    ],
)
def test_equals_tangermeme(layers, rng):
    peer = pytest.importorskip("tangermeme.deep_lift_shap")
    onehot = onehots.from_codes(rng.integers(0, 4, (3, 60), dtype=np.uint8))
    body = nn.Sequential(nn.Conv1d(4, 8, 7), *layers(), nn.Conv1d(8, 8, 3), nn.ReLU(), nn.Flatten())
    model = nn.Sequential(body, nn.LazyLinear(2)).eval()
    model(onehot)
    references = shuffles(onehot, 5)
    expected = peer.deep_lift_shap(
        model, onehot, target=1, references=references, hypothetical=True, device="cpu"
    )
    result = attribute(model, onehot, references=references)
    torch.testing.assert_close(result.values, expected, rtol=1e-5, atol=1e-5)


def test_no_tensor_waits_for_the_garbage_collector(network, onehot):
    """A circle of references holds the maps of every layer until a collection, call after call."""
    deeplift_shap.attribute(network, onehot, target=0)
    gc.collect()
    gc.disable()
    gc.set_debug(gc.DEBUG_SAVEALL)
    try:
        deeplift_shap.attribute(network, onehot, target=0)
        gc.collect()
        assert not [found for found in gc.garbage if isinstance(found, torch.Tensor)]
    finally:
        gc.set_debug(0)
        gc.garbage.clear()
        gc.enable()
