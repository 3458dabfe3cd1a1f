"""What each filter of a run's models is worth: predictions and scores without it."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import special

from cislens.data import dataset
from cislens.errors import UserError
from cislens.metrics import motif_agreement, predictive
from cislens.models import checkpoint, spec
from cislens.motifs import filter_groups, importance_measures, intact, knockout
from cislens.motifs.importance_measures import Measure
from cislens.motifs.intact import Predictions, Targets, Tasks
from cislens.motifs.knockout_options import KnockoutOptions
from cislens.pipeline import folder, progress
from cislens.pipeline.filters_options import Filters

_SURE = 2.0**-53
"""Probabilities stay so far from 0 and 1 that their logarithms are finite."""


def write(
    chosen: Filters, place: Path, loaded: checkpoint.Checkpoint, view: dataset.SequenceView
) -> pd.DataFrame:
    """Write what replacing each filter of a model does, and what was done.

    Files: importance.csv, importance_by_filter.csv, importance.json.

    Parameters
    ----------
    chosen
        The options of `cislens filters`.
    place
        The model's folder.
    loaded
        The model.
    view
        The sequences to ask it about.

    Returns
    -------
    pandas.DataFrame
        What importance.csv holds.

    Raises
    ------
    UserError
        If there are no such sequences, or measures do not fit the tasks.
    """
    shown = _shown(view, chosen.knockout)
    progress.step(f"replacing each filter of {place.name} in {len(shown)} sequences")
    found = _asked(chosen, loaded, shown)
    if chosen.knockout.groups:
        _write_groups(chosen, place, loaded, shown, found)
    table = _named(found.table(loaded.recipe.tasks))
    folder.write_table(place / "importance.csv", table)
    folder.write_table(place / "importance_by_filter.csv", _named(found.summary()))
    folder.write_json(
        place / "importance.json",
        {
            "layer": found.layer,
            "replacement": found.replacement,
            "on": chosen.knockout.on,
            "sequences": len(shown),
            "counted": dict(zip(loaded.recipe.tasks, found.counted.tolist(), strict=True)),
        },
    )
    if table["loss_rise"].notna().any():
        # Changes over the variance point at tasks that the network hardly predicts.
        most = table.loc[table["loss_rise"].idxmax()]
        progress.step(
            f"{place.name}: {most['name']} matters most, to {most['task']}, whose loss rises by "
            f"{most['loss_rise']:.2g} without it"
        )
    return table


def _asked(
    chosen: Filters,
    loaded: checkpoint.Checkpoint,
    shown: dataset.SequenceView,
    groups: list[tuple[int, ...]] | None = None,
) -> knockout.FilterImportance:
    with progress.counter("replacing filters") as tell:
        return knockout.filter_importance(
            loaded.model,
            shown,
            layer=chosen.layer,
            replacement=chosen.knockout.replacement,
            groups=groups,
            comparison=comparison(loaded.recipe.objective, shown, on=chosen.knockout.on),
            batch_size=chosen.knockout.batch_size,
            device=chosen.knockout.device,
            rng=np.random.default_rng(chosen.knockout.seed),
            progress=tell,
        )


def _write_groups(
    chosen: Filters,
    place: Path,
    loaded: checkpoint.Checkpoint,
    shown: dataset.SequenceView,
    alone: knockout.FilterImportance,
) -> None:
    """Write importance_groups.csv: what filters that act together are worth."""
    groups = filter_groups.find(alone.changes)
    progress.step(f"{place.name}: {len(groups)} groups of filters act together")
    together = _asked(chosen, loaded, shown, groups) if groups else alone
    table = filter_groups.table(groups, together=together, alone=alone, tasks=loaded.recipe.tasks)
    folder.write_table(place / "importance_groups.csv", table)


def agree(place: Path, table: pd.DataFrame, matches: pd.DataFrame, *, e_threshold: float) -> None:
    """Write agreement.csv: whether tasks need the filters that look like their own factor.

    Parameters
    ----------
    place
        The model's folder.
    table
        What `write` gave.
    matches
        Database motifs of each filter.
    e_threshold
        Largest E-value of a match.
    """
    found = motif_agreement.ranks(
        table.rename(columns={"absolute": "value"}), matches, e_threshold=e_threshold
    )
    folder.write_table(place / "agreement.csv", found)
    counts = motif_agreement.summary(found)
    if counts["tasks"]:
        tasks = progress.counted(counts["tasks"], "task")
        progress.step(
            f"{place.name}: {tasks} with a filter that looks like the task's own factor; "
            f"in {counts['tasks_best']} it is in the top tenth of those the task needs"
        )


def comparison(
    objective: str, view: dataset.SequenceView, *, on: str = "all"
) -> knockout.Comparison:
    """Choose what is compared for an objective: every measure that has a meaning for it.

    Parameters
    ----------
    objective
        What the outputs are, see `cislens.models.spec.Recipe`.
    view
        The sequences, with their measurements.
    on
        Which of them count, a key of `cislens.motifs.intact.CHOICES`.

    Returns
    -------
    Comparison
        For `cislens.motifs.knockout.filter_importance`.
    """
    loss = partial(_loss, objective)
    scores: dict[str, Measure] = {"loss_rise": importance_measures.rise(loss)}
    overall: dict[str, Measure] = {
        "loss_rise": importance_measures.over_tasks(scores["loss_rise"]),
        **importance_measures.OVERALL,
    }
    if objective == "binary":
        scores["auroc_drop"] = importance_measures.drop(predictive.auroc)
    else:
        correlation = importance_measures.drop(predictive.pearson)
        scores["correlation_drop"] = correlation
        scores["correlation_change_squared"] = importance_measures.square(correlation)
        overall["profile_change_squared"] = importance_measures.profile_change
    return knockout.Comparison(
        prediction=lambda outputs: spec.to_prediction(objective, outputs),
        measures={**importance_measures.MEASURES, **scores},
        overall=overall,
        targets=view.targets.astype(np.float64),
        on=intact.CHOICES[on],
    )


def _loss(objective: str, predictions: Predictions, targets: Targets) -> Tasks:
    """Average the loss of each task over its measured sequences, in nats or squared units."""
    with np.errstate(invalid="ignore"):
        losses = _LOSSES[objective](predictions, targets)
    known = ~np.isnan(targets)
    number = known.sum(axis=0)
    return intact.ratio(np.where(known, losses, 0.0).sum(axis=0), number)


def _cross_entropy(predictions: Predictions, targets: Targets) -> Predictions:
    sure = predictions.clip(_SURE, 1 - _SURE)
    return np.asarray(-(targets * np.log(sure) + (1 - targets) * np.log1p(-sure)))


_LOSSES: dict[str, Callable[[Predictions, Targets], Predictions]] = {
    "binary": _cross_entropy,
    "regression": lambda predictions, targets: (predictions - targets) ** 2,
    "poisson": lambda predictions, targets: 2 * special.kl_div(targets, predictions),
}


def _shown(view: dataset.SequenceView, chosen: KnockoutOptions) -> dataset.SequenceView:
    """Take the part that is asked for, or some of it at random."""
    if chosen.split is not None:
        view = view.dataset.view(None if chosen.split == "all" else chosen.split)
    if not len(view):
        raise UserError(
            f"knockout.split={chosen.split}: {view.dataset.path} has no such sequence; take another"
        )
    if chosen.sequences is None or chosen.sequences >= len(view):
        return view
    draws = np.random.default_rng(chosen.seed)
    rows = np.sort(draws.choice(len(view), chosen.sequences, replace=False))
    return dataset.SequenceView(view.dataset, view.indices[rows])


def _named(table: pd.DataFrame) -> pd.DataFrame:
    table.insert(0, "name", [f"filter_{number}" for number in table["filter"]])
    return table
