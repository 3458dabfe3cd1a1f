"""In-silico mutagenesis against one edit at a time, by every way and on layers of every kind."""

import copy
import itertools

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional

from cislens.attribution import _ism_engine, _ism_runs, ism
from cislens.errors import UserError
from cislens.models import inputs
from cislens.models.zoo import ARCHITECTURES
from cislens.sequence import onehot as onehots

LENGTHS = {"residualbind": 300, "beluga": 330, "deepsea": 190, "basset": 185, "basset-koo": 155}


def sequences(rng, count, length, *, unknown=0):
    codes = rng.integers(0, 4, (count, length), dtype=np.uint8)
    codes.ravel()[rng.choice(codes.size, unknown, replace=False)] = 4
    return onehots.from_codes(codes).double()


def one_by_one(model, onehot, *, target=0):
    """Edit one base of one sequence at a time: slow and obvious."""
    effects = torch.zeros_like(onehot)
    with torch.no_grad():
        before = model(onehot)[:, target]
        for row, base, position in np.ndindex(*onehot.shape):
            edited = onehot[row : row + 1].clone()
            edited[0, :, position] = 0
            edited[0, base, position] = 1
            effects[row, base, position] = model(edited)[0, target] - before[row]
    return effects


class Functional(nn.Module):
    """Runs a function of the convolution weights, so that no module stands for its steps."""

    def __init__(self, run, *, features, width=5, channels=6):
        super().__init__()
        self.first = nn.Conv1d(4, channels, width)
        self.second = nn.Conv1d(channels, channels, 3, padding=1)
        self.last = nn.Linear(features, 2)
        self.run = run

    def forward(self, onehot):
        return self.last(self.run(self, onehot))


def chain(*layers, length=40):
    """Put a dense layer behind some layers."""
    trunk = nn.Sequential(*layers, nn.Flatten())
    with torch.no_grad():
        features = trunk.eval()(torch.zeros(1, 4, length)).shape[1]
    return nn.Sequential(*trunk, nn.Linear(features, 2))


def settled(model):
    """Bring a network into evaluation mode, its normalisation away from the start."""
    for module in model.modules():
        if isinstance(module, nn.BatchNorm1d):
            nn.init.normal_(module.running_mean, std=0.2)
            nn.init.uniform_(module.running_var, 0.5, 1.5)
            if module.affine:
                nn.init.normal_(module.weight)
                nn.init.normal_(module.bias)
    return model.double().eval()


def gate(net, x):
    h = net.first(x)
    return functional.max_pool1d(h * torch.sigmoid(net.second(h)), 4).flatten(1)


def residual(net, x):
    h = torch.relu(net.first(x))
    return (h + net.second(h).relu_()).relu().amax(dim=-1)


def dense_behind_both(net, x):
    h = functional.gelu(net.first(x))
    return torch.cat([h.amax(dim=2), h.mean(dim=-1), h.sum(2)], dim=1)


def with_input_again(net, x):
    h = torch.tanh(net.first(x))
    return torch.cat([h.flatten(1), x.flatten(1)], dim=1)


def shifted_by_channel(net, x):
    h = net.first(x) * net.second.bias[:, None] + 0.5
    return functional.max_pool1d(torch.exp(0.3 * h), 3, 2, 1).view(len(x), -1)


def reused(net, x):
    h = net.second(net.second(net.first(x).relu()).relu())
    return functional.adaptive_max_pool1d(h, 1).squeeze(-1)


