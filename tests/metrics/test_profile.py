"""Scores of profiles against SciPy and scikit-learn, with their bounds."""

import numpy as np
import pytest
from scipy import ndimage, stats
from scipy.spatial import distance
from sklearn import metrics

from cislens.errors import UserError
from cislens.metrics import bounds, profile


@pytest.fixture
def drawn(rng):
    counts = rng.poisson(rng.gamma(0.3, 3, (5, 2, 41)))
    counts[1, 0] = 0
    counts[2] = 0
    predictions = rng.gamma(0.5, 1, (5, 2, 41))
    return predictions / predictions.sum(2, keepdims=True), counts


def mean_over_tracks(one, predictions, counts):
    return [
        np.mean([one(p[t], c[t]) for t in range(2) if c[t].sum()]) if c.sum() else np.nan
        for p, c in zip(predictions, counts, strict=True)
    ]


def test_likelihood_equals_scipy(drawn):
    expected = mean_over_tracks(
        lambda p, c: -stats.multinomial.logpmf(c, c.sum(), p / p.sum()), *drawn
    )
    found = profile.negative_log_likelihood(*drawn)
    assert found == pytest.approx(expected, nan_ok=True)


@pytest.mark.parametrize("smoothing", [0, 3])
def test_divergence_is_the_square_of_scipys_distance(drawn, smoothing):
    def smoothed(values):
        if not smoothing:
            return values
        return ndimage.gaussian_filter1d(
            values.astype(float), smoothing, truncate=1, mode="constant"
        )

    expected = mean_over_tracks(
        lambda p, c: distance.jensenshannon(smoothed(p), smoothed(c)) ** 2, *drawn
    )
    found = profile.jensen_shannon(*drawn, smoothing=smoothing)
    assert found == pytest.approx(expected, nan_ok=True)


def slow_bins(values, width):
    return [
        max(track[start : start + width])
        for track in values
        for start in range(0, len(track) - width + 1, width)
    ]


@pytest.mark.parametrize("width", [1, 4, 10])
def test_bins_equal_a_slow_loop(drawn, width):
    predictions, counts = drawn
    found = profile.binned(*drawn, width=width)
    for row in range(5):
        kept = [t for t in range(2) if counts[row, t].sum()]
        if not kept:
            assert np.isnan([score[row] for score in found]).all()
            continue
        x = slow_bins(predictions[row, kept], width)
        y = slow_bins([counts[row, t] / counts[row, t].sum() for t in kept], width)
        assert found.pearson[row] == pytest.approx(stats.pearsonr(x, y)[0])
        assert found.spearman[row] == pytest.approx(stats.spearmanr(x, y)[0])
        assert found.mean_squared_error[row] == pytest.approx(metrics.mean_squared_error(x, y))


@pytest.mark.parametrize("width", [1, 4])
def test_area_equals_scikit_learn(drawn, width):
    predictions, counts = drawn
    found = profile.binned_aupr(*drawn, width=width, positive=0.1)
    defined = 0
    for row in range(5):
        kept = [t for t in range(2) if counts[row, t].sum()]
        scores = slow_bins(predictions[row, kept], width)
        high = np.array(slow_bins(counts[row, kept], width))
        share = np.array(slow_bins([counts[row, t] / counts[row, t].sum() for t in kept], width))
        is_positive, is_negative = (share >= 0.1) & (high >= 3), share <= 0.05
        chosen = is_positive | is_negative
        if not is_positive.any():
            assert np.isnan(found[row])
            continue
        defined += 1
        expected = metrics.average_precision_score(is_positive[chosen], np.array(scores)[chosen])
        assert found[row] == pytest.approx(expected)
    assert defined >= 3


def test_totals_equal_scipy(rng):
    counts = rng.poisson(2, (30, 2, 15))
    truth = np.log1p(counts.sum(2))
    predictions = truth + rng.normal(size=(30, 2))
    found = profile.log_counts(predictions, counts)
    assert found["pearson"] == pytest.approx(stats.pearsonr(predictions.ravel(), truth.ravel())[0])
    expected = stats.spearmanr(predictions.ravel(), truth.ravel())[0]
    assert found["spearman"] == pytest.approx(expected)
    assert found["mean_squared_error"] == pytest.approx(((predictions - truth) ** 2).mean())


def shares(values):
    return values / values.sum(2, keepdims=True)


@pytest.mark.parametrize(
    ("metric", "best"),
    [
        (profile.jensen_shannon, 0),
        (lambda p, c: -profile.binned(p, c, width=4).pearson, -1),
        (lambda p, c: -profile.binned_aupr(p, c, positive=0.06), -1),
        (profile.negative_log_likelihood, None),
    ],
)
def test_self_is_best_and_another_examples_profile_is_chance(metric, best, rng):
    counts = rng.poisson(rng.gamma(0.2, 20, (30, 1, 40))) + 1
    values = shares(counts * rng.gamma(3, 1, counts.shape))

    def scored(p, c):
        return metric(shares(p), c)

    found = bounds.bounded(scored, values, counts, shuffle=bounds.examples, rng=rng)
    assert (found.best <= found.measured + 1e-12).all()
    assert np.nanmean(found.measured) < np.nanmean(found.chance)
    if best is not None:
        assert found.best == pytest.approx(best, abs=1e-9)


def test_what_cannot_be_compared(drawn):
    predictions, counts = drawn
    with pytest.raises(UserError, match=r"predictions \(4, 2, 41\) and counts \(5, 2, 41\)"):
        profile.jensen_shannon(predictions[1:], counts)
    for width in (0, 42):
        with pytest.raises(UserError, match=f"width={width}: wants a bin of 1 to 41 bp"):
            profile.binned(*drawn, width=width)
