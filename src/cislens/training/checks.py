"""What data must be like to be trained on."""

from typing import NamedTuple

import numpy as np

from cislens.data.dataset import SequenceView
from cislens.errors import UserError
from cislens.training import objectives
from cislens.training.objectives import METRICS
from cislens.training.options import FitOptions

ROWS_AT_ONCE = 65536
"""Targets are read in slices of so many sequences: all of them may not fit in memory."""

WANTED = {
    "binary": "0 or 1",
    "regression": "a finite number",
    "poisson": "a count of at least 0",
    "profile": "a total of at least 0",
}


class Span(NamedTuple):
    """Lowest and highest measured target of each task, NaN where nothing was measured."""

    low: np.ndarray
    high: np.ndarray


def check(
    train: SequenceView, validation: SequenceView, *, objective: str, options: FitOptions
) -> None:
    """Refuse data that a fit cannot learn from.

    Parameters
    ----------
    train
        Training sequences.
    validation
        Validation sequences.
    objective
        A key of `METRICS`.
    options
        The options of the fit.

    Raises
    ------
    UserError
        If the objective is unknown or has no such metric to monitor, a split is too small, a task
        has nothing or one class only to train on, or targets are not of the objective.
    """
    if objective not in METRICS:
        raise UserError(f"objective={objective!r}: known are {', '.join(METRICS)}")
    if (objective == "profile") != (train.dataset.profile is not None):
        raise UserError(
            f"objective={objective!r}: {train.dataset.path} holds {train.dataset.target_kind} "
            "targets; profiles want a dataset of profiles, and nothing else does"
        )
    objectives.make(objective, options)
    if options.shift and objective == "profile":
        raise UserError(
            f"shift={options.shift}: profiles are moved by the jitter of their dataset; build it "
            "with profile.jitter, and leave shift out"
        )
    if options.shift >= train.length:
        raise UserError(f"shift={options.shift}: sequences have {train.length} bp; wants less")
    if options.negatives is not None and objective != "binary":
        raise UserError(
            f"negatives={options.negatives:g}: objective {objective} has no classes; leave it out"
        )
    _check_monitor(objective, options.monitor)
    # A batch for each device, and two sequences in the last: batch norm cannot be trained on one.
    _check_sizes(train, validation, needed=(options.devices - 1) * options.batch_size + 2)
    _check_tasks(_span(train, objective, "training"), objective=objective, tasks=train.tasks)
    if np.isnan(_span(validation, objective, "validation").low).all():
        raise UserError("validation: no target was measured; choose other validation sequences")


def _check_monitor(objective: str, monitor: str) -> None:
    known = ["validation_loss", *(f"validation_{metric}" for metric in METRICS[objective])]
    if monitor not in known:
        raise UserError(
            f"monitor={monitor!r}: with objective {objective} it is one of {', '.join(known)}"
        )


def _check_sizes(train: SequenceView, validation: SequenceView, *, needed: int) -> None:
    if len(train) < needed or len(validation) < 1:
        raise UserError(
            f"{len(train)} training and {len(validation)} validation sequences: at least {needed} "
            "and 1 are needed; split the dataset differently, or use fewer devices"
        )
    if train.tasks != validation.tasks or train.length != validation.length:
        raise UserError(
            f"training has {len(train.tasks)} tasks and {train.length} bp, validation "
            f"{len(validation.tasks)} and {validation.length}; take both from one dataset"
        )


def _span(view: SequenceView, objective: str, split: str) -> Span:
    """Find the span of the targets, and refuse those that are not of the objective."""
    span = Span(*np.full((2, len(view.tasks)), np.nan))
    for start in range(0, len(view), ROWS_AT_ONCE):
        targets = view.read_targets(slice(start, start + ROWS_AT_ONCE))
        wrong = _wrong(targets, objective)
        if wrong.any():
            row, task = np.argwhere(wrong)[0]
            raise UserError(
                f"task {view.tasks[task]!r}: {split} sequence {view.ids[start + row]!r} has target "
                f"{targets[row, task]:g}, with objective {objective} it is {WANTED[objective]}; "
                "choose another objective or mend the data"
            )
        # Unlike nanmin and nanmax these pass over NaN without a warning for a column of NaN.
        low, high = np.fmin.reduce(targets, axis=0), np.fmax.reduce(targets, axis=0)
        span = Span(np.fmin(span.low, low), np.fmax(span.high, high))
    return span


def _wrong(targets: np.ndarray, objective: str) -> np.ndarray:
    if objective == "binary":
        fits = np.isnan(targets) | (targets == 0) | (targets == 1)
        return ~np.asarray(fits)
    wrong: np.ndarray = np.isinf(targets)
    return wrong | (targets < 0) if objective in {"poisson", "profile"} else wrong


def _check_tasks(span: Span, *, objective: str, tasks: tuple[str, ...]) -> None:
    nothing = np.isnan(span.low)
    if nothing.any():
        raise UserError(
            f"task {tasks[int(nothing.argmax())]!r}: no training sequence was measured; leave the "
            "task out or split the dataset differently"
        )
    single = span.low == span.high
    if objective == "binary" and single.any():
        task = int(single.argmax())
        raise UserError(
            f"task {tasks[task]!r}: every measured training target is {span.low[task]:g}, two "
            "classes are needed; add sequences of the other class or leave the task out"
        )
