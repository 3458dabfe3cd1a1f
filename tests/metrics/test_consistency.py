"""Likeness of maps against slow loops, with self and shuffles as bounds."""

import numpy as np
import pytest
from scipy.spatial import distance

from cislens.errors import UserError
from cislens.metrics import bounds, consistency


@pytest.fixture
def pair(rng):
    first = rng.normal(size=(3, 4, 9))
    return first, first + rng.normal(size=(3, 4, 9))


def slow_jaccard(first, second, *, weighted):
    total = 0.0
    for i in range(first.shape[1]):
        u, v = (m[:, i] / np.abs(m[:, i]).sum() for m in (first, second))
        shared = sum(
            min(abs(x), abs(y)) * np.sign(x) * np.sign(y) for x, y in zip(u, v, strict=True)
        )
        overlap = shared / sum(max(abs(x), abs(y)) for x, y in zip(u, v, strict=True))
        shares = [np.abs(m[:, i]).sum() / np.abs(m).sum() for m in (first, second)]
        total += overlap * (np.mean(shares) if weighted else 1 / first.shape[1])
    return total


@pytest.mark.parametrize("weighted", [False, True])
def test_jaccard_equals_a_slow_loop(pair, weighted):
    found = consistency.continuous_jaccard(*pair, weighted=weighted)
    expected = [slow_jaccard(a, b, weighted=weighted) for a, b in zip(*pair, strict=True)]
    assert found == pytest.approx(expected)


def test_cosine_equals_scipy(pair):
    expected = [1 - distance.cosine(a.ravel(), b.ravel()) for a, b in zip(*pair, strict=True)]
    assert consistency.cosine(*pair) == pytest.approx(expected)


SIMILARITIES = [
    consistency.cosine,
    consistency.continuous_jaccard,
    lambda a, b: consistency.continuous_jaccard(a, b, weighted=True),
]


@pytest.mark.parametrize("similarity", SIMILARITIES)
def test_laws(similarity, pair):
    first, second = pair
    assert similarity(first, first) == pytest.approx(1)
    assert similarity(first, -first) == pytest.approx(-1)
    assert similarity(first, 7 * first) == pytest.approx(1)
    assert similarity(first, second) == pytest.approx(similarity(second, first))


@pytest.mark.parametrize("similarity", SIMILARITIES)
@pytest.mark.parametrize("shuffle", [bounds.bases, bounds.positions, bounds.everything])
def test_bounds(similarity, shuffle, rng):
    # Without a mean over bases: what shuffled bases share is chance alone.
    maps = rng.normal(size=(40, 4, 50))
    maps -= maps.mean(axis=1, keepdims=True)
    other = maps + 0.5 * rng.normal(size=maps.shape)
    found = bounds.bounded(similarity, other, maps, shuffle=shuffle, rng=rng, copies=3)
    assert found.best == pytest.approx(1)
    assert found.chance.mean() == pytest.approx(0, abs=0.05)
    assert (found.measured > found.chance + 0.2).all()


def test_weights_let_important_positions_decide(rng):
    maps = 0.001 * rng.normal(size=(1, 4, 200))
    maps[:, :, 90:100] += rng.normal(size=(1, 4, 10))
    other = maps.copy()
    other[:, :, :90] = 0.001 * rng.normal(size=(1, 4, 90))
    other[:, :, 100:] = 0.001 * rng.normal(size=(1, 4, 100))
    assert consistency.continuous_jaccard(maps, other)[0] < 0.2
    assert consistency.continuous_jaccard(maps, other, weighted=True)[0] > 0.9


def test_zeros_are_safe():
    zeros, ones = np.zeros((1, 4, 5)), np.ones((1, 4, 5))
    for weighted in (False, True):
        for other in (zeros, ones):
            assert consistency.continuous_jaccard(zeros, other, weighted=weighted) == [0]
    assert np.isnan(consistency.cosine(zeros, ones)).all()


def test_stability_is_the_mean_over_pairs(rng):
    runs = rng.normal(size=(3, 2, 4, 6))
    pairs = [consistency.cosine(runs[i], runs[j]) for i, j in ((0, 1), (0, 2), (1, 2))]
    found = consistency.stability(runs, similarity=consistency.cosine)
    assert found == pytest.approx(np.mean(pairs, axis=0))


def test_agreement_is_between_groups_only(rng):
    runs, others = rng.normal(size=(2, 2, 4, 6)), rng.normal(size=(1, 2, 4, 6))
    expected = [consistency.continuous_jaccard(run, others[0]) for run in runs]
    assert consistency.agreement(runs, others) == pytest.approx(np.mean(expected, axis=0))


def test_what_cannot_be_compared(rng):
    with pytest.raises(UserError, match="maps of 1 network; wants two"):
        consistency.stability(rng.normal(size=(1, 2, 4, 6)))
    with pytest.raises(UserError, match=r"shapes \(1, 4, 5\) and \(1, 4, 6\)"):
        consistency.cosine(np.ones((1, 4, 5)), np.ones((1, 4, 6)))
