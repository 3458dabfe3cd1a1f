"""What is explained: which models, which of their outputs, and which sequences."""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from torch import nn

from cislens.data import dataset
from cislens.errors import UserError
from cislens.models import checkpoint, fingerprint, heads, inference, inputs, spec
from cislens.pipeline import evaluating, folder, progress
from cislens.pipeline.attribute_options import Attribute

BLOCK = 4096
"""Sequences hashed at once."""


class Explained(NamedTuple):
    """A model that is explained."""

    name: str
    """What it is called in the folder of results."""
    model: nn.Module
    """The network, of both strands if that was asked for."""
    recipe: spec.Recipe
    """What it was built from."""
    hash: str
    """Hash of its recipe and weights."""


class Selection(NamedTuple):
    """The sequences that are explained."""

    view: dataset.SequenceView
    """The sequences, unread."""
    words: str
    """Which they are, in words."""
    hash: str
    """Hash of their names and bases."""


def models(chosen: Attribute, stored: dataset.SequenceDataset) -> list[Explained]:
    """Load the models that were named.

    Parameters
    ----------
    chosen
        The options of `cislens attribute`.
    stored
        The dataset they must fit.

    Returns
    -------
    list of Explained
        In the order named; those of a run folder by name.

    Raises
    ------
    UserError
        If none is named, two have one name, or one does not fit the dataset.
    """
    found = []
    for path in files(chosen):
        loaded = checkpoint.load(path)
        evaluating.check_fit(stored, loaded.recipe)
        if chosen.both_strands and loaded.recipe.alphabet == "RNA":
            raise UserError("both_strands=true: RNA has one strand; leave the option out")
        network = of_numbers(loaded, path)
        network = inputs.BothStrands(network) if chosen.both_strands else network
        name = path.parent.name if path.name == "model.safetensors" else path.stem
        weights = fingerprint.of(loaded.model, loaded.recipe)
        found.append(Explained(name, network, loaded.recipe, weights))
    names = [model.name for model in found]
    twice = [name for name in names if names.count(name) > 1]
    if twice:
        raise UserError(f"models: two are named {twice[0]!r}; rename the file of one")
    return found


def of_numbers(loaded: checkpoint.Checkpoint, path: Path) -> nn.Module:
    """Give one number a task: of profiles that of their shape, all strands together.

    Parameters
    ----------
    loaded
        A model.
    path
        Where it was loaded from, for the message.

    Returns
    -------
    Module
        The network that is explained.

    Raises
    ------
    UserError
        If it reads control tracks.
    """
    if loaded.recipe.objective != "profile":
        return loaded.model
    if loaded.recipe.options["control"] != "none":
        raise UserError(
            f"{path}: reads control tracks beside the sequence, which maps leave open; explain it "
            "in Python, with cislens.models.inputs.OneInput around it"
        )
    strands = loaded.recipe.options["strands"]
    return heads.ProfileShape(loaded.model, head=0, strands=strands)


def files(chosen: Attribute) -> list[Path]:
    """List the model files.

    Parameters
    ----------
    chosen
        The options of `cislens attribute`.

    Returns
    -------
    list of Path
        Model files; a run folder stands for all of its models.

    Raises
    ------
    UserError
        If none is named or there, or a run folder has none.
    """
    found: list[Path] = []
    for path in _named(chosen):
        if path.is_dir():
            found += [place / "model.safetensors" for place in folder.models(path)]
        else:
            found.append(path)
    return found


def run_folder(chosen: Attribute) -> Path | None:
    """Tell which run folder was named.

    Parameters
    ----------
    chosen
        The options of `cislens attribute`.

    Returns
    -------
    Path | None
        The folder, or None for model files.

    Raises
    ------
    UserError
        If none is named or there.
    """
    named = _named(chosen)
    return named[0] if len(named) == 1 and named[0].is_dir() else None


def _named(chosen: Attribute) -> list[Path]:
    named = chosen.models if isinstance(chosen.models, list) else [chosen.models]
    if not named:
        raise UserError("models: none is named; give a run folder or a model file (.safetensors)")
    for path in named:
        if not path.exists():
            raise UserError(f"models: {path}: no such run folder or model file (.safetensors)")
    return named


