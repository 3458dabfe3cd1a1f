"""How well predictions rank, follow or equal what was measured, one number a task.

Predictions and targets are ``(n, tasks)``. A NaN target was not measured and is left out of its
task. A score is NaN where it is undefined: one class only, fewer than two values, or no variance.
Every function raises `UserError` if shapes differ, a prediction is NaN, or a class is not 0 or 1.
"""

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
from jaxtyping import Float64, Shaped
from scipy import stats

from cislens.errors import UserError
from cislens.metrics import _one_task

Values = Shaped[np.ndarray, "_ _"]
Scores = Float64[np.ndarray, " _"]


def auroc(predictions: Values, targets: Values) -> Scores:
    """Measure the area under the receiver operating characteristic; tied predictions count half.

    Parameters
    ----------
    predictions
        Scores, probabilities or logits; only their order counts.
    targets
        Classes 0 and 1.

    Returns
    -------
    ndarray
        One area per task; NaN where a class is missing.
    """
    return _each_task(_one_task.auroc, predictions, targets, binary=True)


def aupr(
    predictions: Values,
    targets: Values,
    *,
    interpolation: str = "step",
) -> Scores:
    """Measure the area under the precision-recall curve.

    Parameters
    ----------
    predictions
        Scores, probabilities or logits; only their order counts.
    targets
        Classes 0 and 1.
    interpolation
        ``"step"`` is average precision. ``"trapezoid"`` joins the points of the curve by straight
        lines, which is too kind where points are few; Koo and Ploenzke (2021) report it.

    Returns
    -------
    ndarray
        One area per task, to be read beside `base_rate`, the area of a random ranking; NaN where a
        class is missing.
    """
    if interpolation not in {"step", "trapezoid"}:
        raise UserError(f"interpolation={interpolation!r}: known are step and trapezoid")
    step = interpolation == "step"
    area = _one_task.average_precision if step else _one_task.trapezoid_precision
    return _each_task(area, predictions, targets, binary=True)


def base_rate(targets: Values) -> Scores:
    """Measure the share of positives among the measured targets.

    Parameters
    ----------
    targets
        Classes 0 and 1.

    Returns
    -------
    ndarray
        One share per task; NaN where nothing was measured.
    """
    return _each_task(_one_task.share, np.nan_to_num(targets), targets, binary=True)


def pearson(predictions: Values, targets: Values) -> Scores:
    """Measure the linear correlation of predictions and targets.

    Parameters
    ----------
    predictions
        Predicted values.
    targets
        Measured values.

    Returns
    -------
    ndarray
        One coefficient per task; NaN where either side has no variance or is infinite somewhere.
    """
    return _each_task(_one_task.correlation, predictions, targets)


def spearman(predictions: Values, targets: Values) -> Scores:
    """Measure the correlation of the ranks of predictions and targets; ties share their mean rank.

    Parameters
    ----------
    predictions
        Predicted values; only their order counts.
    targets
        Measured values; only their order counts.

    Returns
    -------
    ndarray
        One coefficient per task; NaN where either side has no variance.
    """
    return _each_task(
        lambda p, t: _one_task.correlation(stats.rankdata(p), stats.rankdata(t)),
        predictions,
        targets,
    )


def mean_squared_error(predictions: Values, targets: Values) -> Scores:
    """Measure the mean squared difference of predictions and targets.

    Parameters
    ----------
    predictions
        Predicted values.
    targets
        Measured values, in the same unit.

    Returns
    -------
    ndarray
        One error per task, in squared units of the targets; NaN where nothing was measured.
    """
    return _each_task(_one_task.squared_error, predictions, targets)


def poisson_deviance(predictions: Values, targets: Values) -> Scores:
    """Measure the mean Poisson deviance of counts from predicted rates.

    Parameters
    ----------
    predictions
        Predicted rates (not their logarithms), at least 0.
    targets
        Measured counts.

    Returns
    -------
    ndarray
        One deviance per task: 0 where rates equal counts, infinite where a rate of 0 met a count;
        NaN where nothing was measured.

    Raises
    ------
    UserError
        If a prediction is below 0, beside what every metric refuses.
    """
    if (np.asarray(predictions) < 0).any():
        raise UserError(
            f"predictions: the lowest is {np.min(predictions):g}, a rate is at least 0; pass "
            "exp(logits), not the logits"
        )
    return _each_task(_one_task.deviance, predictions, targets)


