"""The grid of Koo & Ploenzke 2021: which networks are trained, and what each is asked."""

from collections.abc import Iterable, Mapping
from itertools import product
from pathlib import Path
from types import MappingProxyType
from typing import Any

from cislens.benchmarks import (
    _digests,
    _koo_controls,
    _koo_published,
    _koo_recipe,
    _koo_scan,
    _koo_scores,
)
from cislens.benchmarks._koo_scale import Scale
from cislens.jobs.plan import Piece

HALF = _koo_published.HALF

SITES: dict[str, dict[str, Any]] = {
    HALF: {"rule": "fraction-of-maximum", "threshold": 0.5},
    # Ranks, so that no activation gains by its shape.
    "best 300 sequences": {"rule": "top", "threshold": 300, "selection": "best-per-sequence"},
}
"""Rules by which the sites of a filter are chosen: the published one, and one of ranks."""

FILES = {
    "irf1": "residualbind",
    "zbed2": "residualbind",
    "task2": "",
    "task4": "basset-koo",
}
"""Tasks whose data only the user has, and the network of each (Task 2 has three)."""

DEEPSEA_COLUMNS = {
    "Arid3a": 592,
    "CEBPB": 602,
    "FOSL1": 344,
    "Gabpa": 345,
    "MAFK": 635,
    "MAX": 636,
    "MEF2A": 349,
    "NFYB": 642,
    "SP1": 359,
    "SRF": 361,
    "STAT1": 661,
    "YY1": 369,
}
"""The factors of Task 2 and their columns among the 919 of DeepSEA, counted from 0."""


def of_seed(size: Scale, seed: int, files: Mapping[str, str]) -> Iterable[Piece]:
    """Plan all that is done with one seed.

    Parameters
    ----------
    size
        The scale.
    seed
        Of weights, order of sequences and dropout.
    files
        Paths of data by task.

    Yields
    ------
    Piece
        A trial, then what is asked of its network, then the next trial.
    """
    yield from of_task3(size, seed)
    for model in ("cnn-50", "cnn-2", "cnn-deep"):
        data = simulated("task1", size)
        for activation in size.activations:
            yield from _with_filters(training("task1", data, model, activation, seed, size))
    yield from _of_files(size, seed, files)
    if size.controls and (seed == 0 or not size.brief):
        yield from _controls(size, seed)
        yield from _grammars(size, seed)


def of_task3(
    size: Scale, seed: int, models: tuple[str, ...] = ("cnn-dist", "cnn-local")
) -> Iterable[Piece]:
    """Plan the networks of Task 3 and all maps of them, with one seed."""
    data = simulated("task3", size)
    for model, activation in product(models, size.activations):
        yield from _explained(training("task3", data, model, activation, seed, size), size)


def _of_files(size: Scale, seed: int, files: Mapping[str, str]) -> Iterable[Piece]:
    """Plan the tasks whose data only the user has."""
    for task, model in FILES.items():
        if task not in files:
            continue
        data = imported(task, files[task])
        if task == "task2":
            # Twice as wide, as published for 1000 bp.
            wide = {"network": {"width_multiplier": 2}}
            for name, activation in product(("cnn-50", "cnn-2", "cnn-deep"), size.activations):
                trial = training(task, data, name, activation, seed, size, change=wide)
                yield from _with_filters(trial)
        else:
            for activation in ("exponential", "relu"):
                yield training(task, data, model, activation, seed, size)


def simulated(task: str, size: Scale) -> Piece:
    settings = {"task": f"koo2021_{task}", "mode": "legacy", **size.data}
    return _piece("simulate", settings, f"data {task}")


def imported(task: str, path: str) -> Piece:
    """Read a file of the user, known by what it holds and not by its name alone."""
    place = Path(path)
    parts = sorted(place.glob("*.mat")) if place.is_dir() else [place]
    digest = _digests.of_files(parts, option=f"files.{task}")
    options: dict[str, Any] = {"path": path, "sha256": digest}
    if task == "task2":
        options |= {"tasks": list(DEEPSEA_COLUMNS), "columns": list(DEEPSEA_COLUMNS.values())}
    else:
        options["tasks"] = None if task == "task4" else [task.upper()]
    return _piece("read", options, f"data {task}")


def training(
    task: str,
    data: Piece,
    model: str,
    activation: str,
    seed: int,
    size: Scale,
    *,
    variant: str = "",
    change: Mapping[str, Any] = MappingProxyType({}),
) -> Piece:
    """Train one network, by the published recipe but for the weights of the best epoch."""
    fit: dict[str, Any] = {"epochs": size.epochs}
    fit["monitor"] = "validation_aupr" if task in ("task1", "task2") else "validation_auroc"
    if task in ("irf1", "zbed2", "task4"):
        # The published runs stack reverse complements: half the batch, as many steps an epoch.
        fit |= {"reverse_complement": 0.5, "batch_size": 50}
    labels = {"task": task, "model": model, "activation": activation}
    if variant:
        labels["variant"] = variant
    options = {
        "labels": labels,
        "architecture": model,
        "activation": activation,
        "seed": seed,
        **change,
        "fit": {**fit, **change.get("fit", {})},
    }
    label = " ".join(part for part in (task, model, activation, variant, f"seed{seed}") if part)
    return _piece("train", options, f"{label} training", needs=(data,))