LAYERS = {
    "plain": lambda: chain(nn.Conv1d(4, 6, 5), nn.ReLU(), nn.MaxPool1d(4)),
    "one base wide": lambda: chain(nn.Conv1d(4, 6, 1), nn.ReLU()),
    "even width, same": lambda: chain(nn.Conv1d(4, 6, 6, padding="same"), nn.GELU()),
    "padded more than its width": lambda: chain(nn.Conv1d(4, 6, 3, padding=5), nn.SiLU()),
    "stride": lambda: chain(nn.Conv1d(4, 6, 7, stride=3, padding=2), nn.ReLU()),
    "stride beyond its width": lambda: chain(nn.Conv1d(4, 6, 2, stride=5), nn.Tanh()),
    "two strides": lambda: chain(
        nn.Conv1d(4, 6, 5, stride=2), nn.ELU(), nn.Conv1d(6, 5, 4, stride=2, padding=3), nn.ReLU()
    ),
    "dilation": lambda: chain(
        nn.Conv1d(4, 6, 3), nn.ReLU(), nn.Conv1d(6, 5, 3, dilation=3, padding=3), nn.ReLU()
    ),
    "stride and dilation": lambda: chain(nn.Conv1d(4, 6, 3, dilation=2, stride=2), nn.Softplus()),
    "groups": lambda: chain(nn.Conv1d(4, 8, 5, groups=2), nn.Conv1d(8, 8, 3, groups=8), nn.ReLU()),
    "normalised first": lambda: chain(nn.BatchNorm1d(4), nn.Conv1d(4, 6, 5), nn.ReLU()),
    "normalised": lambda: chain(
        nn.Conv1d(4, 6, 5, bias=False), nn.BatchNorm1d(6), nn.ReLU(), nn.BatchNorm1d(6)
    ),
    "normalised without weights": lambda: chain(
        nn.Conv1d(4, 6, 5), nn.BatchNorm1d(6, affine=False), nn.LeakyReLU(0.1)
    ),
    "overlapping pool": lambda: chain(nn.Conv1d(4, 6, 5), nn.MaxPool1d(5, 2)),
    "padded pool": lambda: chain(nn.Conv1d(4, 6, 5), nn.MaxPool1d(4, 3, 2), nn.Conv1d(6, 5, 3)),
    "gaps between pools": lambda: chain(nn.Conv1d(4, 6, 3), nn.MaxPool1d(2, 4)),
    "pool that ends outside": lambda: chain(nn.Conv1d(4, 6, 4), nn.MaxPool1d(5, ceil_mode=True)),
    "pool with dilation": lambda: chain(nn.Conv1d(4, 6, 4), nn.MaxPool1d(3, dilation=2)),
    "three pools": lambda: chain(
        *[nn.Conv1d(4, 5, 4), nn.ReLU(), nn.MaxPool1d(2), nn.Conv1d(5, 6, 3), nn.ReLU()],
        *[nn.MaxPool1d(3), nn.Conv1d(6, 7, 2), nn.ReLU(), nn.MaxPool1d(2)],
        length=50,
    ),
    "mean pool": lambda: chain(nn.Conv1d(4, 6, 5), nn.ReLU(), nn.AvgPool1d(3, 2)),
    "padded mean pool": lambda: chain(nn.Conv1d(4, 6, 5), nn.ReLU(), nn.AvgPool1d(4, padding=2)),
    "padding of its own": lambda: chain(
        nn.ConstantPad1d((2, 3), 0.7), nn.Conv1d(4, 6, 5), nn.ReLU(), nn.ZeroPad1d((1, 4))
    ),
    "round padding": lambda: chain(nn.Conv1d(4, 6, 5, padding=2, padding_mode="circular")),
    "layer normalisation": lambda: chain(nn.Conv1d(4, 6, 5), nn.LayerNorm(36), nn.ReLU()),
    "one weight a channel": lambda: chain(nn.Conv1d(4, 6, 5), nn.PReLU(6), nn.MaxPool1d(3)),
    "weight norm": lambda: chain(
        nn.utils.parametrizations.weight_norm(nn.Conv1d(4, 6, 5)), nn.ReLU(), nn.MaxPool1d(3)
    ),
    "in place": lambda: chain(
        nn.Conv1d(4, 6, 5), nn.Dropout(0.3), nn.ReLU(inplace=True), nn.MaxPool1d(3)
    ),
    "one global maximum": lambda: chain(nn.Conv1d(4, 6, 5), nn.ReLU(), nn.AdaptiveMaxPool1d(1)),
    "one global mean": lambda: chain(nn.Conv1d(4, 6, 5), nn.ReLU(), nn.AdaptiveAvgPool1d(1)),
    "maximum with its places": lambda: Functional(
        lambda net, x: net.first(x).max(dim=-1).values, features=6
    ),
    "pools to three": lambda: chain(nn.Conv1d(4, 6, 5), nn.ReLU(), nn.AdaptiveAvgPool1d(3)),
    "window as wide as the sequence": lambda: chain(nn.Conv1d(4, 6, 38), nn.ReLU()),
    "no convolution": lambda: nn.Sequential(
        nn.Flatten(), nn.Linear(160, 7), nn.ReLU(), nn.Linear(7, 2)
    ),
    "gate": lambda: Functional(gate, features=54),
    "residual": lambda: Functional(residual, features=6),
    "three reductions": lambda: Functional(dense_behind_both, features=18),
    "input used again": lambda: Functional(with_input_again, features=376),
    "factor by channel": lambda: Functional(shifted_by_channel, features=108),
    "used twice": lambda: Functional(reused, features=6),
}


