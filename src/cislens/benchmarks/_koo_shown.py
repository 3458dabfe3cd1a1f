"""What the figures of Koo & Ploenzke 2021 show beside records: motifs, maps, traces, curves."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import torch

from cislens.benchmarks import _koo_networks, _koo_scan, _koo_scores, _koo_trials
from cislens.data import dataset
from cislens.data.dataset import SequenceDataset, SequenceView
from cislens.data.placements import restrict
from cislens.errors import UserError
from cislens.jobs.store import Place, Result
from cislens.models import inference
from cislens.models.activations import ACTIVATIONS
from cislens.pipeline import folder
from cislens.sequence import meme
from cislens.simulation.tasks.koo2021_task1 import LEGACY_TRUTH_IDS

Options = Mapping[str, Any]

UNKNOWN = 4
"""Code of N."""

BINS = 80
"""Of a histogram."""


def logos(given: Options, place: Place) -> dict[str, Any]:
    """Write the motifs of first-layer filters, and what each is called.

    Options: those of the trial, and sites, the `FilterOptions` by which a filter's sites are
    chosen. Leaves ``filters.meme`` and ``named.csv``: name, state, motif (1 where there is one),
    planted (the factor of the hits with the least q among those that were planted), best (the best
    hit of all) and its q.
    """
    stored, model = _asked(given, place)
    found, matches, _ = _koo_trials.matched(given, model, stored)
    meme.write(place.out / "filters.meme", found.pwms)
    drawn = {motif.name for motif in found.pwms}
    rows = [
        {"name": one.name, "state": one.state, "motif": int(one.name in drawn)}
        | _called(matches[matches["query"] == one.name])
        for one in found.filters
    ]
    folder.write_table(place.out / "named.csv", pd.DataFrame(rows))
    return {}


def _called(hits: pd.DataFrame) -> dict[str, Any]:
    """Name a filter after its hits, as the paper does: by the least q of a planted factor."""
    factors = {name: factor for factor, names in LEGACY_TRUTH_IDS.items() for name in names}
    ordered = hits.sort_values("q", kind="stable")
    planted = ordered[ordered["target"].isin(factors)]
    first = ordered.iloc[0] if len(ordered) else None
    return {
        "planted": factors[planted.iloc[0]["target"]] if len(planted) else "",
        "best": "" if first is None else str(first["target_label"] or first["target"]),
        "q": np.nan if first is None else float(first["q"]),
    }


def planted(given: Options, place: Place) -> dict[str, Any]:
    """Write the first positive test sequences with what was planted in them; option: n.

    Leaves ``truth.npz`` (codes and bits, the information of the planted column at each position)
    and ``sites.csv``. A test sequence is positive where its first target is, or where the task has
    several targets: there each sequence has a motif.
    """
    stored = dataset.open(place.needed[0].folder / _koo_trials.DATA)
    test = stored.view("test")
    rows = _positive(test)[: given["n"]]
    _write_truth(stored, test, rows, place)
    return {}


def _positive(test: SequenceView) -> np.ndarray:
    return np.flatnonzero(
        test.targets[:, 0] == 1 if test.targets.shape[1] == 1 else test.targets.any(axis=1)
    )


def _write_truth(
    stored: SequenceDataset, test: SequenceView, rows: np.ndarray, place: Place
) -> None:
    assert stored.placements is not None
    placed = restrict(stored.placements, test.indices[rows])
    labels = {motif.name: motif.label or motif.name for motif in placed.motifs}
    sites = placed.table.assign(label=placed.table["motif"].map(labels))
    folder.write_table(place.out / "sites.csv", sites)
    bits = _koo_scores.truth(stored, test.indices[rows])
    np.savez_compressed(place.out / "truth.npz", codes=test[rows], bits=bits.astype(np.float32))


def examples(given: Options, place: Place) -> dict[str, Any]:
    """Map some positive test sequences of a task without planted truth.

    Options: those of the trial, method, positives (which of the positive test sequences), and
    target where the task has several: a sequence is positive there if it is so for this one alone,
    and holds no N. Leaves ``maps.npz``: values and codes of the sequences, and which they are.
    """
    stored, model = _asked(given, place)
    test, target = stored.view("test"), given.get("target", 0)
    positive = np.flatnonzero((test.targets[:, target] == 1) & (test.targets.sum(axis=1) == 1))
    if "target" in given:
        positive = positive[test[positive].max(axis=1, initial=0) < UNKNOWN]
    chosen = [number for number in given["positives"] if number < len(positive)]
    if not chosen:
        raise UserError(
            f"positives={given['positives']}: the test set has {len(positive)} positive sequences; "
            "give a file with more"
        )
    codes = test[positive[chosen]]
    with _koo_trials.one_thread():
        values = _koo_scores.METHODS[given["method"]](model, codes, target=target)
    np.savez_compressed(place.out / "maps.npz", values=values, codes=codes, positives=chosen)
    return {}


def bends(given: Options, place: Place) -> dict[str, Any]:
    """Evaluate activations; options: activations, low, high, points. Leaves ``curves.csv``."""
    x = torch.linspace(given["low"], given["high"], given["points"], dtype=torch.float64)
    columns = {name: ACTIVATIONS[name]()(x).numpy() for name in given["activations"]}
    folder.write_table(place.out / "curves.csv", pd.DataFrame({"x": x.numpy(), **columns}))
    return {}


def traces(given: Options, place: Place) -> dict[str, Any]:
    """Scan one test sequence with the planted motifs and with first-layer filters.

    Options: row (of the test set), trials (options of the networks, in the order of the needs
    behind the data). Leaves ``truth.npz`` and ``sites.csv`` as `planted` does, and ``traces.csv``:
    the best score of all motifs, and the largest activation of all filters, at each position.
    """
    stored = dataset.open(place.needed[0].folder / _koo_trials.DATA)
    test = stored.view("test")
    rows = np.array([given["row"]])
    _write_truth(stored, test, rows, place)
    assert stored.placements is not None
    motifs = stored.placements.motifs
    columns = {kind: _koo_scan.scan(test[rows], motifs, kind=kind)[0] for kind in _koo_scan.KINDS}
    for trial, result in zip(given["trials"], place.needed[1:], strict=True):
        model = _koo_networks.trained(_koo_trials.recipe_of(trial, stored), trial, result)
        with _koo_trials.one_thread():
            map_ = inference.activations(model, test[rows], layer="layer1.activation")
        columns[trial["activation"]] = map_.amax(dim=1)[0].numpy()
    folder.write_table(place.out / "traces.csv", pd.DataFrame(columns))
    return {}


def distributions(given: Options, place: Place) -> dict[str, Any]:
    """Count values of the first layer before and after its activation, untrained and trained.

    Options: those of the trial. On the first 100 test sequences, as published. Leaves
    ``before.csv`` and ``after.csv``: low and high of each bin, and the counts of both networks;
    what comes after is counted on the axis log10(1 + value), as its largest values are rare.
    """
    stored, model = _asked(given, place)
    untrained = _koo_networks.build(
        _koo_trials.recipe_of(given, stored), first=given.get("first", {}), seed=given["seed"]
    )
    codes = stored.view("test")[:100]
    for name, layer in (("before", "normalisation"), ("after", "activation")):
        values = {}
        for which, network in (("untrained", untrained), ("trained", model)):
            with _koo_trials.one_thread():
                map_ = inference.activations(network, codes, layer=f"layer1.{layer}")
            flat = map_.double().numpy().ravel()
            values[which] = np.log10(1 + np.maximum(flat, 0)) if name == "after" else flat
        folder.write_table(place.out / f"{name}.csv", _counted(values))
    return {}


def _counted(values: Mapping[str, np.ndarray]) -> pd.DataFrame:
    every = np.concatenate(list(values.values()))
    edges = np.linspace(every.min(), every.max() + 1e-9, BINS + 1)
    counts = {name: np.histogram(row, bins=edges)[0] for name, row in values.items()}
    return pd.DataFrame({"low": edges[:-1], "high": edges[1:], **counts})


def _asked(given: Options, place: Place) -> tuple[SequenceDataset, torch.nn.Module]:
    stored = dataset.open(place.needed[0].folder / _koo_trials.DATA)
    trial: Result = place.needed[1]
    return stored, _koo_networks.trained(_koo_trials.recipe_of(given, stored), given, trial)


PIECES = {
    function.__name__: function
    for function in (logos, planted, examples, bends, traces, distributions)
}
"""Functions that may be pieces."""