def _controls(size: Scale, seed: int) -> Iterable[Piece]:
    """Plan the control experiments: other first layers, other sites, other references."""
    data = simulated("task1", size)
    for variant in _koo_controls.of_networks(brief=size.brief):
        trial = training(
            "task1",
            data,
            "cnn-deep",
            variant.activation,
            seed,
            size,
            variant=variant.name,
            change=variant.change,
        )
        yield trial
        yield asked("read_filters", trial, HALF, {"sites": SITES[HALF]})
    for activation in ("exponential", "relu"):
        trial = training("task1", data, "cnn-deep", activation, seed, size)
        for threshold in _koo_controls.THRESHOLDS[: 1 if size.brief else None]:
            sites = {"rule": "fraction-of-maximum", "threshold": threshold}
            yield asked("read_filters", trial, f"above {threshold:g}", {"sites": sites})
        yield asked("spread", trial, "spread", {})
        yield asked("locate", trial, "first-layer maps", {})
    if seed == 0:
        for kind in _koo_scan.KINDS:
            labels = {"task": "task1", "model": "known motifs", "activation": "", "method": kind}
            given = {"labels": labels, "seed": 0, "kind": kind}
            yield _piece("locate", given, f"task1 {kind} seed0", needs=(data,))
    data = simulated("task3", size)
    for variant in _koo_controls.regularised():
        trial = training(
            "task3",
            data,
            "cnn-dist",
            variant.activation,
            seed,
            size,
            variant=variant.name,
            change=variant.change,
        )
        yield trial
        yield asked("explain", trial, "saliency", {"method": "saliency", "n": size.mapped})
    for activation in ("exponential", "relu"):
        trial = training("task3", data, "cnn-dist", activation, seed, size)
        for count in _koo_controls.REFERENCES[: 1 if size.brief else None]:
            for method in ("DeepSHAP", "integrated gradients"):
                more = {"method": method, "n": size.mapped, "references": count}
                piece = asked("explain", trial, f"{method}, {count} references", more)
                yield piece


def _grammars(size: Scale, seed: int) -> Iterable[Piece]:
    """Plan the tasks of our own: Task 3 without its faults, and the rules of pairs."""
    settings = {"task": "koo2021_task3", "mode": "corrected", **size.data}
    tasks = {"task3-corrected": settings} | {
        f"pairs-{rule}": {"task": "pair_grammar", "rule": rule, **size.data}
        for rule in ("spacing", "order", "orientation", "all")
    }
    for task, given in tasks.items():
        data = _piece("simulate", given, f"data {task}")
        for model, activation in product(("cnn-dist", "cnn-local"), ("exponential", "relu")):
            yield from _explained(training(task, data, model, activation, seed, size), size)


def of_recipe(size: Scale) -> Iterable[Piece]:
    """Plan what chooses the recipe of interpretable maps, and what tells how good it is.

    Parameters
    ----------
    size
        The scale.

    Yields
    ------
    Piece
        Trials, then the consensus of their maps.
    """
    corrected = {"task": "koo2021_task3", "mode": "corrected", **size.data}
    legacy = simulated("task3", size)
    other = _piece("simulate", corrected, "data task3-corrected")
    plans = (("task3-corrected", other, _koo_recipe.TUNED), ("task3", legacy, _koo_recipe.TOLD))
    for task, data, seeds in plans:
        for seed in seeds[: 1 if size.brief else None]:
            trials = [
                training(task, data, "cnn-dist", activation, seed, size)
                for activation in _koo_recipe.MEMBERS
            ]
            yield from trials
            tune = seeds is _koo_recipe.TUNED
            yield _koo_recipe.piece(trials, task=task, seed=seed, mapped=size.mapped, tune=tune)


def _with_filters(trial: Piece) -> Iterable[Piece]:
    yield trial
    for name, sites in SITES.items():
        yield asked("read_filters", trial, name, {"sites": sites})


def _explained(trial: Piece, size: Scale) -> Iterable[Piece]:
    yield trial
    for name in _koo_scores.METHODS:
        yield asked("explain", trial, name, {"method": name, "n": size.mapped})


def asked(function: str, trial: Piece, name: str, more: dict[str, Any]) -> Piece:
    """Ask the network of a trial."""
    options = {key: value for key, value in trial.options.items() if key != "fit"} | more
    options["labels"] = {**options["labels"], "method": name}
    label = trial.label.replace("training", name)
    return _piece(function, options, label, needs=(*trial.needs, trial))


def _piece(
    function: str, options: dict[str, Any], label: str, needs: tuple[Piece, ...] = ()
) -> Piece:
    full = function if ":" in function else f"cislens.benchmarks._koo_trials:{function}"
    return Piece(full, options, needs=needs, label=label)
