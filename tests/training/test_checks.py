"""Data that cannot be learnt from is refused, with the task named."""

import numpy as np
import pytest

from cislens.errors import UserError
from cislens.training import checks
from cislens.training.options import FitOptions

NAN = np.nan


def column(*values):
    return np.array(values, np.float32)[:, None]


def run(views, objective="binary", monitor="validation_loss", **options):
    checks.check(*views, objective=objective, options=FitOptions(monitor=monitor, **options))


def test_good_data_pass(make_dataset):
    run(make_dataset(column(0, 1, NAN, 1)))
    run(make_dataset(column(0.5, -3, NAN, 1), kind="continuous"), "regression")
    run(make_dataset(column(0, 3, NAN, 1), kind="count"), "poisson", "validation_pearson")


@pytest.mark.parametrize(
    ("targets", "message"),
    [
        (column(1, 1, NAN, 0), "task 'a': every measured training target is 1"),
        (column(NAN, NAN, NAN, 0), "task 'a': no training sequence was measured"),
        (column(0, 1, 1, NAN), "validation: no target was measured"),
        (np.float32([[0, 1], [1, 1], [0, 1], [0, 0]]), "task 'b': every"),
    ],
)
def test_task_without_two_classes_is_named(make_dataset, targets, message):
    with pytest.raises(UserError, match=message):
        run(make_dataset(targets))


def test_slices_are_seen_as_one(make_dataset, monkeypatch):
    monkeypatch.setattr(checks, "ROWS_AT_ONCE", 2)
    run(make_dataset(column(0, 0, 1, NAN, NAN, 0, 0, 1)))
    with pytest.raises(UserError, match="every measured"):
        run(make_dataset(column(0, 0, NAN, NAN, 0, 0, 0, 1)))
    with pytest.raises(UserError, match=r"training sequence 's2' has target 0\.5, .*0 or 1"):
        run(make_dataset(column(0, 1, 0.5, 1), kind="continuous"))


def test_values_must_be_of_the_objective(make_dataset):
    with pytest.raises(UserError, match=r"validation sequence 's3' has target -2.*count"):
        run(make_dataset(column(0, 1, 5, -2), kind="continuous"), "poisson")


def test_only_short_moves_of_numbers_are_taken(make_dataset):
    views = make_dataset(column(0, 1, NAN, 1))
    run(views, shift=views[0].length - 1)
    with pytest.raises(UserError, match="shift=20: sequences have 20 bp"):
        run(views, shift=20)


def test_only_classes_can_be_balanced(make_dataset):
    run(make_dataset(column(0, 1, NAN, 1)), balance_classes=True)
    with pytest.raises(UserError, match="balance_classes=True: objective regression has no"):
        run(make_dataset(column(0, 1, 2, 1), kind="continuous"), "regression", balance_classes=True)
    with pytest.raises(UserError, match="negatives=1: objective regression has no classes"):
        run(make_dataset(column(0, 1, 2, 1), kind="continuous"), "regression", negatives=1.0)


def test_sizes(make_dataset):
    with pytest.raises(UserError, match="1 training and 1 validation"):
        run(make_dataset(column(0, 1), validation=1))
    with pytest.raises(UserError, match="2 training and 0 validation"):
        run(make_dataset(column(0, 1), validation=0))
    with pytest.raises(UserError, match="3 training and 1 validation sequences: at least 4"):
        run(make_dataset(column(0, 1, 0, 1)), devices=2, batch_size=2)
    train, _ = make_dataset(column(0, 1, 0, 1))
    _, validation = make_dataset(np.zeros((4, 2), np.float32))
    with pytest.raises(UserError, match="training has 1 tasks and 20 bp, validation 2 and 20"):
        run((train, validation))


@pytest.mark.parametrize(
    ("objective", "monitor", "message"),
    [
        ("ordinal", "validation_loss", "known are binary, regression, poisson"),
        ("regression", "validation_auroc", "one of validation_loss, validation_pearson"),
        ("binary", "validation_pearson", "validation_loss, validation_auroc, validation_aupr"),
    ],
)
def test_objective_and_monitor(make_dataset, objective, monitor, message):
    with pytest.raises(UserError, match=message):
        run(make_dataset(column(0, 1, 0, 1)), objective, monitor)
