"""How much each task needs each filter: the heat map, and a word for the filter table."""

import math
from typing import NamedTuple

import numpy as np
from jaxtyping import Float
from markupsafe import Markup

from cislens.report import files, heatmap, numerals
from cislens.report.folder import ModelFolder

FILTERS, TASKS = 60, 80
"""Most rows and columns that are drawn."""


class Needed(NamedTuple):
    """The task that needs a filter most."""

    task: str
    share: float
    """Change of the prediction over that without the most needed filter of the task."""


class Section(NamedTuple):
    """The heat map of one model."""

    name: str
    drawing: Markup
    filters: int
    """Rows that are drawn, of all ``of_filters``."""
    of_filters: int
    tasks: int
    of_tasks: int
    replacement: str
    on: str
    sequences: int
    named: int
    """Tasks with a filter that looks like their own factor."""
    agreeing: int
    """Of these, with such a filter in the top tenth of those the task needs."""


class _Table(NamedTuple):
    shares: Float[np.ndarray, "filters tasks"]
    changes: Float[np.ndarray, "filters tasks"]
    falls: Float[np.ndarray, "filters tasks"]
    filters: list[str]
    tasks: list[str]


def section(model: ModelFolder, *, likely_e: float) -> Section | None:
    """Draw which task needs which filter.

    Parameters
    ----------
    model
        The model's files.
    likely_e
        Largest E-value at which a match names a filter.

    Returns
    -------
    Section
        None where importance was not measured.
    """
    if not model.importance or model.knockout is None:
        return None
    table = _table(model.importance)
    rows, columns = _rows(table), _columns(table)
    drawn = heatmap.svg(
        _matrix(table, rows, columns, _labels(model, likely_e)),
        name=f"How much each task needs each filter of {model.name}",
    )
    return Section(
        name=model.name,
        drawing=Markup(drawn),  # noqa: S704  escapes its texts
        filters=len(rows),
        of_filters=len(table.filters),
        tasks=len(columns),
        of_tasks=len(table.tasks),
        replacement=model.knockout["replacement"],
        on=model.knockout["on"],
        sequences=model.knockout["sequences"],
        named=len({row["task"] for row in model.agreement}),
        agreeing=len({row["task"] for row in model.agreement if row["top"] == "True"}),
    )


def needed(model: ModelFolder) -> dict[str, Needed]:
    """Find the task that needs each filter most.

    Parameters
    ----------
    model
        The model's files.

    Returns
    -------
    dict
        By filter; empty where importance was not measured.
    """
    if not model.importance:
        return {}
    table = _table(model.importance)
    return {
        name: Needed(table.tasks[int(np.nanargmax(shares))], float(np.nanmax(shares)))
        for name, shares in zip(table.filters, table.shares, strict=True)
        if not np.isnan(shares).all()
    }


def _table(rows: list[files.Row]) -> _Table:
    filters = list(dict.fromkeys(row["name"] for row in rows))
    tasks = list(dict.fromkeys(row["task"] for row in rows))
    across = {name: number for number, name in enumerate(tasks)}
    down = {name: number for number, name in enumerate(filters)}
    changes, falls = np.full((2, len(filters), len(tasks)), np.nan)
    for row in rows:
        at = down[row["name"]], across[row["task"]]
        changes[at], falls[at] = row["absolute"], row["fall"]
    most = np.array([column[~np.isnan(column)].max(initial=0.0) for column in changes.T])
    shares = np.divide(changes, most, out=np.full(changes.shape, np.nan), where=most > 0)
    return _Table(shares, changes, falls, filters, tasks)


def _rows(table: _Table) -> list[int]:
    """Choose the most needed filters; those of a task stand together, the most needed first."""
    known = np.nan_to_num(table.shares)
    kept = np.argsort(-known.max(axis=1), kind="stable")[:FILTERS]
    return sorted(kept.tolist(), key=lambda row: (known[row].argmax(), -known[row].max(), row))


def _columns(table: _Table) -> list[int]:
    """Choose the tasks whose predictions change most; they stay in their order."""
    most = np.nan_to_num(table.changes).max(axis=0)
    return sorted(np.argsort(-most, kind="stable")[:TASKS].tolist())


def _labels(model: ModelFolder, likely_e: float) -> dict[str, str]:
    """Name each filter by its surest match too."""
    labels = {row["name"]: row["name"] for row in model.filters}
    best: dict[str, files.Row] = {}
    for match in model.matches:
        best.setdefault(match["query"], match)
    for name, match in best.items():
        if match["e"] <= likely_e:
            labels[name] = f"{match['target_label'] or match['target']} · {name}"
    return labels


def _matrix(
    table: _Table, rows: list[int], columns: list[int], labels: dict[str, str]
) -> heatmap.Matrix:
    signs = np.where(table.falls < 0, -1.0, 1.0)
    return heatmap.Matrix(
        values=(table.shares * signs)[np.ix_(rows, columns)],
        rows=[labels[table.filters[row]] for row in rows],
        columns=[table.tasks[column] for column in columns],
        words=[[_words(table, row, column, labels) for column in columns] for row in rows],
    )


def _words(table: _Table, row: int, column: int, labels: dict[str, str]) -> str:
    change, fall = table.changes[row, column], table.falls[row, column]
    where = f"{labels[table.filters[row]]}, {table.tasks[column]}"
    if math.isnan(change):
        return f"{where}: not known"
    return (
        f"{where}: changes by {numerals.probability(change)} on average, "
        f"falls by {numerals.probability(fall)}"
    )
