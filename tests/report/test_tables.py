import dataclasses
import math

import pytest

from cislens.errors import UserError
from cislens.report import folder, tables


@pytest.fixture(scope="module")
def models(pristine_run):
    return folder.read(pristine_run).models


def with_metrics(models, *metrics):
    return [dataclasses.replace(m, metrics=rows) for m, rows in zip(models, metrics, strict=True)]


def row(task, **values):
    return {"split": "test", "task": task, **values, "n": 10.0}


def test_card_has_a_text_for_every_model(models):
    card = dict(tables.card(models))
    assert card["activation"] == ["exponential", "relu"]
    assert card["parameters"] == ["1,394,828", "1,394,828"]
    assert card["filters read"] == ["32 of layer trunk.0"] * 2


def test_metrics_stand_side_by_side(models):
    table = tables.metrics(models)
    assert table.split == "test"
    assert table.metrics == ["AUROC", "AUPR"]
    assert table.facts == ["base rate", "sequences"]
    assert len(table.rows) == 12
    task, cells = table.rows[0]
    wanted = [
        next(r for r in m.metrics if r["split"] == "test" and r["task"] == task) for m in models
    ]
    assert [cell.value for cell in cells] == [
        *(r["auroc"] for r in wanted), *(r["aupr"] for r in wanted), wanted[0]["base_rate"], 2000,
    ]  # fmt: skip
    for _, cells in table.rows:
        for pair in (cells[:2], cells[2:4]):
            assert [cell.best for cell in pair] == [
                cell.text == max(c.text for c in pair) and pair[0].text != pair[1].text
                for cell in pair
            ]


def test_mean_leaves_out_tasks_without_a_number(models):
    rows = [row("a", auroc=0.5), row("b", auroc=math.nan), row("c", auroc=0.7)]
    table = tables.metrics(with_metrics(models, rows, rows))
    assert table.mean[0].value == pytest.approx(0.6)
    assert table.rows[1][1][0].text == "–"


def test_smaller_error_is_the_better_one_and_ties_have_none(models):
    def ours(error):
        return [row("a", pearson=0.5, mean_squared_error=error)]

    table = tables.metrics(with_metrics(models, ours(0.3), ours(0.2)))
    assert table.metrics == ["Pearson r", "MSE"]
    assert [cell.best for cell in table.rows[0][1]] == [False, False, False, True, False]


def test_single_model_has_no_best(models):
    assert not any(cell.best for _, cells in tables.metrics(models[:1]).rows for cell in cells)


def test_validation_stands_in_for_a_missing_test_split(models):
    rows = [row("a", auroc=0.5) | {"split": "validation"}]
    assert tables.metrics(with_metrics(models, rows, rows)).split == "validation"


@pytest.mark.parametrize("other", [[row("b", auroc=0.5)], [row("a", aupr=0.5)]])
def test_models_with_other_tasks_or_metrics_are_refused(other, models):
    with pytest.raises(UserError, match=r"models/relu/metrics\.csv: other tasks or columns"):
        tables.metrics(with_metrics(models, [row("a", auroc=0.5)], other))


def test_models_without_a_common_split_are_refused(models):
    with pytest.raises(UserError, match="no split that all models share"):
        tables.metrics(with_metrics(models, [row("a", auroc=0.5)], []))


def test_recovery_counts_the_filters_of_every_factor(models):
    table = tables.recovery(models)
    truth = {f for m in models for f in (*m.recovery["recovered"], *m.recovery["missed"])}
    assert [factor for factor, _ in table.factors] == sorted(truth, key=str.casefold)
    for place, model in enumerate(models):
        for factor, counts in table.factors:
            named = [f for f in model.recovery["per_filter"].values() if f == factor]
            assert counts[place] == len(named)
            assert (factor in model.recovery["recovered"]) == (counts[place] > 0)
    assert table.recovered == [len(model.recovery["recovered"]) for model in models]
    assert ("mean q of those matches", ["2.0e-06", "2.0e-06"]) in table.scores


def test_recovery_needs_truth(models):
    assert tables.recovery([dataclasses.replace(m, recovery=None) for m in models]) is None
    assert tables.recovery([dataclasses.replace(models[0], recovery=None), models[1]]).models == [
        "relu"
    ]