NO_JIT_WARNING = pytest.mark.filterwarnings("ignore:.*torch.jit")  # old, but still met


class Recurrent(nn.Module):
    def __init__(self):
        super().__init__()
        self.scan = nn.Conv1d(4, 6, 5)
        self.read = nn.LSTM(6, 4, bidirectional=True, batch_first=True)
        self.mix = nn.MultiheadAttention(8, 2, batch_first=True)
        self.last = nn.Linear(8, 2)

    def forward(self, onehot):
        h, _ = self.read(functional.max_pool1d(self.scan(onehot).relu(), 3).transpose(1, 2))
        h = h + self.mix(h, h, h, need_weights=False)[0]
        return self.last(h.reshape(len(onehot), -1, 8).mean(dim=1))


class LooksAtValues(nn.Module):
    def __init__(self):
        super().__init__()
        self.scan = nn.Conv1d(4, 6, 5)
        self.last = nn.Linear(6, 2)

    def forward(self, onehot):
        h = self.scan(onehot).amax(dim=-1)
        return self.last(h if h.sum() > 0 else -h)


class BehindAFunction(nn.Module):
    """Hides an operation from the record, which must notice."""

    def __init__(self):
        super().__init__()
        self.scan = nn.Conv1d(4, 6, 5)
        self.turn = torch.jit.trace(lambda x: x.flip(-1), torch.zeros(2, 6, 36))
        self.last = nn.Linear(216, 2)

    def forward(self, onehot):
        return self.last(self.turn(self.scan(onehot).relu()).flatten(1))


class DependsOnTheBatch(nn.Module):
    """Breaks the rule that rows are apart, in a way that only the check can see."""

    def __init__(self):
        super().__init__()
        self.scan = nn.Conv1d(4, 6, 5)
        self.last = nn.Linear(6, 2)

    def forward(self, onehot):
        h = self.scan(onehot).relu()
        return self.last((h + (h - h.clone()).sum() + torch.rand(1) * 1e-3).amax(dim=-1))


