"""Tables that set the models of a run side by side: cards, test metrics, recovered factors."""

import math
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from typing import Any, NamedTuple

from cislens.errors import UserError
from cislens.report import files, numerals
from cislens.report.folder import ModelFolder

METRICS = {
    "auroc": "AUROC",
    "aupr": "AUPR",
    "pearson": "Pearson r",
    "spearman": "Spearman ρ",
    "mean_squared_error": "MSE",
    "poisson_deviance": "Poisson deviance",
    "nll": "NLL of profiles",
    "jsd": "JSD of profiles",
    "profile_pearson": "Pearson r of profiles",
    "profile_aupr": "auPRC of profiles",
    "counts_pearson": "Pearson r of log counts",
    "counts_spearman": "Spearman ρ of counts",
    "counts_mean_squared_error": "MSE of log counts",
    "counts_spearman_all": "Spearman ρ of counts, background too",
    "strand_agreement": "strand agreement",
}
LOWER_IS_BETTER = {
    "mean_squared_error", "poisson_deviance", "nll", "jsd", "counts_mean_squared_error",
}  # fmt: skip
NO_SCORE = {"strand_agreement"}
"""Columns in which no model is marked as the better one."""
OF_THE_DATA = {
    "base_rate": "base rate",
    "positives": "positives",
    "nll_mean_profile": "NLL of the mean profile",
    "jsd_mean_profile": "JSD of the mean profile",
    "profile_pearson_mean_profile": "its Pearson r",
    "profile_aupr_mean_profile": "its auPRC",
    "peaks": "peaks",
    "n": "sequences",
}
"""Columns that do not depend on the model, shown once."""
COUNTED = {"positives", "peaks", "n"}
SCORES: dict[str, tuple[str, Callable[[numerals.Number], str]]] = {
    "match_fraction": ("filters that match a planted factor", numerals.percent),
    "match_any": ("filters that match anything", numerals.percent),
    "coverage": ("planted factors recovered", numerals.percent),
    "redundancy": ("filters per recovered factor", lambda value: numerals.fixed(value, digits=2)),
    "best_hit_precision": ("best matches that are planted factors", numerals.percent),
    "mean_q": ("mean q of those matches", numerals.probability),
}


class Cell(NamedTuple):
    """One value, and whether it is the best of its kind in the row."""

    text: str
    value: float
    best: bool = False


class MetricTable(NamedTuple):
    """The metrics of one split: a row a task, for each metric a column a model."""

    split: str
    metrics: list[str]
    models: list[str]
    facts: list[str]
    rows: list[tuple[str, list[Cell]]]
    mean: list[Cell]


class Recovery(NamedTuple):
    """Planted factors against models."""

    models: list[str]
    scores: list[tuple[str, list[str]]]
    factors: list[tuple[str, list[int]]]
    recovered: list[int]


def card(models: Sequence[ModelFolder]) -> list[tuple[str, list[str]]]:
    """Describe the models, one column each.

    Parameters
    ----------
    models
        The models of the run.

    Returns
    -------
    list of tuple
        A heading and one text a model.
    """
    cards = [model.card for model in models]
    return [
        ("architecture", [str(card["architecture"]) for card in cards]),
        ("activation", [str(card["activation"]) for card in cards]),
        ("options", [numerals.anything(card["options"]) for card in cards]),
        ("objective", [str(card["objective"]) for card in cards]),
        ("parameters", [numerals.count(card["parameters"]) for card in cards]),
        ("filters read", [_layer(card) for card in cards]),
        ("epochs", [numerals.count(card["epochs"]) for card in cards]),
        ("best epoch", [numerals.count(card["best_epoch"]) for card in cards]),
        ("training time", [numerals.duration(card["seconds"]) for card in cards]),
        ("seed", [str(card["seed"]) for card in cards]),
    ]


