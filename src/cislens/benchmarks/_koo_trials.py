"""The pieces of work of Koo & Ploenzke 2021: make data, train, read filters, map and score."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import numpy as np
import pandas as pd
import torch
from safetensors import torch as safetensors
from torch import nn

from cislens.benchmarks import _koo_networks, _koo_scan, _koo_scores
from cislens.data import build, dataset
from cislens.data.dataset import SequenceDataset
from cislens.jobs.store import Place
from cislens.metrics import motif_recovery, predictive
from cislens.models import checkpoint, inference, spec
from cislens.motifs import database, filters, tomtom
from cislens.motifs.filter_motifs import FilterMotifs
from cislens.motifs.options import FilterOptions
from cislens.pipeline import folder
from cislens.sequence.pwm import Pwm
from cislens.simulation.tasks import TASKS
from cislens.simulation.tasks.koo2021_task1 import LEGACY_TRUTH_IDS
from cislens.training import fit
from cislens.training.options import FitOptions

Options = Mapping[str, Any]
DATA = "data.zarr"
WEIGHTS = _koo_networks.WEIGHTS
FLAT = "MA0615.1"
"""The near-flat motif that the published database lacks."""


def simulate(given: Options, place: Place) -> dict[str, Any]:
    """Write a simulated task; options: task, mode, and its settings."""
    known = database.load("jaspar2016", taxon="vertebrates")
    TASKS[given["task"]](place.out / DATA, database=known, **_but(given, "task"))
    return {}


def read(given: Options, place: Place) -> dict[str, Any]:
    """Import a bundle; options: path, tasks (names), and columns of the targets if not all."""
    build.from_bundle(
        given["path"],
        place.out / DATA,
        tasks=given["tasks"],
        columns=given.get("columns"),
        target_kind="binary",
    )
    return {}


def train(given: Options, place: Place) -> dict[str, Any]:
    """Train a network and score it on the test set.

    Options: labels, architecture, activation, seed, fit, and first and network where they are not
    as published.
    """
    stored = _data(place)
    described = recipe_of(given, stored)
    model = _koo_networks.build(described, first=given.get("first", {}), seed=given["seed"])
    with one_thread():
        result = fit.fit(
            model,
            stored.view("train"),
            stored.view("validation"),
            objective="binary",
            options=FitOptions(**given["fit"]),
            folder=place.scratch,
            seed=given["seed"],
            progress=False,
        )
        test = stored.view("test")
        logits = inference.predict(model, test).numpy()
    # Seconds an epoch took are no result, and would make equal results differ.
    folder.write_table(place.out / "history.csv", result.history.drop(columns="seconds"))
    if given.get("first"):
        safetensors.save_file(model.state_dict(), place.out / WEIGHTS)
    else:
        checkpoint.save(place.out / WEIGHTS, model, described, summary={"seed": given["seed"]})
    auroc = predictive.auroc(logits, test.targets)
    aupr = predictive.aupr(logits, test.targets, interpolation="trapezoid")
    values = {
        "test AUROC": _mean(auroc),
        "test AUPR": _mean(aupr),
        "test AUPR at chance": _mean(predictive.base_rate(test.targets)),
        "epochs": float(len(result.history)),
        "best epoch": float(result.best_epoch),
        "parameters": float(spec.parameters(model)),
    }
    return {"records": records_of(given, values)}


def read_filters(given: Options, place: Place) -> dict[str, Any]:
    """Turn first-layer filters into motifs and hold them against the truth.

    Options: those of `train`, and sites, the `FilterOptions` by which a filter's sites are chosen.
    """
    found, matches, known = matched(given, _trained(given, place), _data(place))
    folder.write_table(place.out / "filters.csv", found.table())
    folder.write_table(place.out / "matches.csv", matches)
    return {"records": records_of(given, _recovery(found, matches, known))}


def matched(
    given: Options, model: nn.Module, stored: SequenceDataset
) -> tuple[FilterMotifs, pd.DataFrame, list[Pwm]]:
    """Read first-layer filters on the test split; give motifs, their matches, and what is known."""
    known = [motif for motif in database.load("jaspar2016") if motif.name != FLAT]
    with one_thread():
        found = filters.extract(
            model,
            stored.view("test"),
            layer="layer1.convolution",
            options=FilterOptions(**given["sites"]),
        )
        return found, tomtom.match(found.pwms, known, e_threshold=0.1), known


def _recovery(found: FilterMotifs, matches: Any, known: list[Any]) -> dict[str, float | None]:  # noqa: ANN401
    """Score matches as published, and those that explain a filter's information beside it."""
    names = [motif.name for motif in found.filters]
    truth = LEGACY_TRUTH_IDS
    published = motif_recovery.recover(matches, filters=names, truth=truth)
    named = matches[tomtom.explained(matches, found.pwms, known) >= tomtom.NAMED_FROM]
    fair = motif_recovery.recover(named, filters=names, truth=truth)
    sites = [float(motif.nsites) for motif in found.filters]
    return {
        "match": published.match_fraction,
        "match any": published.match_any,
        "coverage": published.coverage,
        "redundancy": published.redundancy,
        "best-hit precision": published.best_hit_precision,
        "mean q": published.mean_q,
        "match, explained": fair.match_fraction,
        "coverage, explained": fair.coverage,
        "median sites": float(np.median(sites)),
    }


