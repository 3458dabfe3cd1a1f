"""Tests against SciPy, effects against counting pairs."""

import numpy as np
import pytest
from scipy import stats

from cislens.errors import UserError
from cislens.metrics import significance


@pytest.mark.parametrize("alternative", ["two-sided", "greater", "less"])
def test_paired_equals_scipy(rng, alternative):
    first = rng.normal(size=40)
    second = first + rng.normal(0.3, 1, size=40)
    found = significance.paired(first, second, alternative=alternative)
    expected = stats.wilcoxon(second, first, alternative=alternative)
    assert found.p == pytest.approx(expected.pvalue)
    assert found.pairs == 40
    assert found.difference == pytest.approx((second - first).mean())
    change = second - first
    ranks = stats.rankdata(np.abs(change))
    effect = (ranks[change > 0].sum() - ranks[change < 0].sum()) / ranks.sum()
    assert found.effect == pytest.approx(effect)
    tied = significance.paired(np.append(first, 7.0), np.append(second, 7.0))
    assert tied.p == significance.paired(first, second).p
    assert tied.pairs == 41


@pytest.mark.parametrize("alternative", ["two-sided", "greater", "less"])
def test_unpaired_equals_scipy_and_counting(rng, alternative):
    first, second = rng.normal(size=7), rng.normal(0.8, 1, size=5)
    found = significance.unpaired(first, second, alternative=alternative)
    expected = stats.mannwhitneyu(second, first, alternative=alternative)
    assert found.p == pytest.approx(expected.pvalue)
    signs = np.sign(second[:, None] - first[None])
    assert found.effect == pytest.approx(signs.mean())


def test_undefined_scores_are_left_out(rng):
    first, second = rng.normal(size=12), rng.normal(size=12)
    first[2] = second[5] = np.nan
    kept = ~np.isnan(first + second)
    assert significance.paired(first, second) == significance.paired(first[kept], second[kept])
    assert significance.unpaired(first, second).pairs == 22


def test_extremes():
    scores = np.arange(9.0)
    assert significance.paired(scores, scores + 1).effect == 1
    assert significance.paired(scores, scores - 1).effect == -1
    assert significance.unpaired(scores, scores + 9).effect == 1
    same = significance.paired(scores, scores)
    assert (same.difference, same.pairs) == (0, 9)
    assert np.isnan(same.p)
    assert np.isnan(significance.unpaired(np.empty(0), scores).p)


def test_other_examples_are_refused():
    with pytest.raises(UserError, match="3 scores of one condition and 4 of the other"):
        significance.paired(np.ones(3), np.ones(4))
