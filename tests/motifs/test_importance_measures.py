"""Measures of a filter by hand and against plain loops."""

import numpy as np
import pytest

from cislens.motifs import importance_measures as measures
from cislens.motifs.intact import Intact


def whole(predictions, *, targets=None, counted=None):
    predictions = np.asarray(predictions, float)
    counted = np.ones(predictions.shape, bool) if counted is None else counted
    return Intact(predictions, targets, counted)


def test_by_hand():
    intact = whole([[1, 2], [3, 2]])
    without = np.array([[0.0, 2.0], [1.0, 4.0]])
    values = {name: measure(intact, without) for name, measure in measures.MEASURES.items()}
    assert values["absolute"].tolist() == [1.5, 1.0]
    assert values["squared"].tolist() == [2.5, 2.0]
    assert values["fall"].tolist() == [1.5, -1.0]
    assert values["absolute_scaled"][0] == 1.5
    assert np.isnan(values["squared_scaled"][1])
    # Of the first sequence all change is in task 0; of the second half of it: (1 + 2 / 2) / 2.
    assert values["impact"].tolist() == [1.0, -0.5]
    assert measures.OVERALL["norm"](intact, without).tolist() == [1.5**2]


def test_impact_is_cubes_over_squares(rng):
    before, after = rng.normal(size=(2, 20, 4))
    change = before - after
    wanted = [
        np.mean([change[n, t] ** 3 / (change[n] ** 2).sum() for n in range(20)]) for t in range(4)
    ]
    np.testing.assert_allclose(measures.impact(whole(before), after), wanted)
    one = whole(before[:, :1])
    np.testing.assert_allclose(measures.impact(one, after[:, :1]), measures.fall(one, after[:, :1]))
    assert (measures.impact(whole(before), before) == 0).all()


def test_only_sequences_that_count_are_averaged(rng):
    before, after = rng.normal(size=(2, 9, 3))
    counted = rng.random((9, 3)) < 0.5
    counted[:, 2] = False
    for measure in (measures.absolute, measures.squared, measures.fall):
        found = measure(whole(before, counted=counted), after)
        for task in range(2):
            rows = counted[:, task]
            alone = measure(whole(before[rows, task, None]), after[rows, task, None])
            assert found[task] == pytest.approx(alone[0])
        assert np.isnan(found[2])


def test_scores_see_only_what_counts_and_that_once(rng):
    calls = []

    def score(predictions, targets):
        calls.append(targets)
        return np.nansum(predictions * targets, axis=0)

    before, after, targets = rng.normal(size=(3, 5, 2))
    counted = np.array([[True, False]] * 3 + [[False, True]] * 2)
    intact = whole(before, targets=targets, counted=counted)
    lost = measures.drop(score)(intact, after)
    np.testing.assert_allclose(lost, np.where(counted, (before - after) * targets, 0).sum(axis=0))
    assert len(calls) == 2
    np.testing.assert_allclose(measures.rise(score)(intact, after), -lost)
    assert len(calls) == 3
    np.testing.assert_allclose(measures.square(measures.drop(score))(intact, after), lost**2)


def test_mean_over_tasks_leaves_undefined_ones_out():
    average = measures.over_tasks(lambda intact, without: np.array([1.0, np.nan, 3.0]))
    assert average(whole([[1]]), np.zeros((1, 1))).tolist() == [2.0]
    nothing = measures.over_tasks(lambda intact, without: np.array([np.nan]))
    assert np.isnan(nothing(whole([[1]]), np.zeros((1, 1)))[0])


def test_influence_on_profiles_is_the_published_formula(rng):
    before, after, targets = rng.normal(size=(3, 6, 5))
    wanted = np.mean(
        [
            (np.corrcoef(after[i], targets[i])[0, 1] - np.corrcoef(before[i], targets[i])[0, 1])
            ** 2
            for i in range(6)
        ]
    )
    found = measures.profile_change(whole(before, targets=targets), after)
    np.testing.assert_allclose(found, [wanted])
    too_few = whole(before[:, :2], targets=targets[:, :2])
    assert np.isnan(measures.profile_change(too_few, after[:, :2])[0])
