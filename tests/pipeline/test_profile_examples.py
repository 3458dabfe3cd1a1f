"""Windows that are shown: at fixed ranks, with what was measured and predicted."""

import numpy as np
import pytest
import torch

from cislens.data import dataset, profiles
from cislens.models import checkpoint, spec
from cislens.models.profiles import predict
from cislens.pipeline import profile_examples


def test_windows_stand_at_their_ranks(profile_dataset, rng):
    view = dataset.open(profile_dataset()).view()
    recipe = spec.Recipe(
        "tseng-profile", input_length=366, tasks=("made",), objective="profile",
        options={"width_multiplier": 0.1, "strands": 2},
    )  # fmt: skip
    torch.manual_seed(0)
    network = spec.build(recipe).eval()
    with torch.no_grad():
        # Totals of untrained networks may lie below 0 counts, and would be cut off.
        network.counts_output.bias += 2
    loaded = checkpoint.Checkpoint(network, recipe, {})
    found = profiles.read(view, slice(None))
    values = np.where(found.is_peak, rng.random(len(view)), np.nan)
    (task,) = profile_examples.choose(loaded, view, {"made": values})["tasks"]
    ranked = np.sort(values[found.is_peak])
    assert [window["jsd"] for window in task["windows"]] == [
        ranked[round(q * (len(ranked) - 1))] for q in profile_examples.QUANTILES
    ]
    predicted = predict(loaded.model, found.codes)
    for window in task["windows"]:
        row = list(view.ids).index(window["name"])
        whole = predicted.counts[row] / predicted.counts[row].sum()
        np.testing.assert_allclose(window["predicted"], whole, rtol=1e-3)
        both = found.counts[row] / found.counts[row].sum()
        np.testing.assert_allclose(window["measured"], both, rtol=1e-3)
        assert window["counts"] == found.counts[row].sum()
        assert window["expected"] == pytest.approx(predicted.counts[row].sum(), rel=1e-4)
    peaks = found.counts[found.is_peak].astype(float)
    shares = peaks / np.maximum(peaks.sum(axis=2, keepdims=True), 1)
    mean = shares.sum(axis=0) / shares.sum(axis=(0, 2))[:, None]
    np.testing.assert_allclose(task["mean"]["measured"], mean, rtol=1e-3, atol=1e-6)
    assert task["peaks"] == found.is_peak.sum()
