"""Predictive metrics against scikit-learn, scipy and answers known by hand."""

import numpy as np
import pytest
from scipy import stats
from sklearn import metrics as sklearn_metrics

from cislens.errors import UserError
from cislens.metrics import predictive

TASKS = 5


def trapezoid(targets, predictions):
    precision, recall, _ = sklearn_metrics.precision_recall_curve(targets, predictions)
    return sklearn_metrics.auc(recall, precision)


REFERENCES = {
    "auroc": (predictive.auroc, sklearn_metrics.roc_auc_score),
    "aupr": (predictive.aupr, sklearn_metrics.average_precision_score),
    "aupr trapezoid": (lambda p, t: predictive.aupr(p, t, interpolation="trapezoid"), trapezoid),
    "base rate": (lambda p, t: predictive.base_rate(t), lambda t, p: t.mean()),
    "pearson": (predictive.pearson, lambda t, p: stats.pearsonr(p, t)[0]),
    "spearman": (predictive.spearman, lambda t, p: stats.spearmanr(p, t)[0]),
    "mean squared error": (
        predictive.mean_squared_error,
        sklearn_metrics.mean_squared_error,
    ),
    "poisson deviance": (predictive.poisson_deviance, sklearn_metrics.mean_poisson_deviance),
}
CLASSIFICATION = {"auroc", "aupr", "aupr trapezoid", "base rate"}


def draw(rng, name, *, levels, rate):
    """Predictions of so many distinct values, and targets of which a fifth was not measured."""
    predictions = (rng.integers(levels, size=(300, TASKS)) + 1).astype(np.float32) / levels
    if name in CLASSIFICATION:
        targets = (rng.random((300, TASKS)) < rate).astype(np.float32)
        targets[:2] = [[0], [1]]
    else:
        targets = rng.poisson(3 * predictions).astype(np.float32)
    targets[2:][rng.random((298, TASKS)) < 0.2] = np.nan
    return predictions, targets


@pytest.mark.parametrize("name", REFERENCES)
@pytest.mark.parametrize("levels", [2, 7, 10**6], ids=["ties", "some ties", "no ties"])
@pytest.mark.parametrize("rate", [0.02, 0.5, 0.97])
def test_metric_equals_its_reference_over_the_measured_targets(rng, name, levels, rate):
    metric, reference = REFERENCES[name]
    predictions, targets = draw(rng, name, levels=levels, rate=rate)
    measured = ~np.isnan(targets)
    expected = [
        reference(targets[keep, task].astype(float), predictions[keep, task].astype(float))
        for task, keep in enumerate(measured.T)
    ]
    scores = metric(predictions, targets)
    assert scores.dtype == np.float64
    np.testing.assert_allclose(scores, expected, rtol=1e-9, atol=1e-12)


def test_aupr_by_hand():
    predictions, targets = np.array([[0.9], [0.8], [0.7]]), np.array([[0.0], [1.0], [1.0]])
    assert predictive.aupr(predictions, targets)[0] == pytest.approx((1 / 2 + 2 / 3) / 2)
    # The points are (recall 0, precision 0), (1/2, 1/2) and (1, 2/3).
    area = predictive.aupr(predictions, targets, interpolation="trapezoid")[0]
    assert area == pytest.approx(0.5 * (0 + 1 / 2) / 2 + 0.5 * (1 / 2 + 2 / 3) / 2)


def test_constant_predictions_are_chance():
    predictions, targets = np.zeros((4, 1)), np.array([[1.0], [0.0], [0.0], [0.0]])
    assert predictive.auroc(predictions, targets)[0] == 0.5
    assert predictive.aupr(predictions, targets)[0] == predictive.base_rate(targets)[0] == 0.25


@pytest.mark.parametrize("metric", [predictive.auroc, predictive.aupr, predictive.spearman])
def test_only_the_order_of_predictions_counts(rng, metric):
    predictions = rng.normal(size=(50, 2))
    targets = rng.integers(2, size=(50, 2)).astype(float)
    np.testing.assert_array_equal(
        metric(predictions, targets), metric(np.exp(predictions), targets)
    )


