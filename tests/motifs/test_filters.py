"""Motifs of filters against a slow reference that keeps every activation."""

import itertools
import math

import numpy as np
import pytest
import torch
from torch import nn

from cislens.errors import UserError
from cislens.models import blocks, inference, receptive_field
from cislens.motifs import filters
from cislens.motifs.options import FilterOptions
from cislens.sequence import alphabet, meme, onehot, pwm

LENGTH = 60


class Exponential(nn.Module):
    def forward(self, x):
        return x.exp()


ACTIVATIONS = {"relu": nn.ReLU, "exponential": Exponential, "tanh": nn.Tanh, "linear": nn.Identity}
CONVOLUTIONS = {
    "valid": {"kernel_size": 7},
    "same": {"kernel_size": 7, "padding": "same"},
    "explicit": {"kernel_size": 8, "padding": 3},
    "stride": {"kernel_size": 5, "stride": 3, "padding": 2},
    "dilation": {"kernel_size": 4, "dilation": 3, "padding": 4},
}


def network(convolution=None, activation="relu", filters=6):
    first = nn.Conv1d(4, filters, **(convolution or CONVOLUTIONS["valid"]))
    nn.init.normal_(first.weight)
    return nn.Sequential(blocks.ConvolutionBlock(first, activation=ACTIVATIONS[activation]()))


def deep_network():
    layers = [
        blocks.ConvolutionBlock(
            nn.Conv1d(4, 5, 5, padding="same"), activation=nn.ReLU(), pool=nn.MaxPool1d(3)
        ),
        blocks.ConvolutionBlock(nn.Conv1d(5, 4, 3, padding=1), activation=nn.ReLU()),
    ]
    return nn.Sequential(*layers)


@pytest.fixture
def codes(rng):
    codes = rng.integers(0, 4, (37, LENGTH)).astype(np.uint8)
    codes[rng.random(codes.shape) < 0.02] = 4
    return codes


def slow_sites(model, codes, readout, options):
    """List (weight, window of codes, 5 = outside) of each filter, with its threshold."""
    field = receptive_field.measure(model, layer=readout, input_length=codes.shape[1])
    strands = [codes, alphabet.reverse_complement(codes)][: 1 + options.both_strands]
    # Sequence by sequence, as the convolution rounds differently in batches of other sizes.
    rows = np.stack(strands, axis=1).reshape(-1, codes.shape[1])
    together = inference.activations(model, rows, layer=readout, batch_size=len(strands))
    maps = [together[s :: len(strands)].double().numpy() for s in range(len(strands))]
    for f in range(maps[0].shape[1]):
        values = np.stack([m[:, f] for m in maps])
        sites = []
        threshold = slow_threshold(values, options)
        for row in range(len(codes)):
            found = []
            for s, p in itertools.product(range(len(strands)), range(values.shape[2])):
                start = field.start + p * field.jump
                columns = range(start, start + field.width)
                window = [strands[s][row, c] if 0 <= c < codes.shape[1] else 5 for c in columns]
                if options.ends == "exclude" and 5 in window:
                    continue
                if values[s, row, p] > threshold:
                    found.append((values[s, row, p], window))
            if options.sites_per_sequence:
                found = sorted(found, key=lambda site: -site[0])[: options.sites_per_sequence]
            sites += found
        if options.rule == "top":
            sites = sorted(sites, key=lambda site: -site[0])[: int(options.level)]
            threshold = min((value for value, _ in sites), default=math.nan)
        yield threshold, sites


def slow_threshold(values, options):
    level = options.level
    if options.rule == "fraction-of-maximum":
        return level * values.max() if values.max() > 0 else math.nan
    if options.rule == "absolute":
        return level
    if options.rule == "quantile":
        return np.quantile(values, level, method="inverted_cdf")
    if options.rule == "mean-to-maximum":
        return values.mean() + level * (values.max() - values.mean())
    return -math.inf


def slow_counts(sites, width, options):
    counts = np.zeros((4, width))
    for value, window in sites:
        weight = max(value, 0.0) if options.weighting == "activation" else 1.0
        for column, code in enumerate(window):
            if code < 4:
                counts[code, column] += weight
            elif code == 5:
                counts[:, column] += weight * np.array(options.background)
    return counts


