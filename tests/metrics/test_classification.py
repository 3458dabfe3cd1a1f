"""Corrected numbers against scikit-learn, on the negatives that they stand for."""

import numpy as np
import pytest
from sklearn import metrics

from cislens.errors import UserError
from cislens.metrics import classification


@pytest.fixture
def drawn(rng):
    targets = (rng.random(400) < 0.3).astype(float)
    return np.round(rng.normal(size=400) + targets, 1), targets


def test_ratio_of_one_is_average_precision(drawn):
    found = classification.corrected_aupr(*drawn, ratio=1.0)
    assert found == pytest.approx(metrics.average_precision_score(drawn[1], drawn[0]))


@pytest.mark.parametrize("interpolation", ["step", "trapezoid"])
def test_ratio_is_as_if_negatives_were_repeated(drawn, interpolation):
    predictions, targets = drawn
    repeats = np.where(targets == 0, 7, 1)
    found = classification.corrected_aupr(*drawn, ratio=7.0, interpolation=interpolation)
    whole = classification.corrected_aupr(
        np.repeat(predictions, repeats),
        np.repeat(targets, repeats),
        ratio=1.0,
        interpolation=interpolation,
    )
    assert found == pytest.approx(whole)


def test_trapezoid_is_that_of_scikit_learn_up_to_full_recall(drawn):
    precision, recall, _ = metrics.precision_recall_curve(drawn[1], drawn[0])
    full = np.flatnonzero(recall == 1)[-1]
    expected = metrics.auc(recall[full:], precision[full:])
    found = classification.corrected_aupr(*drawn, ratio=1.0, interpolation="trapezoid")
    assert found == pytest.approx(expected)


def test_subsampled_negatives_are_made_up_for(rng):
    targets = np.repeat([1.0, 0.0], [2000, 20000])
    predictions = rng.normal(size=22000) + 1.5 * targets
    whole = classification.corrected_aupr(predictions, targets, ratio=1.0)
    kept = (targets == 1) | (rng.random(22000) < 0.2)
    part = classification.corrected_aupr(predictions[kept], targets[kept], ratio=5.0)
    assert part == pytest.approx(whole, abs=0.02)


def test_bounds(drawn, rng):
    _, targets = drawn
    assert classification.corrected_aupr(targets, targets, ratio=50.0) == 1
    chance = [
        classification.corrected_aupr(
            rng.permutation(targets) + rng.random(400), targets, ratio=1.0
        )
        for _ in range(20)
    ]
    assert np.mean(chance) == pytest.approx(targets.mean(), abs=0.03)


def test_confusion_equals_scikit_learn(drawn):
    predictions, targets = drawn
    found = classification.confusion(predictions, targets, threshold=0.4)
    called = predictions >= 0.4
    assert found.accuracy == metrics.accuracy_score(targets, called)
    assert found.positive_accuracy == metrics.recall_score(targets, called)
    assert found.negative_accuracy == metrics.recall_score(1 - targets, ~called)
    assert found.precision == metrics.precision_score(targets, called)
    corrected = classification.confusion(predictions, targets, threshold=0.4, ratio=9.0)
    weights = np.where(targets == 0, 9, 1)
    expected = metrics.precision_score(targets, called, sample_weight=weights)
    assert corrected.precision == pytest.approx(expected)


def test_ambiguous_labels_are_left_out(drawn):
    predictions, targets = drawn
    more = np.append(predictions, [5.0, 6.0]), np.append(targets, [-1.0, np.nan])
    for value in (
        classification.confusion,
        lambda p, t: classification.corrected_aupr(p, t, ratio=2.0),
    ):
        assert value(*more) == value(*drawn)


def test_missing_class_is_undefined():
    assert np.isnan(classification.corrected_aupr(np.ones(3), np.ones(3), ratio=1.0))
    assert np.isnan(classification.confusion(np.ones(3), np.ones(3)).negative_accuracy)


def test_unknown_ways():
    with pytest.raises(UserError, match=r"ratio=0\.0: wants a number of negatives above 0"):
        classification.corrected_aupr(np.ones(2), np.ones(2), ratio=0.0)
    with pytest.raises(UserError, match="interpolation='linear': known are step"):
        classification.corrected_aupr(np.ones(2), np.ones(2), ratio=1.0, interpolation="linear")