def evaluate(
    predictions: Values, targets: Values, *, tasks: Sequence[str], target_kind: str
) -> pd.DataFrame:
    """Tabulate the metrics that fit a kind of target.

    Parameters
    ----------
    predictions
        Probabilities or logits of binary targets, values of continuous ones, rates of counts.
    targets
        What was measured; NaN where nothing was.
    tasks
        Names of the columns.
    target_kind
        ``"binary"``, ``"continuous"`` or ``"count"``.

    Returns
    -------
    DataFrame
        One row a task: ``task``; ``auroc``, ``aupr`` and ``base_rate``, or ``pearson``,
        ``spearman`` and ``mean_squared_error`` (``poisson_deviance`` for counts); ``n``, the number
        of measured targets; and ``positives`` of binary ones.

    Raises
    ------
    UserError
        If shapes and tasks do not fit, the kind is unknown, or a metric refuses its input.
    """
    if targets.ndim != 2 or len(tasks) != targets.shape[1]:
        raise UserError(
            f"tasks: {len(tasks)} names for targets of shape {targets.shape}; give one name for "
            "each column of targets"
        )
    if target_kind not in _METRICS:
        raise UserError(f"target_kind={target_kind!r}: known are {', '.join(_METRICS)}")
    columns: dict[str, object] = {"task": list(tasks)}
    columns |= {
        name: metric(predictions, targets) for name, metric in _METRICS[target_kind].items()
    }
    columns["n"] = (~np.isnan(targets)).sum(axis=0)
    if target_kind == "binary":
        columns["positives"] = (targets == 1).sum(axis=0)
    return pd.DataFrame(columns)


def summarise(frame: pd.DataFrame) -> pd.DataFrame:
    """Summarise the table of `evaluate` over its tasks.

    Parameters
    ----------
    frame
        One row a task.

    Returns
    -------
    DataFrame
        One row a metric: ``metric``, its ``mean`` and ``median`` over the tasks where it is
        defined (NaN where it is nowhere), and ``undefined``, the number of the other tasks.
    """
    scores = frame.drop(columns=["task", "n", "positives"], errors="ignore")
    return pd.DataFrame(
        {
            "metric": list(scores.columns),
            "mean": [scores[name].mean() for name in scores.columns],
            "median": [scores[name].median() for name in scores.columns],
            "undefined": [int(scores[name].isna().sum()) for name in scores.columns],
        }
    )


_METRICS: dict[str, dict[str, Callable[[Values, Values], Scores]]] = {
    "binary": {
        "auroc": auroc,
        "aupr": aupr,
        "base_rate": lambda _, targets: base_rate(targets),
    },
    "continuous": {
        "pearson": pearson,
        "spearman": spearman,
        "mean_squared_error": mean_squared_error,
    },
    "count": {"pearson": pearson, "spearman": spearman, "poisson_deviance": poisson_deviance},
}


def _each_task(
    score: Callable[[np.ndarray, np.ndarray], float],
    predictions: Values,
    targets: Values,
    *,
    binary: bool = False,
) -> Scores:
    """Score each column over the rows where its target was measured."""
    if predictions.ndim != 2 or predictions.shape != targets.shape:
        raise UserError(
            f"predictions {predictions.shape} and targets {targets.shape}: both are (n, tasks); "
            "give predictions for the same sequences and tasks as the targets"
        )
    if np.isnan(predictions).any():
        row, task = np.argwhere(np.isnan(predictions))[0]
        raise UserError(
            f"predictions: row {row}, column {task} is NaN, predictions are numbers; check the "
            "network for NaN weights"
        )
    scores = np.empty(predictions.shape[1])
    for task in range(predictions.shape[1]):
        measured = ~np.isnan(targets[:, task])
        truth = targets[measured, task]
        if binary and not np.isin(truth, (0, 1)).all():
            raise UserError(
                f"targets: column {task} holds {truth[~np.isin(truth, (0, 1))][0]:g}, a class is "
                "0 or 1; binarise the targets or use the metrics of continuous ones"
            )
        scores[task] = score(predictions[measured, task], truth)
    return scores
