"""Records of all seeds, and what they come to beside the published values."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

FENCED = 5
"""Fewest seeds of which one can be said to have failed where the others did not."""


def tidy(rows: Sequence[Mapping[str, Any]], *, labels: Sequence[str]) -> pd.DataFrame:
    """Make one table of the records of all pieces.

    Parameters
    ----------
    rows
        Dicts of labels, seed, metric and value (None where it is undefined); a label that is
        missing is empty.
    labels
        Columns that say what a record is of.

    Returns
    -------
    pandas.DataFrame
        Columns are the labels, seed, metric and value, sorted by all of them but the value.
    """
    columns = [*labels, "seed", "metric", "value"]
    table = pd.DataFrame([dict(row) for row in rows], columns=columns)
    table[[*labels]] = table[[*labels]].astype(object).fillna("").astype(str)
    table = table.astype({"seed": "int64", "metric": "str", "value": "float64"})
    return table.sort_values(columns[:-1], ignore_index=True, kind="stable")


def summarise(
    records: pd.DataFrame, published: Sequence[Mapping[str, Any]], *, labels: Sequence[str]
) -> pd.DataFrame:
    """Sum up over seeds, and set the published value beside.

    Parameters
    ----------
    records
        What `tidy` gave.
    published
        Dicts of labels, metric, value and source; one that no record is of has a row of its own.
    labels
        Columns that say what a record is of.

    Returns
    -------
    pandas.DataFrame
        Labels, metric, seeds (how many have a value), undefined (how many have none), median, q1,
        q3, mean, sd (of the sample; NaN for one seed), lowest, highest, failures (seeds that lie
        below the others by Tukey's fence, q1 - 1.5 (q3 - q1); NaN for fewer than 5 seeds, which
        make no fence), published, source.
    """
    keys = [*labels, "metric"]
    groups = records.groupby(keys, sort=True, dropna=False)["value"]
    table = pd.DataFrame([_sum_up(key, keys, values) for key, values in groups])
    columns = [*keys, *_sum_up((), [], pd.Series(dtype="float64"))]
    table = table.reindex(columns=columns).astype(dict.fromkeys(keys, "str"))
    paper = pd.DataFrame([dict(row) for row in published], columns=[*keys, "value", "source"])
    paper[keys] = paper[keys].astype(object).fillna("").astype(str)
    table = table.merge(paper.rename(columns={"value": "published"}), on=keys, how="outer")
    table[["seeds", "undefined"]] = table[["seeds", "undefined"]].fillna(0).astype("int64")
    table["source"] = table["source"].fillna("")
    return table.sort_values(keys, ignore_index=True, kind="stable")


def _sum_up(key: Sequence[str], keys: Sequence[str], values: pd.Series) -> dict[str, Any]:
    defined = values.dropna().to_numpy()
    some = defined if defined.size else np.array([np.nan])
    return dict(zip(keys, key, strict=True)) | {
        "seeds": defined.size,
        "undefined": len(values) - defined.size,
        "median": float(np.median(some)),
        "q1": float(np.quantile(some, 0.25)),
        "q3": float(np.quantile(some, 0.75)),
        "mean": float(some.mean()),
        "sd": float(defined.std(ddof=1)) if defined.size > 1 else float("nan"),
        "lowest": float(some.min()),
        "highest": float(some.max()),
        "failures": _below_fence(defined),
    }


def _below_fence(values: np.ndarray) -> float:
    if values.size < FENCED:
        return float("nan")
    q1, q3 = np.quantile(values, [0.25, 0.75])
    return float((values < q1 - 1.5 * (q3 - q1)).sum())