def check(model, codes, options, layer=None, **arguments):
    result = filters.extract(model, codes, layer=layer, options=options, **arguments)
    slow = list(slow_sites(model, codes, result.readout, options))
    assert len(result.filters) == len(slow)
    assert any(motif.nsites for motif in result.filters)
    for motif, (threshold, sites) in zip(result.filters, slow, strict=True):
        assert motif.nsites == len(sites)
        np.testing.assert_allclose(motif.threshold, threshold, rtol=1e-12)
        expected = slow_counts(sites, result.width, options)
        if options.weighting == "count":
            np.testing.assert_array_equal(motif.counts, expected)
        else:
            np.testing.assert_allclose(motif.counts, expected, rtol=1e-12)
    return result


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("convolution", CONVOLUTIONS)
def test_counts_are_those_of_the_slow_reference(codes, convolution, activation):
    model = network(CONVOLUTIONS[convolution], activation)
    check(model, codes, FilterOptions(), batch_size=1)


@pytest.mark.parametrize("selection", [{}, {"selection": "best-per-sequence"}, {"cap": 2}])
@pytest.mark.parametrize(
    ("rule", "threshold"),
    [
        ("fraction-of-maximum", 0.3),
        ("absolute", 0.5),
        ("absolute", -0.5),
        ("quantile", 0.9),
        ("quantile", 0.25),
        ("top", 20),
        ("top", 1),
        ("top", 10**6),
        ("mean-to-maximum", 0.4),
    ],
)
@pytest.mark.parametrize("both_strands", [False, True])
def test_every_rule_and_selection(codes, rule, threshold, selection, both_strands):
    options = FilterOptions(rule=rule, threshold=threshold, both_strands=both_strands, **selection)
    check(network(CONVOLUTIONS["same"], "tanh"), codes, options, batch_size=1 + both_strands)


@pytest.mark.parametrize("convolution", ["same", "explicit", "stride"])
@pytest.mark.parametrize("weighting", ["count", "activation"])
def test_windows_over_the_ends_may_count_as_background(codes, convolution, weighting):
    options = FilterOptions(
        ends="background", weighting=weighting, background=(0.375, 0.125, 0.25, 0.25)
    )
    check(network(CONVOLUTIONS[convolution]), codes, options, batch_size=1)


@pytest.mark.parametrize("layer", ["0.convolution", "1.convolution"])
@pytest.mark.parametrize("options", [FilterOptions(), FilterOptions(rule="top", ends="background")])
def test_deeper_layers(codes, layer, options):
    result = check(deep_network(), codes, options, layer=layer, batch_size=1)
    expected = {"0.convolution": (-2, 1, 5), "1.convolution": (-5, 3, 13)}
    assert (result.start, result.jump, result.width) == expected[layer]
    assert result.readout == layer.replace("convolution", "activation")


@pytest.mark.parametrize("batch_size", [2, 6, 64, None])
@pytest.mark.parametrize("weighting", ["count", "activation"])
def test_batch_size_and_form_of_the_sequences_change_nothing(codes, batch_size, weighting):
    # Weights of few bits, so that the convolution is exact in batches of any size.
    model = network()
    with torch.no_grad():
        model[0].convolution.weight.mul_(8).round_().div_(8)
        model[0].convolution.bias.zero_()
    options = FilterOptions(both_strands=True, weighting=weighting, selection="best-per-sequence")
    one = filters.extract(model, codes, options=options, batch_size=2)
    other = filters.extract(model, onehot.from_codes(codes), options=options, batch_size=batch_size)
    for a, b in zip(one.filters, other.filters, strict=True):
        np.testing.assert_array_equal(a.counts, b.counts)
        assert (a.nsites, a.threshold) == (b.nsites, b.threshold)


@pytest.mark.parametrize("weighting", ["count", "activation"])
def test_a_full_buffer_is_emptied_without_loss(rng, weighting):
    codes = rng.integers(0, 4, (300, LENGTH)).astype(np.uint8)
    options = FilterOptions(threshold=0.05, buffer_bytes=1, weighting=weighting)
    result = check(network(), codes, options, batch_size=1)
    assert result.passes == 1
    assert min(motif.nsites for motif in result.filters) > 4 * LENGTH


def test_equal_values_leave_a_full_buffer(rng):
    codes = rng.integers(0, 4, (200, LENGTH)).astype(np.uint8)
    model = network(activation="tanh")
    with torch.no_grad():
        model[0].convolution.weight.mul_(100)
    assert check(model, codes, FilterOptions(buffer_bytes=1), batch_size=1).passes == 1


