"""Do two ways of reading a network agree: what filters look like, and what tasks need them for."""

import re

import numpy as np
import pandas as pd

from cislens.errors import UserError

_COLUMNS = ("task", "filter", "target", "e", "rank", "filters", "top")


def ranks(
    importance: pd.DataFrame,
    matches: pd.DataFrame,
    *,
    e_threshold: float = 0.1,
    share: float = 0.1,
) -> pd.DataFrame:
    """Rank the filters that look like a task's own factor among all filters of that task.

    A filter belongs to a task if its surest match that bears the task's name has an E-value up to
    the threshold. Names are words: the task "K562|CTCF|None" and the motifs "CTCF" and "CTCF::X"
    have one in common, and capitals do not matter.

    Parameters
    ----------
    importance
        Columns name, task and value: how much a task needs a filter. NaN ranks last.
    matches
        Columns query, target_label and e, as of Tomtom.
    e_threshold
        Largest E-value of a match.
    share
        Which share of the filters counts as the top.

    Returns
    -------
    pandas.DataFrame
        One row a task and filter that match: task, filter, target (the label), e, rank (1 is the
        most needed; ties share the worse rank), filters (how many there are), and top, whether the
        rank is within the share, rounded up.

    Raises
    ------
    UserError
        If the share is not between 0 and 1.
    """
    if not 0 < share <= 1:
        raise UserError(f"share={share}: wants a number above 0, up to 1")
    values = importance.pivot(index="name", columns="task", values="value")
    order = values.rank(ascending=False, method="max", na_option="bottom").astype(int)
    last = int(np.ceil(share * len(values)))
    sure = matches[matches["e"] <= e_threshold].sort_values("e", kind="stable")
    rows = []
    for task in dict.fromkeys(importance["task"]):
        own = sure[[named_alike(task, label) for label in sure["target_label"]]]
        for match in own.drop_duplicates("query").itertuples():
            rank = int(order.loc[match.query, task])
            found = (match.query, match.target_label, match.e, rank, len(values), rank <= last)
            rows.append((task, *found))
    return pd.DataFrame(rows, columns=list(_COLUMNS))


def summary(found: pd.DataFrame) -> dict[str, int]:
    """Count how often the two agree.

    Parameters
    ----------
    found
        What `ranks` gave.

    Returns
    -------
    dict
        How many tasks have a filter of their own name ("tasks"), how many of these have one such
        filter in the top ("tasks_best"), and how many have all of them there ("tasks_all").
    """
    by_task = found.groupby("task")["top"]
    return {
        "tasks": int(found["task"].nunique()),
        "tasks_best": int(by_task.any().sum()),
        "tasks_all": int(by_task.all().sum()),
    }


def named_alike(task: str, label: str) -> bool:
    """Say whether a task and a motif have a word in common.

    Parameters
    ----------
    task
        Such as "K562|CTCF|None".
    label
        Such as "CTCF" or "JUN::FOS".

    Returns
    -------
    bool
        Whether they have; capitals and single letters do not matter.
    """
    return bool(_words(task) & _words(label))


def _words(name: str) -> set[str]:
    return {word for word in re.split(r"[^A-Z0-9]+", str(name).upper()) if len(word) > 1}