def test_scores_are_undefined_without_a_warning_where_a_task_lacks_variety():
    predictions = np.array([[0.1, 0.2, 0.3, 5.0], [0.4, 0.5, 0.3, 5.0]])
    targets = np.array([[1.0, np.nan, 0.0, np.nan], [1.0, 1.0, 1.0, np.nan]])
    undefined = {
        predictive.auroc: [True, True, False, True],
        predictive.aupr: [True, True, False, True],
        predictive.pearson: [True, True, True, True],
        predictive.spearman: [True, True, True, True],
        predictive.mean_squared_error: [False, False, False, True],
        predictive.poisson_deviance: [False, False, False, True],
    }
    for metric, expected in undefined.items():
        np.testing.assert_array_equal(np.isnan(metric(predictions, targets)), expected)
    np.testing.assert_array_equal(np.isnan(predictive.base_rate(targets)), [0, 0, 0, 1])


def test_correlation_survives_tiny_and_huge_values(rng):
    values = rng.normal(size=(40, 1))
    assert predictive.pearson(values * 1e-200, values * 1e200)[0] == pytest.approx(1)


def test_infinite_values_have_no_linear_correlation():
    predictions, targets = np.array([[1.0], [np.inf], [2.0]]), np.array([[1.0], [3.0], [2.0]])
    assert np.isnan(predictive.pearson(predictions, targets)[0])
    assert predictive.spearman(predictions, targets)[0] == pytest.approx(1)


def test_zero_rate_that_meets_a_count_is_infinitely_wrong():
    deviance = predictive.poisson_deviance(np.zeros((2, 2)), np.array([[0.0, 1.0], [0.0, 0.0]]))
    np.testing.assert_array_equal(deviance, [0, np.inf])


@pytest.mark.parametrize(
    ("kind", "columns"),
    [
        ("binary", ["task", "auroc", "aupr", "base_rate", "n", "positives"]),
        ("continuous", ["task", "pearson", "spearman", "mean_squared_error", "n"]),
        ("count", ["task", "pearson", "spearman", "poisson_deviance", "n"]),
    ],
)
def test_evaluate_has_a_row_a_task(rng, kind, columns):
    predictions = rng.random((30, 2))
    targets = rng.integers(2, size=(30, 2)).astype(np.float32)
    targets[:5, 1] = np.nan
    frame = predictive.evaluate(predictions, targets, tasks=["a", "b"], target_kind=kind)
    assert list(frame.columns) == columns
    assert frame["task"].tolist() == ["a", "b"]
    assert frame["n"].tolist() == [30, 25]
    if kind == "binary":
        np.testing.assert_array_equal(frame["auroc"], predictive.auroc(predictions, targets))
        assert frame["positives"].tolist() == np.nansum(targets, axis=0).tolist()


def test_summary_counts_the_undefined_tasks():
    predictions = np.array([[0.1, 0.9, 0.2], [0.2, 0.1, 0.9]])
    targets = np.array([[0.0, 0.0, 1.0], [1.0, 1.0, 1.0]])
    frame = predictive.evaluate(predictions, targets, tasks=["a", "b", "c"], target_kind="binary")
    summary = predictive.summarise(frame).set_index("metric")
    assert summary.index.tolist() == ["auroc", "aupr", "base_rate"]
    assert summary.loc["auroc"].tolist() == [0.5, 0.5, 1]
    assert summary.loc["base_rate", "undefined"] == 0
    nowhere = predictive.summarise(frame[frame["task"] == "c"]).set_index("metric")
    assert np.isnan(nowhere.loc["auroc", "mean"])


def test_bad_input_is_refused_with_its_place():
    ones, halves = np.ones((3, 2)), np.full((3, 2), 0.5)
    with pytest.raises(UserError, match=r"predictions \(3, 2\) and targets \(3, 1\)"):
        predictive.auroc(ones, ones[:, :1])
    with pytest.raises(UserError, match="row 0, column 0 is NaN"):
        predictive.pearson(ones * np.nan, ones)
    with pytest.raises(UserError, match=r"column 0 holds 0\.5"):
        predictive.auroc(ones, halves)
    with pytest.raises(UserError, match="the lowest is -1"):
        predictive.poisson_deviance(-ones, ones)
    with pytest.raises(UserError, match="tasks: 1 names"):
        predictive.evaluate(ones, ones, tasks=["a"], target_kind="binary")
    with pytest.raises(UserError, match="known are binary, continuous, count"):
        predictive.evaluate(ones, ones, tasks=["a", "b"], target_kind="ordinal")
    with pytest.raises(UserError, match="known are step and trapezoid"):
        predictive.aupr(ones, ones, interpolation="linear")
