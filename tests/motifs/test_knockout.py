"""Knock-out of filters against the slow way: a hook that replaces the map, and all predictions."""

import copy

import numpy as np
import pytest
import torch
from torch import nn

from cislens.errors import UserError
from cislens.models import inference, layers, zoo
from cislens.motifs import importance_measures, knockout
from cislens.sequence import onehot

SMALL = {"deepsea": 0.05, "beluga": 0.05, "basset": 0.1, "basset-koo": 0.1}
LENGTHS = {"deepsea": 1000, "beluga": 2000, "basset": 600, "basset-koo": 600, "residualbind": 400}


def build(name):
    options = {"width_multiplier": SMALL[name]} if name in SMALL else {}
    length = LENGTHS.get(name, 200)
    model = zoo.ARCHITECTURES[name](input_length=length, outputs=3, **options)
    return spread(model).eval(), length


def spread(model):
    """Give batch normalisations statistics of their own."""
    for module in model.modules():
        if isinstance(module, nn.BatchNorm1d):
            nn.init.normal_(module.running_mean, std=0.3)
            nn.init.uniform_(module.running_var, 0.5, 2.0)
    return model


def slow(model, name, codes, number, replace):
    def hook(_module, _inputs, output):
        return torch.stack(
            [
                replace(output)[:, f] if f == number else output[:, f]
                for f in range(output.shape[1])
            ],
            dim=1,
        )

    handle = layers.find(model, name).register_forward_hook(hook)
    try:
        return inference.predict(model, codes, batch_size=1000).double().numpy()
    finally:
        handle.remove()


def check(model, codes, *, layer=None, filters=(0, 3), replacement="mean", tolerance=1e-5):
    kept = []
    keep = {"kept": lambda _, after: kept.append(after) or after[0]}
    found = knockout.filter_importance(
        model, codes, layer=layer, replacement=replacement, batch_size=3,
        comparison=knockout.Comparison(measures={**importance_measures.MEASURES, **keep}),
    )  # fmt: skip
    name = found.layer
    before = inference.predict(model, codes).double().numpy()
    whole = inference.activations(model, codes, layer=name)
    means = whole.mean(dim=(0, 2)) if replacement == "mean" else torch.zeros(whole.shape[1])
    scale = np.abs(before).max()
    for number in filters:
        after = slow(
            model, name, codes, number, lambda map_: torch.zeros_like(map_) + means[:, None]
        )
        np.testing.assert_allclose(kept[number], after, atol=tolerance * scale, rtol=0)
        change = np.abs(after - before).mean(axis=0)
        np.testing.assert_allclose(found.values["absolute"][number], change, atol=tolerance * scale)
    return found


@pytest.mark.parametrize("name", [n for n in zoo.ARCHITECTURES if n != "beluga"])
def test_zoo_equals_the_slow_way(name, rng):
    model, length = build(name)
    codes = rng.integers(0, 4, (5, length), dtype=np.uint8)
    before = copy.deepcopy(model.state_dict())
    check(model, codes)
    assert all(torch.equal(before[key], value) for key, value in model.state_dict().items())
    assert not any("forward" in module.__dict__ for module in model.modules())


class Winding(nn.Module):
    """In-place activation, a skip from before the layer, a layer used twice."""

    def __init__(self):
        super().__init__()
        self.first = nn.Conv1d(4, 6, 5, padding=2)
        self.second = nn.Conv1d(6, 6, 3, padding=1)
        self.rectify = nn.ReLU(inplace=True)
        self.read = nn.Linear(6, 2)

    def forward(self, x):
        h = self.first(x)
        h = self.rectify(self.second(torch.relu(h))) + h
        h = self.rectify(self.second(h))
        return self.read(h.amax(dim=2))


@pytest.mark.parametrize("layer", ["first", "second"])
@pytest.mark.parametrize("replacement", ["mean", "zero"])
def test_in_place_skipped_and_used_twice(layer, replacement, rng):
    model = Winding().eval()
    codes = rng.integers(0, 5, (7, 40), dtype=np.uint8)
    if layer == "first":
        check(model, codes, layer=layer, replacement=replacement)
        return
    # Of a layer that runs twice the first time counts, which a hook does not know.
    found = knockout.filter_importance(model, codes, layer=layer, replacement=replacement)
    assert found.values["absolute"].shape == (6, 2)
    assert (found.values["absolute"] > 0).any()


def test_shuffle_deals_maps_among_sequences(rng):
    model, length = build("cnn-local")
    codes = np.repeat(rng.integers(0, 4, (1, length), dtype=np.uint8), 6, axis=0)
    same = knockout.filter_importance(model, codes, replacement="shuffle")
    np.testing.assert_allclose(same.values["absolute"], 0, atol=1e-6)
    codes = rng.integers(0, 4, (6, length), dtype=np.uint8)
    draws = [
        knockout.filter_importance(
            model, codes, replacement="shuffle", rng=np.random.default_rng(seed)
        ).values["squared"]
        for seed in (1, 1, 2)
    ]
    assert np.array_equal(draws[0], draws[1])
    assert not np.array_equal(draws[0], draws[2])


