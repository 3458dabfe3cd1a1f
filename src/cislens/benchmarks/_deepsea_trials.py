"""The pieces of the analysis of DeepSEA: load, score, name filters, replace filters."""

import dataclasses
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import torch
from numpy.typing import NDArray

from cislens.data import build, dataset
from cislens.data.dataset import SequenceView
from cislens.errors import UserError
from cislens.jobs.store import Place
from cislens.metrics import motif_agreement, predictive
from cislens.models import checkpoint, foreign, inference, spec
from cislens.models.checkpoint import Checkpoint
from cislens.motifs import database, filters, knockout, tomtom, weights
from cislens.motifs.options import FilterOptions
from cislens.pipeline import evaluating, folder, importance
from cislens.sequence import meme
from cislens.sequence.pwm import Pwm
from cislens.sequence.shapes import Codes

Options = Mapping[str, Any]
MODEL, DATA = "model.safetensors", "data.zarr"
DATABASE = "jaspar2024"
ACTIVE = 1e-6
"""Activations above it are active: DeepSEA's threshold gives this number below 0."""
MATCHED_FROM = 0.05
"""Largest E-value of a match, as in the published analysis."""
_CLEAR = 0.05
"""How much better a wrong order of channels must do to be the right one."""
_SWAPPED = np.array([0, 2, 1, 3, 4], np.uint8)


class Swapped:
    """Sequences with C and G exchanged: what a wrong order of channels would show a network."""

    def __init__(self, view: SequenceView) -> None:
        self._view = view

    def __len__(self) -> int:
        return len(self._view)

    def __getitem__(self, rows: slice) -> Codes:
        return np.asarray(_SWAPPED[self._view[rows]])


def network(given: Options, place: Place) -> dict[str, Any]:
    """Read the network; options: files, by name."""
    files = given["files"]
    if "model" in files:
        loaded = checkpoint.load(files["model"])
    else:
        loaded = foreign.load(files["weights"], tasks=foreign.read_names(files["names"]))
    checkpoint.save(place.out / MODEL, loaded.model, loaded.recipe, summary=loaded.summary)
    return {}


def data(given: Options, place: Place) -> dict[str, Any]:
    """Import the test sequences, or note where they are; options: test."""
    tasks = model(place).recipe.tasks
    if given["test"].endswith(".zarr"):
        return {"path": given["test"]}
    build.from_bundle(given["test"], place.out / DATA, tasks=tasks, target_kind="binary")
    return {"path": ""}


def score(given: Options, place: Place) -> dict[str, Any]:
    """Score every response; options: most (sequences)."""
    loaded, view = model(place), view_of(place, given["most"])
    fit(loaded, view)
    targets = view.targets.astype(np.float64)
    values = _both_strands(loaded, view, evaluating.OppositeStrand(view))
    table = pd.DataFrame(
        {
            "response": loaded.recipe.tasks,
            "class": [foreign.assay(name) for name in loaded.recipe.tasks],
            "auroc": predictive.auroc(values, targets),
            "aupr": predictive.aupr(values, targets),
            "base_rate": predictive.base_rate(targets),
            "positives": (targets == 1).sum(axis=0),
        }
    )
    folder.write_table(place.out / "responses.csv", table)
    one_class = table["auroc"].isna()
    folder.write_table(place.out / "skipped.csv", table[one_class])
    wrong = predictive.auroc(_predict(loaded, Swapped(view)), targets)
    right = predictive.auroc(_predict(loaded, view), targets)
    if _median(wrong) > _median(right) + _CLEAR:
        raise UserError(
            f"weights: median AUROC {_median(right):.3f}, and {_median(wrong):.3f} with C and G "
            "exchanged: they are of the other order of channels; read them with "
            "cislens.models.foreign.load(..., channels='ACGT') and give that model"
        )
    records = record("accuracy", "all", {
        "responses": float(len(table)),
        "responses of one class": float(one_class.sum()),
        "median AUROC": _median(table["auroc"]),
        "median AUPR": _median(table["aupr"]),
        "median AUROC, one strand": _median(right),
        "median AUROC, one strand, C and G exchanged": _median(wrong),
    })  # fmt: skip
    for kind, rows in table.groupby("class"):
        measured = {"AUROC": rows["auroc"], "AUPR": rows["aupr"], "base rate": rows["base_rate"]}
        medians = {f"median {name}": _median(column) for name, column in measured.items()}
        records += record("accuracy", str(kind), {"responses": float(len(rows)), **medians})
    return {"records": records}


