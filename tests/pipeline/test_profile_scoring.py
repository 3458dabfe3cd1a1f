"""Scores of profile networks against slow references; run as a user does in tests/cli."""

import numpy as np
import pandas as pd
import pytest
import torch

from cislens.data import dataset, profiles
from cislens.errors import UserError
from cislens.metrics import profile
from cislens.models import checkpoint, spec
from cislens.models.profiles import predict
from cislens.pipeline import profile_scoring

OPTIONS = {"width_multiplier": 0.1, "strands": 2, "control": "shared"}


@pytest.fixture
def loaded():
    recipe = spec.Recipe(
        "tseng-profile", input_length=366, tasks=("made",), objective="profile", options=OPTIONS
    )
    torch.manual_seed(0)
    return checkpoint.Checkpoint(spec.build(recipe).eval(), recipe, {})


@pytest.fixture
def stored(profile_dataset):
    return dataset.open(profile_dataset(control=["shared"]))


def test_scores_are_means_over_peaks(loaded, stored, monkeypatch):
    view = stored.view("train")
    monkeypatch.setattr(profile_scoring, "BLOCK", 5)
    row = profile_scoring.score(loaded, view).table.iloc[0]
    found = profiles.read(view, slice(None))
    predicted = predict(loaded.model, found.codes, found.control)
    peaks = found.is_peak
    shares, counts = predicted.shares[peaks], found.counts[peaks]
    assert (row["n"], row["peaks"]) == (len(peaks), peaks.sum())
    nll = profile.negative_log_likelihood(shares, counts)
    assert row["nll"] == pytest.approx(np.nanmean(nll), rel=1e-5)
    assert row["jsd"] == pytest.approx(np.nanmean(profile.jensen_shannon(shares, counts)), rel=1e-5)
    ranks = [
        pd.Series(values).rank().to_numpy()
        for values in (predicted.log_counts[peaks].ravel(), counts.sum(axis=2).ravel())
    ]
    assert row["counts_spearman"] == pytest.approx(np.corrcoef(*ranks)[0, 1], rel=1e-4)
    fixed = np.broadcast_to(profile_scoring.mean_profile(view), counts.shape)
    baseline = profile.negative_log_likelihood(fixed, counts)
    assert row["nll_mean_profile"] == pytest.approx(np.nanmean(baseline), rel=1e-5)


def test_mean_profile_is_that_of_all_counts_together(stored):
    view = stored.view("train")
    total = np.ones((2, 20))
    for row in range(len(view)):
        found = profiles.read(view, slice(row, row + 1))
        if found.is_peak[0]:
            total += found.counts[0]
    shares = profile_scoring.mean_profile(view)
    np.testing.assert_allclose(shares, total / total.sum(axis=1, keepdims=True))
    empty = dataset.SequenceView(stored, np.empty(0, np.int64))
    np.testing.assert_allclose(profile_scoring.mean_profile(empty), 1 / 20)


def test_background_alone_has_no_shape(loaded, stored):
    beside = np.flatnonzero([name.startswith("background") for name in stored.ids])
    with pytest.raises(UserError, match="no window of it lies at a peak"):
        profile_scoring.score(loaded, dataset.SequenceView(stored, beside))