def targets(chosen: Attribute, tasks: Sequence[str]) -> list[int]:
    """Find the outputs that were named.

    Parameters
    ----------
    chosen
        The options of `cislens attribute`.
    tasks
        Names of the outputs.

    Returns
    -------
    list of int
        Their numbers, each once.

    Raises
    ------
    UserError
        If there is no such output.
    """
    named = chosen.targets if isinstance(chosen.targets, list) else [chosen.targets]
    if not named:
        return list(range(len(tasks)))
    return list(dict.fromkeys(_target(name, tasks) for name in named))


def _target(name: int | str, tasks: Sequence[str]) -> int:
    if str(name) in tasks:
        return list(tasks).index(str(name))
    if isinstance(name, int) and 0 <= name < len(tasks):
        return name
    shown = ", ".join(tasks[:20]) + (", …" if len(tasks) > 20 else "")
    raise UserError(
        f"targets: {name!r} is no output; wants a number from 0 to {len(tasks) - 1} or a task: "
        f"{shown}"
    )


def selections(
    chosen: Attribute,
    stored: dataset.SequenceDataset,
    explained: Sequence[Explained],
    wanted: Sequence[int],
) -> dict[int, Selection]:
    """Choose the sequences of each target.

    Parameters
    ----------
    chosen
        The options of `cislens attribute`.
    stored
        The dataset.
    explained
        The models, whose mean prediction counts for ``top``.
    wanted
        Numbers of the outputs.

    Returns
    -------
    dict[int, Selection]
        By number of the output.

    Raises
    ------
    UserError
        If a named sequence is not in the dataset, or none is left.
    """
    if chosen.sequences:
        names = chosen.sequences if isinstance(chosen.sequences, list) else [chosen.sequences]
        view = dataset.SequenceView(stored, _rows(names, stored))
        return dict.fromkeys(wanted, _selection(view, f"{len(names)} chosen sequences"))
    view = stored.view(None if chosen.split == "all" else chosen.split)
    if not len(view):
        raise UserError(f"split={chosen.split}: {stored.path} has no such sequence; choose another")
    part = "sequences" if chosen.split == "all" else f"{chosen.split} sequences"
    if chosen.top is None or chosen.top >= len(view):
        return dict.fromkeys(wanted, _selection(view, f"all {len(view)} {part}"))
    outputs = _mean_outputs(explained, view)
    tasks = explained[0].recipe.tasks
    return {
        target: _selection(
            dataset.SequenceView(stored, view.indices[_highest(outputs[:, target], chosen.top)]),
            f"the {chosen.top} of {len(view)} {part} with the highest prediction of "
            f"{tasks[target]}" + (" (mean of the models)" if len(explained) > 1 else ""),
        )
        for target in wanted
    }


def _rows(names: Sequence[str], stored: dataset.SequenceDataset) -> np.ndarray:
    places = {name: row for row, name in enumerate(stored.ids)}
    for name in names:
        if str(name) not in places:
            raise UserError(
                f"sequences: {name!r} is not in {stored.path}; its first is {stored.ids[0]!r}"
            )
    return np.array([places[str(name)] for name in dict.fromkeys(names)], np.int64)


def _mean_outputs(explained: Sequence[Explained], view: dataset.SequenceView) -> np.ndarray:
    progress.step(f"predicting {len(view)} sequences to find the highest")
    total = sum(inference.predict(model.model, view).double() for model in explained)
    return np.asarray(total) / len(explained)


def _highest(outputs: np.ndarray, count: int) -> np.ndarray:
    return np.argsort(-outputs, kind="stable")[:count]


def _selection(view: dataset.SequenceView, words: str) -> Selection:
    digest = hashlib.sha256("\n".join(view.ids).encode())
    for start in range(0, len(view), BLOCK):
        digest.update(view[start : start + BLOCK].tobytes())
    return Selection(view, words, digest.hexdigest())
