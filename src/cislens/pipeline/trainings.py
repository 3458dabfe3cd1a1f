"""The trainings of several runs, and which of them differ in their seed alone."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from cislens.errors import UserError
from cislens.pipeline import folder


class Training(NamedTuple):
    """One trained network."""

    name: str
    """What it is called in tables: its run, and its model if the run has several."""
    condition: str
    """Name of the first training with these options."""
    seed: int
    """Seed of its weights and order."""
    place: Path
    """Folder of its model."""


def find(runs: Sequence[Path]) -> list[Training]:
    """List the trainings of run folders.

    Parameters
    ----------
    runs
        Run folders with trained models.

    Returns
    -------
    list of Training
        In the order of the runs.

    Raises
    ------
    UserError
        If a folder holds no trained model or no options, or there is nothing to compare.
    """
    conditions: dict[str, str] = {}
    found = []
    names = _distinct(runs)
    for run in runs:
        places = folder.models(run)
        for place in places:
            name = names[run] + (f"/{place.name}" if len(places) > 1 else "")
            card = folder.read_json(place / "card.json")
            key = _options(run, card["activation"])
            condition = conditions.setdefault(key, name)
            found.append(Training(name, condition, int(card["seed"]), place))
    if len(found) < 2:
        raise UserError(
            f"runs: {len(found)} trained model in {', '.join(map(str, runs)) or 'no folder'}; "
            "give run folders of two trainings at least"
        )
    return found


def differences(trainings: Sequence[Training]) -> list[dict[str, str]]:
    """Say which options the conditions differ in.

    Parameters
    ----------
    trainings
        From `find`.

    Returns
    -------
    list of dict
        One row an option: its name, and its value under each condition.
    """
    first = {training.condition: training for training in reversed(trainings)}
    names = list(dict.fromkeys(training.condition for training in trainings))
    values = {}
    for name in names:
        run, card = _run_of(first[name].place), folder.read_json(first[name].place / "card.json")
        values[name] = json.loads(_options(run, card["activation"]))
    keys = dict.fromkeys(key for name in names for key in values[name])
    return [
        {"option": key, **{name: _said(values[name].get(key)) for name in names}}
        for key in keys
        if len({_said(values[name].get(key)) for name in names}) > 1
    ]


def _run_of(place: Path) -> Path:
    return place.parent.parent


def _options(run: Path, activation: str) -> str:
    """Write the options of a training in one line that is equal for equal options."""
    path = next((run / name for name in ("train.yaml", "run.yaml") if (run / name).exists()), None)
    if path is None:
        raise UserError(f"{run}: neither train.yaml nor run.yaml; is it a run folder?")
    options = yaml.safe_load(path.read_text(encoding="utf-8"))
    kept = {"model": options["model"], "fit": options["fit"]}
    kept["model"]["activations"] = activation
    return json.dumps(_flat(kept), sort_keys=True)


def _flat(options: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for key, value in options.items():
        if isinstance(value, dict):
            flat |= _flat(value, f"{prefix}{key}.")
        elif value is not None:
            flat[f"{prefix}{key}"] = value
        elif prefix == "fit.prior.terms.":
            # Named without a weight, a prior still is one.
            flat[f"{prefix}{key}"] = "usual"
    return flat


def _said(value: object) -> str:
    return "" if value is None else str(value)


def _distinct(runs: Sequence[Path]) -> dict[Path, str]:
    """Name runs by the end of their path, as long as it takes to tell them apart."""
    resolved = {run: run.resolve().parts for run in runs}
    depth = 1
    while len({parts[-depth:] for parts in resolved.values()}) < len(runs) and depth < 9:
        depth += 1
    return {run: "/".join(parts[-depth:]) for run, parts in resolved.items()}
