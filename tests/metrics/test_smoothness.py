"""Roughness and spread against slow loops and SciPy, with their bounds."""

import numpy as np
import pytest
from scipy import stats

from cislens.errors import UserError
from cislens.metrics import bounds, smoothness

METRICS = [smoothness.high_frequency_share, smoothness.entropy, smoothness.gini]


@pytest.fixture
def tracks(rng):
    return np.abs(rng.normal(size=(4, 60)))


def test_high_frequency_share_equals_a_slow_loop(tracks):
    for track, found in zip(
        tracks, smoothness.high_frequency_share(tracks, period=6.0), strict=True
    ):
        magnitudes = {
            k: abs(sum(v * np.exp(-2j * np.pi * k * i / 60) for i, v in enumerate(track)))
            for k in range(1, 30)
        }
        high = sum(m for k, m in magnitudes.items() if k > 10)
        assert found == pytest.approx(high / sum(magnitudes.values()))


def test_waves_are_told_apart_by_their_period():
    places = np.arange(400)
    slow, fast = (1 + np.cos(2 * np.pi * places / period) for period in (20, 4))
    shares = smoothness.high_frequency_share(np.stack([slow, fast]))
    assert shares == pytest.approx([0, 1], abs=1e-9)


@pytest.mark.parametrize("pseudocount", [0.0, 0.001])
def test_entropy_equals_scipy(tracks, pseudocount):
    tracks[0, :30] = 0
    expected = stats.entropy(tracks + pseudocount, axis=1, base=2)
    assert smoothness.entropy(tracks, pseudocount=pseudocount) == pytest.approx(expected)


@pytest.mark.parametrize("metric", METRICS)
def test_scale_does_not_count(metric, tracks):
    assert metric(1e-6 * tracks) == pytest.approx(metric(tracks))


def test_published_entropy_depends_on_the_scale(tracks):
    small, plain = (smoothness.entropy(t, pseudocount=1e-3) for t in (1e-4 * tracks, tracks))
    assert (small > plain + 0.1).all()


def test_gini_equals_all_pairs(tracks):
    pairs = np.abs(tracks[:, :, None] - tracks[:, None, :]).sum((1, 2))
    assert smoothness.gini(tracks) == pytest.approx(pairs / (2 * 60 * tracks.sum(1)))


def test_extremes():
    flat, single = np.ones((1, 64)), np.eye(64)[20:21]
    assert smoothness.entropy(flat) == pytest.approx([6])
    assert smoothness.entropy(single) == pytest.approx([0])
    assert smoothness.gini(flat) == pytest.approx([0])
    assert smoothness.gini(single) == pytest.approx([1 - 1 / 64])


def test_shuffled_positions_are_rougher_and_as_spread(rng):
    track = np.exp(-0.5 * ((np.arange(300) - 150) / 8) ** 2)[None]
    shuffled = bounds.positions(track, rng)
    rough, smooth = (smoothness.high_frequency_share(t)[0] for t in (shuffled, track))
    assert smooth < 0.01
    assert rough == pytest.approx(1 - 2 * 45 / 300, abs=0.1)
    assert smoothness.entropy(shuffled) == pytest.approx(smoothness.entropy(track))


@pytest.mark.parametrize("metric", METRICS)
def test_track_of_zeros_is_undefined(metric):
    assert np.isnan(metric(np.zeros((1, 30)))).all()


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("value", [-1.0, np.nan, np.inf])
def test_signed_tracks_are_refused(metric, value):
    with pytest.raises(UserError, match="tracks: hold negative or infinite"):
        metric(np.array([[1.0, value]]))


def test_impossible_options(tracks):
    with pytest.raises(UserError, match=r"period=1\.0: wants at least 2 bp"):
        smoothness.high_frequency_share(tracks, period=1.0)
    with pytest.raises(UserError, match=r"pseudocount=-1\.0"):
        smoothness.entropy(tracks, pseudocount=-1.0)
