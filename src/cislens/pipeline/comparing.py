"""Hold trainings on the same data against each other: scores, maps, and agreement of seeds."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from cislens.data.dataset import SequenceView
from cislens.metrics import bounds, consistency, significance
from cislens.pipeline import evaluating, folder, measuring, progress, trainings
from cislens.pipeline.compare_options import Compare
from cislens.pipeline.measuring import Explained, Measured
from cislens.pipeline.trainings import Training

SIMILARITIES: dict[str, Callable[[np.ndarray, np.ndarray], np.ndarray]] = {
    "jaccard": partial(consistency.continuous_jaccard, weighted=True),
    "cosine": consistency.cosine,
}
"""By which two maps of a sequence are compared."""


def run(chosen: Compare) -> str:
    """Compare, and write tables and what the page draws.

    Parameters
    ----------
    chosen
        The options of `cislens compare`.

    Returns
    -------
    str
        A line for each condition, for the user.

    Raises
    ------
    UserError
        If there is nothing to compare, or the trainings were for other data.
    """
    found = trainings.find(chosen.runs)
    stored = evaluating.open_data(chosen.runs[0], chosen.data)
    view = stored.view(chosen.split)
    explained = measuring.choose(chosen, stored, view)
    measured = {}
    for training in found:
        progress.step(f"scoring and explaining {training.name}")
        measured[training.name] = measuring.measure(
            chosen, training, stored, view, explained=explained
        )
    examples = {
        name: measuring.scores(m, explained, period=chosen.period) for name, m in measured.items()
    }
    conditions = list(dict.fromkeys(training.condition for training in found))
    chosen.out.mkdir(parents=True, exist_ok=True)
    folder.write_options(chosen.out / "compare.yaml", chosen)
    metric = evaluating.HEADLINE[stored.target_kind]
    table = _trainings(found, measured, examples, metric)
    folder.write_table(chosen.out / "trainings.csv", table)
    tests = _tests(found, examples, table, conditions, metric)
    folder.write_table(chosen.out / "tests.csv", tests)
    rng = np.random.default_rng(chosen.seed)
    agreement = _agreement(found, measured, rng)
    folder.write_table(chosen.out / "agreement.csv", agreement)
    differ = pd.DataFrame(trainings.differences(found), columns=["option", *conditions])
    folder.write_table(chosen.out / "conditions.csv", differ)
    folder.write_json(
        chosen.out / "comparison.json",
        {
            "data": str(stored.path),
            "split": chosen.split,
            "task": stored.tasks[explained.task],
            "method": chosen.method,
            "metric": metric,
            "sequences": len(explained.rows),
            "conditions": conditions,
            "tracks": _tracks(chosen, view, explained, measured),
        },
    )
    return "\n".join(_lines(found, table, agreement, metric))


def _trainings(
    found: Sequence[Training],
    measured: dict[str, Measured],
    examples: dict[str, dict[str, np.ndarray]],
    metric: str,
) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "training": training.name,
                "condition": training.condition,
                "seed": training.seed,
                metric: measured[training.name].score,
                **{name: _mean(values) for name, values in examples[training.name].items()},
            }
            for training in found
        ]
    )


def _tests(
    found: Sequence[Training],
    examples: dict[str, dict[str, np.ndarray]],
    table: pd.DataFrame,
    conditions: Sequence[str],
    metric: str,
) -> pd.DataFrame:
    """Test each condition against the first, across sequences and across seeds."""
    rows: list[dict[str, Any]] = []
    for condition in conditions[1:]:
        for name in [metric, *examples[found[0].name]]:
            groups = [table.loc[table["condition"] == c, name] for c in (conditions[0], condition)]
            compared = {"seeds": significance.unpaired(*(g.to_numpy() for g in groups))}
            if name != metric:
                means = [
                    _over_seeds([examples[t.name][name] for t in found if t.condition == c])
                    for c in (conditions[0], condition)
                ]
                compared = {"sequences": significance.paired(*means), **compared}
            for across, result in compared.items():
                rows.append(
                    {
                        "condition": condition,
                        "against": conditions[0],
                        "metric": name,
                        "across": across,
                        **result._asdict(),
                    }
                )
    columns = ["condition", "against", "metric", "across", *significance.Comparison._fields]
    return pd.DataFrame(rows, columns=columns)


def _agreement(
    found: Sequence[Training], measured: dict[str, Measured], rng: np.random.Generator
) -> pd.DataFrame:
    """Compare the maps of each two trainings, beside those of one with shuffled positions."""
    rows = []
    for number, first in enumerate(found):
        for second in found[number + 1 :]:
            a, b = measured[first.name].maps, measured[second.name].maps
            row: dict[str, Any] = {
                "first": first.name,
                "second": second.name,
                "condition": first.condition if first.condition == second.condition else "",
            }
            for name, similarity in SIMILARITIES.items():
                row[name] = _mean(similarity(a, b))
                row[f"{name} by chance"] = _mean(similarity(bounds.positions(a, rng), b))
            rows.append(row)
    return pd.DataFrame(rows)


def _tracks(
    chosen: Compare, view: SequenceView, explained: Explained, measured: dict[str, Measured]
) -> list[dict[str, Any]]:
    """Keep the importance of the observed bases of a few sequences, for the page."""
    names = view.ids[explained.rows]
    return [
        {
            "sequence": str(names[row]),
            "sites": [] if explained.sites is None else np.flatnonzero(explained.sites[row]),
            "importance": {
                name: np.round((m.maps[row] * explained.onehot[row].numpy()).sum(axis=0), 6)
                for name, m in measured.items()
            },
        }
        for row in range(min(chosen.tracks, len(explained.rows)))
    ]


def _lines(
    found: Sequence[Training], table: pd.DataFrame, agreement: pd.DataFrame, metric: str
) -> list[str]:
    lines = []
    for condition in dict.fromkeys(training.condition for training in found):
        own = table[table["condition"] == condition]
        within = agreement.loc[agreement["condition"] == condition, "jaccard"]
        said = f", maps of two seeds agree to {within.mean():.2f}" if len(within) else ""
        lines.append(
            f"{condition}: {metric} {own[metric].mean():.3f} over {len(own)} "
            f"training{'s' if len(own) > 1 else ''}, high-frequency share "
            f"{own['high-frequency share'].mean():.3f}{said}"
        )
    return lines


def _over_seeds(scores: Sequence[np.ndarray]) -> np.ndarray:
    return np.asarray(np.mean(scores, axis=0))


def _mean(values: np.ndarray) -> float:
    known = values[~np.isnan(values)]
    return float(known.mean()) if known.size else float("nan")