def explain(given: Options, place: Place) -> dict[str, Any]:
    """Map the first positive test sequences and score the maps against what was planted.

    Options: those of `train`, method, n (number of sequences) and, where it is not as published,
    the number of references.
    """
    stored, model = _data(place), _trained(given, place)
    test = stored.view("test")
    rows = np.flatnonzero(test.targets[:, 0] == 1)[: given["n"]]
    truth = _koo_scores.truth(stored, test.indices[rows])
    with one_thread():
        number = {name: given[name] for name in ("references",) if name in given}
        values = _koo_scores.METHODS[given["method"]](model, test[rows], **number)
    np.savez_compressed(place.out / "maps.npz", values=values[:12], codes=test[rows][:12])
    scores = _koo_scores.score(values, test[rows], truth)
    records = []
    for reduction, measured in scores.items():
        for record in records_of(given, measured):
            records.append(record | {"reduction": reduction})
    return {"records": records}


def spread(given: Options, place: Place) -> dict[str, Any]:
    """Measure the first layer before and after its activation, untrained and trained.

    Options: those of `train`. On the first 100 test sequences, as published.
    """
    stored = _data(place)
    networks = {
        "": _trained(given, place),
        ", untrained": _koo_networks.build(
            recipe_of(given, stored), first=given.get("first", {}), seed=given["seed"]
        ),
    }
    values: dict[str, float] = {}
    for which, model in networks.items():
        for layer in ("normalisation", "activation"):
            with one_thread():
                map_ = inference.activations(
                    model, stored.view("test")[:100], layer=f"layer1.{layer}"
                ).double()
                found = {"mean": map_.mean(), "SD": map_.std(), "max": map_.max()}
            values |= {f"{layer} {name}{which}": float(one) for name, one in found.items()}
    return {"records": records_of(given, values)}


def locate(given: Options, place: Place) -> dict[str, Any]:
    """Find planted motifs in the first 1000 test sequences.

    Options: labels, seed and kind, one of `_koo_scan.KINDS`; or those of `train`, and the largest
    activation of the first layer at each position is taken.
    """
    stored = _data(place)
    test = stored.view("test")
    codes = test[:1000]
    planted = _koo_scores.truth(stored, test.indices[:1000]) > 0
    assert stored.placements is not None
    if "kind" in given:
        scores = _koo_scan.scan(codes, stored.placements.motifs, kind=given["kind"])
    else:
        model = _trained(given, place)
        with one_thread():
            map_ = inference.activations(model, codes, layer="layer1.activation")
        scores = map_.amax(dim=1).numpy()
    return {"records": records_of(given, _koo_scan.localise(scores, planted))}


PIECES = {
    function.__name__: function
    for function in (simulate, read, train, read_filters, explain, spread, locate)
}
"""Functions that `cislens.jobs` may call by name."""


def _data(place: Place) -> SequenceDataset:
    return dataset.open(place.needed[0].folder / DATA)


def recipe_of(given: Options, stored: SequenceDataset) -> spec.Recipe:
    """Say which network a trial trains."""
    return spec.Recipe(
        architecture=given["architecture"],
        input_length=stored.length,
        tasks=stored.tasks,
        objective="binary",
        activation=given["activation"],
        options=given.get("network", {}),
    )


def _trained(given: Options, place: Place) -> nn.Module:
    """Build the network of a trial and give it the weights of its second need."""
    return _koo_networks.trained(recipe_of(given, _data(place)), given, place.needed[1])


def records_of(given: Options, values: Mapping[str, float | None]) -> list[dict[str, Any]]:
    """Write values as records; options: labels, seed."""
    return [
        {**given["labels"], "seed": given["seed"], "metric": metric, "value": _plain(value)}
        for metric, value in values.items()
    ]


def _plain(value: float | None) -> float | None:
    return None if value is None or not np.isfinite(value) else float(value)


def _mean(values: np.ndarray) -> float:
    defined = values[~np.isnan(values)]
    return float(defined.mean()) if defined.size else float("nan")


def _but(given: Options, *names: str) -> dict[str, Any]:
    return {name: value for name, value in given.items() if name not in names}


@contextmanager
def one_thread() -> Iterator[None]:
    """Sum in one order, whatever the executor: threads would change the last bits."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)
