"""Importance on sites against SciPy, scikit-learn and slow loops, with bounds."""

from functools import partial

import numpy as np
import pytest
from scipy import stats
from sklearn import metrics

from cislens.errors import UserError
from cislens.metrics import annotation, bounds


@pytest.fixture
def drawn(rng):
    sites = np.zeros((6, 50), bool)
    for row in range(5):
        start = rng.integers(0, 40)
        sites[row, start : start + 10] = True
    tracks = np.abs(rng.normal(size=(6, 50))) + sites * rng.random((6, 1))
    return np.round(tracks, 1), sites


def test_share_equals_a_slow_loop(drawn):
    tracks, sites = drawn
    found = annotation.share_in_sites(tracks, sites)
    for row in range(5):
        inside = sum(v for v, s in zip(tracks[row], sites[row], strict=True) if s)
        assert found[row] == pytest.approx(inside / sum(tracks[row]))
    assert np.isnan(found[5])
    assert np.isnan(annotation.share_in_sites(0 * tracks, sites)).all()


def test_areas_equal_scikit_learn(drawn):
    tracks, sites = drawn
    found = annotation.base_aupr(tracks, sites)
    expected = [
        metrics.average_precision_score(s, t) for s, t in zip(sites[:5], tracks[:5], strict=True)
    ]
    assert found[:5] == pytest.approx(expected)
    assert np.isnan(found[5])
    pooled = metrics.average_precision_score(sites.ravel(), tracks.ravel())
    assert annotation.pooled_aupr(tracks, sites, by_share=False) == pytest.approx(pooled)
    shares = tracks / tracks.sum(1, keepdims=True)
    by_share = metrics.average_precision_score(sites.ravel(), shares.ravel())
    assert annotation.pooled_aupr(tracks, sites) == pytest.approx(by_share)


def test_scale_of_an_example_counts_only_as_published(drawn):
    tracks, sites = drawn
    scaled = tracks * np.array([[1], [1], [1], [1], [1], [1000]])
    plain = annotation.pooled_aupr(tracks, sites)
    assert annotation.pooled_aupr(scaled, sites) == pytest.approx(plain)
    published = partial(annotation.pooled_aupr, by_share=False)
    assert published(scaled, sites) < published(tracks, sites) - 0.02


def test_enrichment_equals_counting(rng):
    tracks, sites = rng.random((4, 25)), rng.random((4, 25)) < 0.3
    found = annotation.enrichment(tracks, sites, top=[1, 10, 100], by_share=False)
    order = sorted(range(100), key=lambda i: -tracks.ravel()[i])
    for count, value in zip((1, 10, 100), found, strict=True):
        hits = sum(sites.ravel()[i] for i in order[:count])
        assert value == pytest.approx(hits / (count * sites.mean()))
    assert found[-1] == pytest.approx(1)


def test_summit_correlation_equals_scipy(rng):
    tracks = rng.random((3, 40))
    summits = [[10], [5, 30], []]
    found = annotation.summit_correlation(tracks, summits)
    for row in range(2):
        distance = [min(abs(i - s) for s in summits[row]) for i in range(40)]
        assert found[row] == pytest.approx(stats.spearmanr(tracks[row], distance)[0])
    assert np.isnan(found[2])


def test_summit_correlation_has_its_bounds(rng):
    distance = np.abs(np.arange(60) - 25)[None]
    best = annotation.summit_correlation(100.0 - distance, [[25]])
    assert best == pytest.approx([-1])
    shuffled = [
        annotation.summit_correlation(bounds.positions(100.0 - distance, rng), [[25]])[0]
        for _ in range(60)
    ]
    assert np.mean(shuffled) == pytest.approx(0, abs=0.1)


@pytest.mark.parametrize("metric", [annotation.base_aupr, annotation.share_in_sites])
def test_sites_themselves_are_best_and_shuffles_are_chance(metric, rng):
    sites = np.zeros((40, 60), bool)
    sites[:, 20:30] = True
    tracks = rng.random((40, 60)) + sites

    def scored(values, truth):
        return metric(values.astype(float), truth)

    found = bounds.bounded(scored, tracks, sites, shuffle=bounds.positions, rng=rng)
    assert found.best == pytest.approx(1)
    assert found.chance.mean() == pytest.approx(1 / 6, abs=0.07)
    assert (found.measured > found.chance).all()


def test_precision_of_calls_equals_counting():
    importance = np.array([5.0, 3.0, 9.0, 3.0, 1.0])
    overlaps = np.array([False, True, True, True, False])
    found = annotation.precision_of_calls(importance, overlaps)
    assert found == pytest.approx([1, 1 / 2, 3 / 4, 3 / 4, 3 / 5])


def test_gc_reliance_equals_a_slow_loop(rng):
    maps, sites = rng.normal(size=(3, 4, 12)), rng.random((3, 12)) < 0.3
    found = annotation.gc_reliance(maps, sites)
    for row in range(3):
        a, c, g, t = maps[row]
        values = [(c[i] + g[i]) * (a[i] + t[i]) for i in range(12) if not sites[row, i]]
        assert found[row] == pytest.approx(np.mean(values) / np.abs(maps[row]).max() ** 2)


def test_gc_reliance_is_below_zero_for_gc_content():
    maps = np.tile(np.array([-1.0, 1, 1, -1])[None, :, None], (1, 1, 8))
    assert annotation.gc_reliance(maps, np.zeros((1, 8), bool)) == pytest.approx([-4])
    assert np.isnan(annotation.gc_reliance(maps, np.ones((1, 8), bool)))


def test_what_does_not_fit(drawn):
    tracks, sites = drawn
    for metric in (annotation.base_aupr, annotation.share_in_sites, annotation.pooled_aupr):
        with pytest.raises(UserError, match=r"tracks \(5, 50\) and sites \(6, 50\)"):
            metric(tracks[1:], sites)
        with pytest.raises(UserError, match="tracks: hold negative"):
            metric(-tracks, sites)
    with pytest.raises(UserError, match=r"top=\[301\]: wants numbers from 1 to 300"):
        annotation.enrichment(tracks, sites, top=[301])
    with pytest.raises(UserError, match="summits of 1 examples and 6 tracks"):
        annotation.summit_correlation(tracks, [[3]])
    with pytest.raises(UserError, match="2 importances and 1 overlaps"):
        annotation.precision_of_calls(np.ones(2), np.ones(1, bool))
    with pytest.raises(UserError, match=r"maps .* and sites"):
        annotation.gc_reliance(np.ones((5, 4, 50)), sites)