def by_windows(model, onehot, *, target=0, **options):
    """Demand the fast way, whatever the estimate says of so small a network."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_ism_engine, "_GAIN", float("inf"))
        values, way = ism._effects(model, onehot, target=target, **options)
    assert way.startswith("windows"), way
    return values


def in_full(model, onehot, *, target=0, **options):
    values, way = ism._effects(model, onehot, target=target, fast=False, **options)
    assert way == "full recomputation, as asked"
    return values


NOT_FOLLOWED = {"no convolution", "round padding"}


@pytest.mark.filterwarnings("ignore:Using padding='same' with even")  # PyTorch's, of its own copy
@pytest.mark.parametrize("layers", [name for name in LAYERS if name not in NOT_FOLLOWED])
def test_windows_equal_one_edit_at_a_time(layers, rng):
    model = settled(LAYERS[layers]())
    onehot = sequences(rng, 3, 50 if layers == "three pools" else 40, unknown=2)
    expected = one_by_one(model, onehot)
    torch.testing.assert_close(by_windows(model, onehot), expected, rtol=0, atol=1e-12)


@pytest.mark.parametrize("layers", ["plain", "no convolution", "round padding", "gate"])
def test_full_recomputation_equals_one_edit_at_a_time(layers, rng):
    model, onehot = settled(LAYERS[layers]()), sequences(rng, 2, 40, unknown=1)
    found = in_full(model, onehot, batch_size=7)
    torch.testing.assert_close(found, one_by_one(model, onehot), rtol=0, atol=1e-12)


def zoo(architecture):
    length = LENGTHS.get(architecture, 130)
    build = ARCHITECTURES[architecture]
    return settled(build(input_length=length, outputs=2, width_multiplier=0.15)), length


@pytest.mark.parametrize("architecture", list(ARCHITECTURES))
def test_zoo_equals_full_recomputation(architecture, rng):
    model, length = zoo(architecture)
    onehot = sequences(rng, 1, length)
    full = in_full(model, onehot)
    assert full.abs().max() > 1e-7
    torch.testing.assert_close(by_windows(model, onehot), full, rtol=0, atol=1e-13)


@pytest.mark.slow
@pytest.mark.parametrize("architecture", list(ARCHITECTURES))
def test_zoo_equals_one_edit_at_a_time(architecture, rng):
    model, length = zoo(architecture)
    onehot = sequences(rng, 1, length, unknown=1)
    torch.testing.assert_close(
        by_windows(model, onehot), one_by_one(model, onehot), rtol=0, atol=1e-13
    )


@pytest.mark.parametrize("architecture", ["cnn-deep", "deepsea", "residualbind"])
def test_single_precision_keeps_five_digits(architecture, rng):
    model, length = zoo(architecture)
    onehot = sequences(rng, 2, length)
    exact = in_full(model, onehot)
    found = by_windows(model.float(), onehot.float())
    scale = model(onehot.float()).abs().max().item()
    assert (found.double() - exact).abs().max() <= 1e-5 * scale


@pytest.mark.parametrize("most", [1, 9, 100])
def test_parts_of_every_size_give_the_same(most, rng, monkeypatch):
    model, onehot = settled(LAYERS["three pools"]()), sequences(rng, 3, 50)
    expected = by_windows(model, onehot)
    monkeypatch.setattr(_ism_engine.Engine, "edits", lambda *_: most)
    monkeypatch.setattr(_ism_engine.Engine, "rows", lambda *_: 5)
    found = by_windows(model, onehot, batch_size=2)
    torch.testing.assert_close(found, expected, rtol=0, atol=1e-13)


@NO_JIT_WARNING
@pytest.mark.parametrize("model", [Recurrent, BehindAFunction, LooksAtValues])
def test_any_network_is_right(model, rng):
    model, onehot = settled(model()), sequences(rng, 2, 40)
    found, _ = ism._effects(model, onehot, target=0)
    torch.testing.assert_close(found, one_by_one(model, onehot), rtol=0, atol=1e-12)


@pytest.mark.parametrize(
    ("model", "reason"),
    [
        (BehindAFunction, "of unknown origin"),
        (LooksAtValues, "looks at values"),
        (LAYERS["no convolution"], "no convolution"),
        (DependsOnTheBatch, "windows differ by"),
        (lambda: torch.jit.trace(LAYERS["plain"](), torch.zeros(1, 4, 40)), "recorded"),
    ],
)
@NO_JIT_WARNING
def test_what_windows_cannot_follow_is_recomputed_in_full(model, reason, rng, monkeypatch):
    monkeypatch.setattr(_ism_engine, "_GAIN", float("inf"))
    way = ism.attribute(model().double().eval(), sequences(rng, 2, 40), target=0).notes[1]
    assert way.startswith("full recomputation")
    assert reason in way


def test_windows_that_are_wrong_are_found_out(rng, monkeypatch):
    model, onehot = settled(LAYERS["plain"]()), sequences(rng, 2, 40)
    run = _ism_engine.Engine.outputs

    def wrong(*args):
        old, new = run(*args)
        return old, new * (1 + 3e-5)

    monkeypatch.setattr(_ism_engine, "_GAIN", float("inf"))
    monkeypatch.setattr(_ism_engine.Engine, "outputs", wrong)
    found, way = ism._effects(model, onehot, target=0)
    assert "differ by 3.0e-05" in way
    torch.testing.assert_close(found, one_by_one(model, onehot), rtol=0, atol=1e-12)


def test_windows_that_fail_give_way(rng, monkeypatch):
    def fails(*_):
        raise RuntimeError("no such rows\nbut others")

    model, onehot = settled(LAYERS["plain"]()), sequences(rng, 2, 40)
    monkeypatch.setattr(_ism_engine, "_GAIN", float("inf"))
    monkeypatch.setattr(_ism_engine.Engine, "outputs", fails)
    assert ism._effects(model, onehot, target=0)[1] == (
        "full recomputation: windows fail, no such rows"
    )


def test_windows_are_not_tried_where_they_save_nothing(rng):
    model = settled(LAYERS["window as wide as the sequence"]())
    way = ism.attribute(model, sequences(rng, 1, 40), target=0).notes[1]
    assert way == "full recomputation: windows would save nothing"


def test_linear_network_by_hand(linear):
    onehot = onehots.encode(["ACGT" * 6, "NNCA" * 6])
    weights = linear.weights[2].detach()
    expected = weights - (onehot * weights).sum(dim=1, keepdim=True)
    found = ism.attribute(linear, onehot, target=2)
    torch.testing.assert_close(found.values, expected, rtol=1e-4, atol=1e-5)
    assert found.gauge == "taylor"
    assert (found.values[onehot == 1] == 0).all()


def test_centred_form_has_mean_zero_and_the_same_differences(network, onehot):
    raw = ism.attribute(network, onehot, target=1)
    centred = ism.attribute(network, onehot, target=1, centred=True)
    assert centred.gauge == "corrected"
    torch.testing.assert_close(centred.values, raw.values - raw.values.mean(dim=1, keepdim=True))


def test_scores_by_hand(network, onehot):
    def probability(outputs):
        return outputs[:, 0].sigmoid()

    def scored(score, target=probability):
        return ism.attribute(network, onehot, target=target, score=score).values

    new, old = scored("new"), scored("old")
    network.eval()
    before = probability(network(onehot)).detach()[:, None, None]
    torch.testing.assert_close(old, before.expand_as(old))
    torch.testing.assert_close(new[onehot == 1], old[onehot == 1])
    torch.testing.assert_close(scored("difference"), new - old)
    torch.testing.assert_close(
        scored("new-log-odds"), scored("new", target=0), rtol=1e-4, atol=1e-5
    )
    torch.testing.assert_close(
        scored("old-log-odds"), scored("old", target=0), rtol=1e-4, atol=1e-5
    )
    log_odds = scored("log-odds")
    torch.testing.assert_close(log_odds, scored("difference", target=0), rtol=1e-3, atol=1e-5)
    torch.testing.assert_close(scored("deepsea"), log_odds.abs() * (new - old).abs())


def test_sure_predictions_have_log_odds_differences():
    sure = torch.tensor([1.0, 1.0, 0.5])
    found = ism._ism_scores.SCORES["log-odds"](sure, torch.tensor([1.0, 0.5, 0.5]))
    assert found.tolist() == [0.0, float("inf"), 0.0]


def test_other_strand_has_the_map_turned_round(rng):
    model, onehot = settled(LAYERS["plain"]()), sequences(rng, 2, 40)
    turned = copy.deepcopy(model)
    turned[0].weight.data = model[0].weight.flip((1, 2)).data
    pooled = model[-1].weight.unflatten(1, (6, 9))
    turned[-1].weight.data = pooled.flip(2).flatten(1).data
    one = by_windows(model, onehot)
    other = by_windows(turned, onehots.reverse_complement(onehot))
    torch.testing.assert_close(onehots.reverse_complement(other), one, rtol=0, atol=1e-13)


@pytest.mark.parametrize("most", [7, 1000])
def test_average_of_both_strands_goes_by_windows(most, rng, monkeypatch):
    model = inputs.BothStrands(settled(LAYERS["plain"]()))
    onehot = sequences(rng, 2, 40, unknown=1)
    monkeypatch.setattr(_ism_engine.Engine, "edits", lambda *_: most)
    torch.testing.assert_close(
        by_windows(model, onehot), one_by_one(model, onehot), rtol=0, atol=1e-12
    )


def test_deletions_and_insertions_by_hand(linear):
    texts = ["ACGTTGCAAGCTACGTTGCAAGCT", "TTTTTTTTTTTTTTTTTTTTTTTT"]
    onehot, inserted = onehots.encode(texts), onehots.encode(["GA"])[0]

    def change(edited, row):
        with torch.no_grad():
            pair = torch.cat([onehots.encode([edited]), onehot[row : row + 1]])
            after, before = linear(pair)[:, 1]
        return after - before

    shorter = ism.deletions(linear, onehot, target=1, width=3, batch_size=5)
    longer = ism.insertions(linear, onehot, inserted, target=1, batch_size=5)
    assert shorter.shape == (2, 22)
    assert longer.shape == (2, 23)
    for row, start in np.ndindex(2, 22):
        text = texts[row]
        without = text[:start] + text[start + 3 :] + "NNN"
        with_it = (text[:start] + "GA" + text[start:])[:24]
        torch.testing.assert_close(shorter[row, start], change(without, row), rtol=0, atol=1e-5)
        torch.testing.assert_close(longer[row, start], change(with_it, row), rtol=0, atol=1e-5)


@pytest.mark.parametrize("width", [0, 25])
def test_deletions_that_do_not_fit_are_refused(width, linear, onehot):
    with pytest.raises(UserError, match=f"width={width}: wants 1 to 24 bp"):
        ism.deletions(linear, onehot, target=0, width=width)


def test_insertions_that_do_not_fit_are_refused(linear, onehot):
    with pytest.raises(UserError, match="25 bp do not fit in sequences of 24 bp"):
        ism.insertions(linear, onehot, torch.zeros(4, 25), target=0)


def test_counted_work_of_a_small_network():
    """Check the floor by hand: 12 bp, convolution of 3, pool of 2, dense layer."""
    model = chain(nn.Conv1d(4, 5, 3), nn.ReLU(), nn.MaxPool1d(2), length=12).eval()
    engine = _ism_engine.prepare(model, torch.zeros(1, 4, 12))
    assert engine.work.whole == 10 * 3 * 4 * 5 + 5 * 5 * 2
    assert engine.plan.period == 2
    pooled = [len({o // 2 for o in range(p - 2, p + 1)}) for p in (0, 1)]
    assert engine.work.edit == 3 * 4 * 5 + sum(pooled) / 2 * 5 * 2


def test_substitutes_are_the_other_bases():
    assert _ism_runs.substitutes(torch.tensor([[0, 3]])).tolist() == [[[1, 2, 3], [0, 1, 2]]]
    assert _ism_runs.substitutes(torch.tensor([[0, 4]])).tolist() == [[[0, 1, 2, 3]] * 2]


def test_edits_are_counted_over_positions_sequences_bases():
    old = torch.tensor([[0, 1], [2, 3]])
    new = _ism_runs.substitutes(old)
    x = functional.one_hot(functional.pad(old, (1, 0)), 4).transpose(1, 2).float()
    found = _ism_runs.edited(x, new, 1, torch.arange(12))
    for number, (position, row, base) in enumerate(itertools.product(range(2), range(2), range(3))):
        wanted = x[row].clone()
        wanted[:, 1 + position] = functional.one_hot(new[row, position, base], 4)
        assert torch.equal(found[number], wanted)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"score": "logit"}, "score='logit': known are difference"),
        ({"score": "log-odds"}, "log-odds want probabilities"),
        ({"target": 3}, "target=3: the model's outputs are 0 to 2"),
        ({"batch_size": 0}, "batch_size=0: wants a whole number"),
    ],
)
def test_bad_options_are_refused(options, message, network, onehot):
    with pytest.raises(UserError, match=message):
        ism.attribute(network, onehot * 1, **{"target": 0, **options})


@pytest.mark.parametrize("fast", [True, False])
def test_nan_in_an_edited_sequence_is_refused(fast):
    class RootOfNegative(nn.Module):
        """Is a number where A comes first, and NaN elsewhere."""

        def forward(self, onehot):
            return (onehot[:, 0, :1] - 0.5).sqrt()

    with pytest.raises(UserError, match="gives NaN"):
        ism.attribute(RootOfNegative(), onehots.encode(["ACGT"]), target=0, fast=fast)