def name(given: Options, place: Place) -> dict[str, Any]:
    """Turn filters into motifs one way and name them; options: kind, sites, most, motifs."""
    loaded, view = model(place), view_of(place, given["most"])
    fit(loaded, view)
    known = known_of(given)
    if given["sites"] is None:
        motifs = weights.as_motifs(loaded.model)
    else:
        sites = _active(loaded.recipe.activation)
        chosen = dataclasses.replace(sites, both_strands=True, **given["sites"])
        found = filters.extract(loaded.model, view, options=chosen)
        folder.write_table(place.out / "filters.csv", found.table())
        motifs = found.full_pwms
    meme.write(place.out / "filters.meme", motifs)
    matches = tomtom.match(motifs, known)
    matches = matches.assign(explained=tomtom.explained(matches, motifs, known))
    folder.write_table(place.out / "matches.csv", matches[matches["e"] <= 1])
    sure = matches[matches["e"] < MATCHED_FROM]
    explained = sure[sure["explained"] >= tomtom.NAMED_FROM]
    counts = {
        "filters with a motif": len(motifs),
        "matched": sure["query"].nunique(),
        "matched, explained": explained["query"].nunique(),
        "known motifs matched": sure["target"].nunique(),
    }
    values = {key: float(count) for key, count in counts.items()}
    return {"records": record("filters", given["kind"], values)}


def replace(given: Options, place: Place) -> dict[str, Any]:
    """Knock every filter out and hold that against Tomtom; options: most."""
    loaded, view = model(place), view_of(place, given["most"])
    fit(loaded, view)
    found = knockout.filter_importance(
        loaded.model, view, comparison=importance.comparison("binary", view)
    )
    table = found.table(loaded.recipe.tasks)
    table.insert(0, "name", [f"filter_{number}" for number in table["filter"]])
    folder.write_table(place.out / "importance.csv", table)
    matches = pd.read_csv(place.needed[2].folder / "matches.csv", keep_default_na=False)
    agreement = motif_agreement.ranks(
        table.rename(columns={"absolute": "value"}), matches, e_threshold=MATCHED_FROM
    )
    folder.write_table(place.out / "agreement.csv", agreement)
    counts = motif_agreement.summary(agreement)
    best = agreement.groupby("task")["rank"].min()
    values = {
        "responses with a filter of their factor": float(counts["tasks"]),
        "of these, filter in the top tenth": float(counts["tasks_best"]),
        "median rank of the best such filter": _median(best),
        "filters": float(table["filter"].nunique()),
    }
    return {"records": record("importance", "by the mean", values)}


PIECES = {function.__name__: function for function in (network, data, score, name, replace)}
"""Functions that `cislens.jobs` may call by name."""


def model(place: Place) -> Checkpoint:
    return checkpoint.load(place.needed[0].folder / MODEL)


def view_of(place: Place, most: int | None) -> SequenceView:
    """Take the test sequences, or some of them at random."""
    needed = place.needed[1]
    stored = dataset.open(Path(needed.values["path"] or needed.folder / DATA))
    view = stored.view("test")
    if not len(view):
        raise UserError(f"{stored.path}: has no test sequences")
    if most is None or most >= len(view):
        return view
    rows = np.sort(np.random.default_rng(0).choice(len(view), most, replace=False))
    return SequenceView(stored, view.indices[rows])


def fit(loaded: Checkpoint, view: SequenceView) -> None:
    evaluating.check_fit(view.dataset, loaded.recipe)
    if view.tasks != loaded.recipe.tasks:
        raise UserError(
            f"{view.dataset.path}: {len(view.tasks)} tasks, the first {view.tasks[0]!r}; the "
            f"network has {len(loaded.recipe.tasks)}, the first {loaded.recipe.tasks[0]!r}"
        )


def _both_strands(
    loaded: Checkpoint, view: SequenceView, opposite: evaluating.OppositeStrand
) -> NDArray[np.float64]:
    return (_predict(loaded, view) + _predict(loaded, opposite)) / 2


def _predict(
    loaded: Checkpoint, sequences: SequenceView | evaluating.OppositeStrand | Swapped
) -> NDArray[np.float64]:
    with torch.no_grad():
        logits = inference.predict(loaded.model, sequences)
        return spec.to_prediction(loaded.recipe.objective, logits.double()).numpy()


def _active(activation: str) -> FilterOptions:
    """Say from where on a filter is active: above nothing, where it gives nothing at all."""
    if activation in {"threshold", "relu"}:
        return FilterOptions(rule="absolute", threshold=ACTIVE)
    return FilterOptions(rule="fraction-of-maximum", threshold=0.5)


def known_of(given: Options) -> list[Pwm]:
    return database.load(given.get("motifs") or DATABASE)


def record(analysis: str, of: str, values: Mapping[str, float]) -> list[dict[str, Any]]:
    return [
        {
            "analysis": analysis,
            "of": of,
            "seed": 0,
            "metric": metric,
            "value": value if np.isfinite(value) else None,
        }
        for metric, value in values.items()
    ]


def _median(values: "pd.Series | np.ndarray") -> float:
    defined = np.asarray(values, float)
    defined = defined[~np.isnan(defined)]
    return float(np.median(defined)) if defined.size else float("nan")