def test_a_late_maximum_costs_a_second_pass_and_is_told(rng):
    codes = rng.integers(0, 4, (300, LENGTH)).astype(np.uint8)
    model = network(activation="linear")
    with torch.no_grad():
        model[0].convolution.bias += 1
        best = model[0].convolution.weight[0].argmax(dim=0)
    codes[:-1] = np.where(codes[:-1] == int(best[0]), (int(best[0]) + 1) % 4, codes[:-1])
    codes[-1, 10 : 10 + len(best)] = best.numpy()
    options = FilterOptions(threshold=0.4, buffer_bytes=1)
    calls = []
    result = check(
        model,
        codes,
        options,
        batch_size=1,
        progress=lambda done, total: calls.append((done, total)),
    )
    assert result.passes == 2
    assert calls[0] == (1, 300)
    assert calls[-1] == (600, 600)


@pytest.mark.parametrize(("rule", "passes"), [("mean-to-maximum", 2), ("quantile", 4), ("top", 1)])
def test_passes_are_those_of_the_rule(codes, rule, passes):
    calls = []
    result = filters.extract(
        network(),
        codes,
        options=FilterOptions(rule=rule),
        progress=lambda done, total: calls.append((done, total)),
    )
    assert result.passes == passes
    assert calls[-1] == (37 * passes, 37 * passes)


@pytest.mark.parametrize("convolution", ["valid", "same", "explicit"])
def test_a_planted_motif_comes_back_at_its_offset(rng, convolution):
    codes = rng.integers(0, 4, (200, LENGTH)).astype(np.uint8)
    planted = alphabet.DNA.encode("GATTACA").astype(int)
    for row, start in enumerate(rng.integers(0, LENGTH - 6, len(codes))):
        codes[row, start : start + 7] = planted
    model = network(CONVOLUTIONS[convolution], filters=1)
    with torch.no_grad():
        model[0].convolution.weight.zero_()
        model[0].convolution.weight[0, planted, range(7)] = 1.0
        model[0].convolution.bias.zero_()
    result = filters.extract(model, codes, options=FilterOptions(threshold=0.9))
    motif = result.filters[0]
    assert pwm.consensus(motif.trimmed) == "GATTACA"
    assert (motif.full.probabilities[planted, range(7)] > 0.99).all()
    assert motif.trimmed.nsites == motif.nsites


def test_an_n_counts_as_nothing_in_its_column():
    codes = alphabet.DNA.encode("TTTTGANTACATTTTT")[None]
    model = network(filters=1)
    with torch.no_grad():
        model[0].convolution.weight.zero_()
        model[0].convolution.weight[0, alphabet.DNA.encode("GATTACA").astype(int), range(7)] = 1.0
    motif = filters.extract(model, codes, options=FilterOptions(rule="top", threshold=1)).filters[0]
    assert motif.nsites == 1
    np.testing.assert_array_equal(motif.counts.sum(axis=0), [1, 1, 0, 1, 1, 1, 1])
    np.testing.assert_allclose(motif.full.probabilities[:, 2], 0.25)


@pytest.mark.parametrize("pseudocount", [0.0, 1.0])
def test_a_column_of_n_alone_is_the_background(pseudocount):
    codes = np.full((3, 20), 4, np.uint8)
    codes[:, 8:11] = alphabet.DNA.encode("GAC")
    options = FilterOptions(rule="top", threshold=1, pseudocount=pseudocount)
    motif = filters.extract(network(), codes, options=options).filters[0]
    assert motif.full.probabilities.shape == (4, 7)
    assert (motif.full.probabilities.T == 0.25).all(axis=1).any()


def edited(bias, scale=1.0, activation="linear"):
    model = network(activation=activation, filters=2)
    with torch.no_grad():
        model[0].convolution.weight[0] *= scale
        model[0].convolution.bias[0] = bias
    return model