def test_groups_of_filters_and_batches_have_no_effect(rng, monkeypatch):
    model, length = build("cnn-local")
    codes = rng.integers(0, 4, (9, length), dtype=np.uint8)
    whole = knockout.filter_importance(model, codes).values["squared"]
    monkeypatch.setattr(knockout, "_MOST_FLOATS", 9 * 3 * 5)
    told = []
    parts = knockout.filter_importance(
        model, codes, batch_size=4, progress=lambda done, total: told.append((done, total))
    ).values["squared"]
    np.testing.assert_allclose(parts, whole, rtol=1e-4, atol=1e-9)
    assert told == [(i + 1, 15) for i in range(15)]


def test_a_filter_that_nothing_reads_has_none(rng):
    model = nn.Sequential(nn.Conv1d(4, 3, 5), nn.Flatten(), nn.Linear(3 * 16, 2)).eval()
    with torch.no_grad():
        model[2].weight.view(2, 3, 16)[:, 1] = 0
    found = knockout.filter_importance(model, rng.integers(0, 4, (8, 20), dtype=np.uint8))
    assert (found.values["absolute"][1] == 0).all()
    assert (found.values["absolute"][[0, 2]] > 0).all()
    table = found.table(("a", "b"))
    assert table["filter"].tolist() == [0, 0, 1, 1, 2, 2]
    assert table["task"].tolist() == ["a", "b"] * 3
    assert table.loc[1, "squared"] == found.values["squared"][0, 1]


def test_scores_without_a_filter_equal_scores_of_the_edited_network(rng):
    model, length = build("cnn-local")
    codes = rng.integers(0, 4, (12, length), dtype=np.uint8)
    targets = rng.normal(size=(12, 3))
    comparison = knockout.Comparison(
        measures={"drop": importance_measures.drop(correlation)},
        overall={"profile": importance_measures.profile_change},
        targets=targets,
        on=lambda predictions, targets: targets > -1,
    )
    found = knockout.filter_importance(model, codes, comparison=comparison, replacement="zero")
    before = inference.predict(model, codes).double().numpy()
    known = np.where(targets > -1, targets, np.nan)
    assert found.counted.tolist() == (targets > -1).sum(axis=0).tolist()
    for number in (0, 5):
        after = slow(model, found.layer, codes, number, torch.zeros_like)
        wanted = correlation(before, known) - correlation(after, known)
        np.testing.assert_allclose(found.values["drop"][number], wanted, atol=1e-5)
        changes = [
            (np.corrcoef(a[k], y[k])[0, 1] - np.corrcoef(b[k], y[k])[0, 1]) ** 2
            for b, a, y in zip(before, after, known, strict=True)
            if (k := ~np.isnan(y)).sum() > 2
        ]
        assert found.overall["profile"][number] == pytest.approx(np.mean(changes), abs=1e-5)
    assert found.summary()["profile"].tolist() == found.overall["profile"].tolist()


def correlation(predictions, targets):
    known = ~np.isnan(targets)
    return np.array(
        [
            np.corrcoef(p[k], y[k])[0, 1]
            for p, y, k in zip(predictions.T, targets.T, known.T, strict=True)
        ]
    )


def test_probabilities_are_compared_where_asked(rng):
    model, length = build("cnn-local")
    codes = onehot.from_codes(rng.integers(0, 4, (4, length), dtype=np.uint8))
    found = knockout.filter_importance(
        model, codes, comparison=knockout.Comparison(prediction=torch.sigmoid)
    )
    assert (found.values["absolute"] <= 1).all()


def test_bad_questions_are_refused(rng):
    model, length = build("cnn-local")
    codes = rng.integers(0, 4, (4, length), dtype=np.uint8)
    with pytest.raises(UserError, match="replacement='median'"):
        knockout.filter_importance(model, codes, replacement="median")
    with pytest.raises(UserError, match="layer9"):
        knockout.filter_importance(model, codes, layer="layer9")
    with pytest.raises(UserError, match="got none"):
        knockout.filter_importance(model, codes[:0])
    comparison = knockout.Comparison(targets=np.zeros((4, 2)))
    with pytest.raises(UserError, match=r"\[4, 2\]; predictions are \[4, 3\]"):
        knockout.filter_importance(model, codes, comparison=comparison)
    profile = zoo.PROFILE_ARCHITECTURES["tseng-profile"](input_length=1346, outputs=2).eval()
    with pytest.raises(UserError, match="heads"):
        knockout.filter_importance(profile, rng.integers(0, 4, (1, 1346), dtype=np.uint8))
    with pytest.raises(UserError, match="no convolution"):
        knockout.filter_importance(nn.Sequential(nn.Flatten(), nn.Linear(80, 1)), codes[:, :20])
