"""What is made of predictions with and without a filter: one number a task, or one in all.

Everything here is in the unit of the predictions compared, or of a score of them; positive where
the network is the worse, or the lower, without the filter.
"""

from collections.abc import Callable

import numpy as np
from jaxtyping import Float

from cislens.motifs import intact as intacts
from cislens.motifs.intact import Intact, Predictions, Score, Tasks

Measure = Callable[[Intact, Predictions], Float[np.ndarray, " _"]]
"""From the whole network and the predictions without a filter to one number a task, or to one."""


def absolute(intact: Intact, without: Predictions) -> Tasks:
    """Average the size of the change.

    Parameters
    ----------
    intact
        The whole network.
    without
        Predictions without the filter.

    Returns
    -------
    ndarray
        One a task.
    """
    return intact.mean(np.abs(intact.predictions - without))


def squared(intact: Intact, without: Predictions) -> Tasks:
    """Average the square of the change.

    Parameters
    ----------
    intact
        The whole network.
    without
        Predictions without the filter.

    Returns
    -------
    ndarray
        One a task.
    """
    return intact.mean((intact.predictions - without) ** 2)


def fall(intact: Intact, without: Predictions) -> Tasks:
    """Average how far predictions fall; negative where the filter holds them down.

    Parameters
    ----------
    intact
        The whole network.
    without
        Predictions without the filter.

    Returns
    -------
    ndarray
        One a task.
    """
    return intact.mean(intact.predictions - without)


def impact(intact: Intact, without: Predictions) -> Tasks:
    """Average how far predictions fall, each weighed by the task's share of the sequence's change.

    The share is of the squares over all tasks, so that a filter that changes one task alone counts
    in full there and one that changes all alike counts little anywhere.

    Parameters
    ----------
    intact
        The whole network.
    without
        Predictions without the filter.

    Returns
    -------
    ndarray
        One a task.
    """
    change = intact.predictions - without
    share = intacts.ratio(change**2, (change**2).sum(axis=1, keepdims=True), nothing=0.0)
    return intact.mean(change * share)


def scaled(measure: Measure) -> Measure:
    """Divide a measure by the variance of the predictions, so that rare tasks can be compared.

    Parameters
    ----------
    measure
        What is divided.

    Returns
    -------
    Measure
        NaN for a task whose prediction never varies.
    """
    return lambda intact, without: intacts.ratio(measure(intact, without), intact.variance)


def drop(score: Score) -> Measure:
    """Measure how much of a score is lost without the filter.

    Parameters
    ----------
    score
        The higher the better.

    Returns
    -------
    Measure
        The score of the whole network less that without the filter.
    """
    return lambda intact, without: intact.score(score) - score(without, intact.known)


def rise(loss: Score) -> Measure:
    """Measure how much a loss grows without the filter.

    Parameters
    ----------
    loss
        The lower the better.

    Returns
    -------
    Measure
        The loss without the filter less that of the whole network.
    """
    return lambda intact, without: loss(without, intact.known) - intact.score(loss)


def square(measure: Measure) -> Measure:
    """Square a measure, as for a change of correlation either way.

    Parameters
    ----------
    measure
        What is squared.

    Returns
    -------
    Measure
        Its square.
    """
    return lambda intact, without: measure(intact, without) ** 2


def over_tasks(measure: Measure) -> Measure:
    """Average a measure over the tasks where it is defined.

    Parameters
    ----------
    measure
        One number a task.

    Returns
    -------
    Measure
        One number; NaN where it is defined for no task.
    """

    def averaged(intact: Intact, without: Predictions) -> Float[np.ndarray, " 1"]:
        values = measure(intact, without)
        values = values[~np.isnan(values)]
        return np.array([values.mean() if values.size else np.nan])

    return averaged


def profile_change(intact: Intact, without: Predictions) -> Float[np.ndarray, " 1"]:
    """Average over sequences the squared change of the correlation across tasks.

    Parameters
    ----------
    intact
        The whole network.
    without
        Predictions without the filter.

    Returns
    -------
    ndarray
        One number: the influence of Maslova et al. (2020), doi:10.1073/pnas.2011795117. Sequences
        with fewer than three tasks that count are left out.
    """
    change = intacts.correlation_across(without, intact.known) - intact.score(
        intacts.correlation_across
    )
    change = change[~np.isnan(change)]
    return np.array([(change**2).mean() if change.size else np.nan])


MEASURES: dict[str, Measure] = {
    "absolute": absolute,
    "squared": squared,
    "fall": fall,
    "absolute_scaled": scaled(absolute),
    "squared_scaled": scaled(squared),
    "fall_scaled": scaled(fall),
    "impact": impact,
}
"""Those that need no measurements."""
OVERALL: dict[str, Measure] = {"norm": over_tasks(square(scaled(fall)))}
"""One number a filter: the mean over tasks of the squared fall over the variance."""