@pytest.mark.parametrize(
    ("change", "rule", "reason"),
    [
        ({"bias": -1000.0}, "fraction-of-maximum", "maximum is -9"),
        ({"bias": -1000.0, "activation": "relu"}, "fraction-of-maximum", "0 everywhere"),
        ({"bias": 3.0, "scale": 0.0}, "absolute", "3 everywhere"),
        ({"bias": -1000.0}, "absolute", "no position with a whole window"),
        ({"bias": 1000.0, "activation": "exponential"}, "fraction-of-maximum", "infinite"),
    ],
)
def test_dead_filters_are_reported_and_not_written(codes, change, rule, reason):
    threshold = 5.0 if rule == "absolute" else None
    options = FilterOptions(rule=rule, threshold=threshold)
    result = filters.extract(edited(**change), codes, options=options)
    dead, live = result.filters
    assert (dead.state, live.state) == ("dead", "ok")
    assert reason in dead.reason
    assert dead.full is None
    assert [motif.name for motif in result.pwms] == ["filter_1"]
    assert [motif.name for motif in result.full_pwms] == ["filter_1"]


def test_negative_activations_rank_under_the_top_rule(codes):
    check(edited(-1000.0), codes, FilterOptions(rule="top"), batch_size=1)


def test_sites_of_no_weight_make_no_motif(codes):
    options = FilterOptions(rule="top", weighting="activation")
    dead, live = filters.extract(edited(-1000.0), codes, options=options).filters
    assert "weigh nothing" in dead.reason
    assert live.state == "ok"


def test_a_filter_that_takes_everything_is_flat(rng):
    codes = rng.integers(0, 4, (300, LENGTH)).astype(np.uint8)
    result = filters.extract(
        network(activation="exponential"), codes, options=FilterOptions(rule="absolute")
    )
    assert {motif.state for motif in result.filters} == {"flat"}
    assert result.pwms == []
    assert len(result.full_pwms) == 6


def test_the_background_of_the_sequences_is_measured(rng):
    codes = rng.choice(4, (300, LENGTH), p=[0.4, 0.1, 0.1, 0.4]).astype(np.uint8)
    result = filters.extract(
        network(), codes, options=FilterOptions(background=None, rule="mean-to-maximum")
    )
    np.testing.assert_allclose(result.full_pwms[0].background, [0.4, 0.1, 0.1, 0.4], atol=0.02)


def test_weights_by_activation_keep_the_number_of_sites(codes):
    result = filters.extract(network(), codes, options=FilterOptions(weighting="activation"))
    assert all(motif.full.nsites == motif.nsites for motif in result.filters)


def test_motifs_go_through_a_meme_file(codes, tmp_path):
    result = filters.extract(network(), codes)
    meme.write(tmp_path / "filters.meme", result.pwms)
    back = meme.read(tmp_path / "filters.meme")
    assert [(m.name, m.nsites) for m in back] == [(m.name, m.nsites) for m in result.pwms]


def test_a_foreign_activation_is_read_where_it_is_named(codes):
    model = nn.Sequential(nn.Conv1d(4, 3, 5), nn.ReLU())
    raw, rectified = (filters.extract(model, codes, layer=name) for name in ("0", "1"))
    assert raw.readout == "0"
    assert rectified.readout == "1"
    for a, b in zip(raw.filters, rectified.filters, strict=True):
        np.testing.assert_array_equal(a.counts, b.counts)


def test_the_model_comes_back_as_it_was(codes):
    model = network().train()
    filters.extract(model, codes, device="cpu")
    assert model.training
    assert all(p.requires_grad for p in model.parameters())


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"layer": "0.convolutoin"}, "did you mean '0.convolution'"),
        ({"layer": "1"}, "choose a convolution"),
        ({"batch_size": 0}, "batch_size=0"),
        ({"batch_size": 3, "options": FilterOptions(both_strands=True)}, "even number"),
    ],
)
def test_bad_arguments_are_named(codes, arguments, message):
    model = network()
    model.append(nn.Flatten())
    with pytest.raises(UserError, match=message):
        filters.extract(model, codes, **arguments)


def test_a_network_without_convolution_is_refused(codes):
    with pytest.raises(UserError, match="no convolution"):
        filters.extract(nn.Sequential(nn.Flatten(), nn.Linear(4 * LENGTH, 1)), codes)


def test_no_sequences_are_refused():
    with pytest.raises(UserError, match="got none"):
        filters.extract(network(), np.zeros((0, LENGTH), np.uint8))


def test_windows_wider_than_the_sequences_are_refused(rng):
    codes = rng.integers(0, 4, (3, 12)).astype(np.uint8)
    model = network({"kernel_size": 7, "dilation": 2, "padding": 6})
    with pytest.raises(UserError, match="ends='background'"):
        filters.extract(model, codes)
    assert filters.extract(model, codes, options=FilterOptions(ends="background")).width == 13