def metrics(models: Sequence[ModelFolder]) -> MetricTable:
    """Set the test metrics of all models side by side.

    Parameters
    ----------
    models
        The models of the run, all with the same tasks.

    Returns
    -------
    MetricTable
        The test split, or the validation split where no model has a test split.

    Raises
    ------
    UserError
        If the models have no split in common, or other tasks or metrics.
    """
    split = _split(models)
    tables = [{row["task"]: row for row in m.metrics if row["split"] == split} for m in models]
    first = next(iter(tables[0].values()))
    for model, table in zip(models, tables, strict=True):
        columns_differ = any(row.keys() != first.keys() for row in table.values())
        if list(table) != list(tables[0]) or columns_differ:
            raise UserError(
                f"models/{model.name}/metrics.csv: other tasks or columns than "
                f"models/{models[0].name}/metrics.csv; run `cislens evaluate` again"
            )
    names = [name for name in first if name not in {"split", "task", *OF_THE_DATA}]
    facts = [name for name in OF_THE_DATA if name in first]
    rows = [(task, [table[task] for table in tables]) for task in tables[0]]
    means = [_mean(table.values()) for table in tables]
    return MetricTable(
        split=split,
        metrics=[METRICS.get(name, name.replace("_", " ")) for name in names],
        models=[model.name for model in models],
        facts=[OF_THE_DATA[name] for name in facts],
        rows=[(task, _cells(values, names, facts)) for task, values in rows],
        mean=_cells(means, names, facts),
    )


def recovery(models: Sequence[ModelFolder]) -> Recovery | None:
    """Count for each planted factor the filters that found it.

    Parameters
    ----------
    models
        The models of the run.

    Returns
    -------
    Recovery or None
        The models with planted truth; None where there is no such model.
    """
    truths = [(model.name, model.recovery) for model in models if model.recovery is not None]
    if not truths:
        return None
    counts = [Counter(truth["per_filter"].values()) for _, truth in truths]
    factors = dict.fromkeys(
        factor for _, truth in truths for factor in (*truth["recovered"], *truth["missed"])
    )
    return Recovery(
        models=[name for name, _ in truths],
        scores=[
            (title, [write(truth.get(key)) for _, truth in truths])
            for key, (title, write) in SCORES.items()
            if any(key in truth for _, truth in truths)
        ],
        factors=[
            (factor, [count[factor] for count in counts])
            for factor in sorted(factors, key=str.casefold)
        ],
        recovered=[len(truth["recovered"]) for _, truth in truths],
    )


def _layer(card: dict[str, Any]) -> str:
    return f"{numerals.count(card['first_filters'])} of layer {card['layer']}"


def _split(models: Sequence[ModelFolder]) -> str:
    splits: list[set[str]] = [{row["split"] for row in model.metrics} for model in models]
    common = set.intersection(*splits)
    for split in ("test", "validation", *sorted(common)):
        if split in common:
            return split
    raise UserError("models/*/metrics.csv: no split that all models share; run `cislens evaluate`")


def _cells(rows: list[files.Row], names: list[str], facts: list[str]) -> list[Cell]:
    """Write one task: every metric for every model, then what belongs to the data."""
    cells = [cell for name in names for cell in _compared(name, [row[name] for row in rows])]
    for name in facts:
        write = numerals.count if name in COUNTED else numerals.fixed
        cells.append(Cell(write(rows[0][name]), rows[0][name]))
    return cells


def _compared(name: str, values: list[float]) -> list[Cell]:
    """Write one metric of one task for every model, the best one marked unless all read alike."""
    texts = [numerals.fixed(value) for value in values]
    finite = [value for value in values if math.isfinite(value)]
    if name in NO_SCORE or len(finite) < 2 or len(set(texts)) == 1:
        return [Cell(text, value) for text, value in zip(texts, values, strict=True)]
    top = numerals.fixed(min(finite) if name in LOWER_IS_BETTER else max(finite))
    return [Cell(text, value, text == top) for text, value in zip(texts, values, strict=True)]


def _mean(rows: Collection[files.Row]) -> files.Row:
    """Average every number over the tasks that have one."""
    first = next(iter(rows))
    names = [name for name in first if name not in {"split", "task"}]
    finite = {name: [row[name] for row in rows if math.isfinite(row[name])] for name in names}
    return {name: sum(v) / len(v) if v else math.nan for name, v in finite.items()}
