"""A network with all its filters: what it predicts, what was measured, which sequences count."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from jaxtyping import Bool, Float, Shaped

from cislens.errors import UserError

Predictions = Float[np.ndarray, "sequences tasks"]
Targets = Shaped[np.ndarray, "sequences tasks"]
Tasks = Float[np.ndarray, " tasks"]
Counted = Bool[np.ndarray, "sequences tasks"]
Score = Callable[[Predictions, Targets], Tasks]
"""How good predictions are at each task; NaN targets are left out."""
Choice = Callable[[Predictions, Targets | None], Counted]
"""Which sequences count for which task, by predictions and measurements."""


@dataclass(frozen=True, eq=False)
class Intact:
    """What the whole network predicts, and what that is held against.

    Attributes
    ----------
    predictions
        Predictions with every filter in place.
    targets
        Measurements; NaN was not measured. None where there are none.
    counted
        Which sequences count for which task.
    """

    predictions: Predictions
    targets: Targets | None
    counted: Counted
    _scores: dict[Score, Tasks] = field(default_factory=dict)

    @cached_property
    def variance(self) -> Tasks:
        """Measure how far predictions of a task vary over all sequences.

        Returns
        -------
        ndarray
            One variance a task, of the sequences that do not count, too: a task is rare or common
            whichever of them are looked at.
        """
        varies = np.ptp(self.predictions, axis=0) > 0
        return np.where(varies, self.predictions.var(axis=0), 0.0)

    @cached_property
    def known(self) -> Targets:
        """Give the measurements that count.

        Returns
        -------
        ndarray
            The targets, NaN where a sequence does not count.

        Raises
        ------
        UserError
            If there are no targets.
        """
        if self.targets is None:
            raise UserError("targets: none given; a score needs what was measured")
        return np.where(self.counted, self.targets, np.nan)

    def score(self, score: Score) -> Tasks:
        """Score the predictions, once.

        Parameters
        ----------
        score
            How good they are.

        Returns
        -------
        ndarray
            One score a task.
        """
        if score not in self._scores:
            self._scores[score] = score(self.predictions, self.known)
        return self._scores[score]

    def mean(self, values: Predictions) -> Tasks:
        """Average over the sequences that count.

        Parameters
        ----------
        values
            One value a sequence and task.

        Returns
        -------
        ndarray
            One mean a task; NaN where no sequence counts.
        """
        number = self.counted.sum(axis=0)
        total = np.where(self.counted, values, 0.0).sum(axis=0)
        return ratio(total, number)


def everything(predictions: Predictions, targets: Targets | None) -> Counted:
    """Count every sequence for every task.

    Parameters
    ----------
    predictions
        Predictions with every filter in place.
    targets
        Measurements, or None.

    Returns
    -------
    ndarray
        True everywhere.
    """
    return np.ones(predictions.shape, dtype=bool)


def positive(predictions: Predictions, targets: Targets | None) -> Counted:
    """Count for each task the sequences of its class 1.

    Parameters
    ----------
    predictions
        Predictions with every filter in place.
    targets
        Classes 0 and 1; NaN was not measured.

    Returns
    -------
    ndarray
        Which sequences count for which task.

    Raises
    ------
    UserError
        If there are no classes.
    """
    known = _wanted(targets, "positive")
    if not np.isin(known[~np.isnan(known)], (0, 1)).all():
        raise UserError("on='positive': the measurements are no classes 0 and 1; choose another")
    return np.asarray(known == 1)


def well_predicted(predictions: Predictions, targets: Targets | None) -> Counted:
    """Count for each task the sequences whose prediction is nearer the truth than its mean is.

    Parameters
    ----------
    predictions
        Predictions with every filter in place, in the unit of the measurements.
    targets
        Measurements; NaN was not measured.

    Returns
    -------
    ndarray
        Which sequences count for which task.

    Raises
    ------
    UserError
        If there are no measurements.
    """
    known = _wanted(targets, "well-predicted")
    number = (~np.isnan(known)).sum(axis=0)
    mean = ratio(np.nansum(known, axis=0), number)
    return np.asarray(np.abs(predictions - known) < np.abs(mean - known))


def correlated(
    predictions: Predictions, targets: Targets | None, *, least: float = 0.75
) -> Counted:
    """Count the sequences whose predictions follow the truth across tasks.

    Parameters
    ----------
    predictions
        Predictions with every filter in place.
    targets
        Measurements of three tasks or more; NaN was not measured.
    least
        The correlation must be above it; 0.75 in Maslova et al. (2020),
        doi:10.1073/pnas.2011795117.

    Returns
    -------
    ndarray
        Which sequences count, for every task alike.

    Raises
    ------
    UserError
        If there are no measurements, or of fewer than three tasks.
    """
    known = _wanted(targets, "correlated")
    if known.shape[1] < 3:
        raise UserError(
            f"on='correlated': correlates across tasks and there are {known.shape[1]}; wants three "
            "or more, or take 'well-predicted'"
        )
    rows = correlation_across(predictions, known) > least
    return np.repeat(rows[:, None], known.shape[1], axis=1)


def _wanted(targets: Targets | None, name: str) -> Targets:
    if targets is None:
        raise UserError(f"on={name!r}: there are no measurements; take 'all'")
    return targets


def correlation_across(predictions: Predictions, targets: Targets) -> Float[np.ndarray, " n"]:
    """Correlate predictions and measurements of each sequence, across its tasks.

    Parameters
    ----------
    predictions
        Predictions.
    targets
        Measurements; NaN is left out.

    Returns
    -------
    ndarray
        One coefficient a sequence; NaN with fewer than three measurements or without variance.
    """
    known = ~np.isnan(targets)
    number = known.sum(axis=1, keepdims=True)
    x, y = (
        np.where(known, v - ratio(np.where(known, v, 0.0).sum(axis=1, keepdims=True), number), 0.0)
        for v in (predictions, targets)
    )
    spread = np.sqrt((x**2).sum(axis=1) * (y**2).sum(axis=1))
    spread[number[:, 0] < 3] = 0
    return ratio((x * y).sum(axis=1), spread)


def ratio(
    part: np.ndarray, whole: np.ndarray, *, nothing: float = np.nan
) -> Float[np.ndarray, "..."]:
    """Divide where one may.

    Parameters
    ----------
    part
        What is divided.
    whole
        By what.
    nothing
        What stands where ``whole`` is not above 0.

    Returns
    -------
    ndarray
        The quotient.
    """
    out = np.full(np.broadcast_shapes(part.shape, whole.shape), nothing)
    return np.asarray(np.divide(part, whole, out=out, where=whole > 0))


CHOICES: dict[str, Choice] = {
    "all": everything,
    "positive": positive,
    "well-predicted": well_predicted,
    "correlated": correlated,
}
"""Which sequences are asked, by name."""
