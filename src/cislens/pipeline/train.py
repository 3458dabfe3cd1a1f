"""Train one network for each first-layer activation asked for."""

import time
from pathlib import Path
from typing import Any

import torch

from cislens import files
from cislens.data import dataset
from cislens.errors import UserError
from cislens.models import checkpoint, layers, spec
from cislens.pipeline import card, folder, options, origin, progress, verbs
from cislens.training import fit, state

OBJECTIVES: dict[str, spec.Objective] = {
    "binary": "binary",
    "continuous": "regression",
    "count": "poisson",
    "profile": "profile",
}


def run(chosen: verbs.Train) -> str:
    """Train and write a run folder.

    Parameters
    ----------
    chosen
        The options of `cislens train`.

    Returns
    -------
    str
        What was written, for the user.
    """
    with folder.claimed(chosen.out, chosen, name="train.yaml"):
        written = models(chosen)
    folder.write_environment(chosen.out, seed=chosen.seed)
    return "\n".join(str(path) for path in written)


def models(chosen: verbs.Train) -> list[Path]:
    """Train what is not trained yet.

    Parameters
    ----------
    chosen
        The options of `cislens train`.

    Returns
    -------
    list of Path
        The model files, in the order of the activations.

    Raises
    ------
    UserError
        If the dataset and the network do not fit each other.
    """
    stored = dataset.open(chosen.data)
    recipes = {
        name: recipe(chosen.model, stored, activation=name) for name in chosen.model.activations
    }
    with torch.device("meta"):
        # A layer that does not fit the length shows before the first network trains.
        for found in recipes.values():
            _check_profile(spec.build(found), stored)
    card.write(chosen.out, chosen.data)
    return [_model(chosen, stored, found) for found in recipes.values()]


def recipe(
    chosen: options.ModelOptions, stored: dataset.SequenceDataset, *, activation: str
) -> spec.Recipe:
    """Fit an architecture to a dataset.

    Parameters
    ----------
    chosen
        Which network.
    stored
        The dataset it will be trained on.
    activation
        Activation of the first layer.

    Returns
    -------
    Recipe
        All that is needed to build the network.
    """
    return spec.Recipe(
        architecture=chosen.architecture,
        input_length=stored.length,
        tasks=stored.tasks,
        objective=OBJECTIVES[stored.target_kind],
        activation=activation,
        options=_options(chosen, stored),
        alphabet=stored.alphabet.name,
    )


def _options(chosen: options.ModelOptions, stored: dataset.SequenceDataset) -> dict[str, Any]:
    """Add what the tracks of a dataset say of a network; what was given has to agree."""
    if stored.profile is None:
        return chosen.options
    told = {"strands": stored.profile.strands, "control": stored.profile.control}
    for name, value in told.items():
        if chosen.options.get(name, value) != value:
            raise UserError(
                f"model.options.{name}={chosen.options[name]!r}: {stored.path} was built with "
                f"{value!r}; leave the option out"
            )
    return {**chosen.options, **told}


def _check_profile(model: torch.nn.Module, stored: dataset.SequenceDataset) -> None:
    """Refuse a network whose profile has another length than the dataset's."""
    length = getattr(model, "output_length", None)
    if stored.profile is not None and length not in {None, stored.profile.positions}:
        wanted = stored.length - length + stored.profile.positions
        raise UserError(
            f"{stored.path}: profiles of {stored.profile.positions} bp; of {stored.length} bp the "
            f"network predicts {length}: build the dataset with profile.context={wanted} or "
            f"profile.positions={length}"
        )


def _model(chosen: verbs.Train, stored: dataset.SequenceDataset, wanted: spec.Recipe) -> Path:
    place = chosen.out / "models" / wanted.activation
    path = place / "model.safetensors"
    if path.exists():
        progress.step(f"{wanted.architecture} with {wanted.activation}: trained before")
        return path
    progress.step(f"training {wanted.architecture} with {wanted.activation}")
    place.mkdir(parents=True, exist_ok=True)
    began = time.monotonic()
    model = initialised(wanted, chosen.seed)
    result = fit.fit(
        model,
        stored.view("train"),
        stored.view("validation"),
        objective=wanted.objective,
        options=chosen.fit,
        folder=place,
        seed=chosen.seed,
    )
    folder.write_table(place / "history.csv", result.history)
    summary = {
        "architecture": wanted.architecture,
        "activation": wanted.activation,
        "parameters": spec.parameters(model),
        "objective": wanted.objective,
        "options": wanted.options,
        "epochs": len(result.history),
        "best_epoch": result.best_epoch,
        "stopped": result.stopped,
        "seconds": round(time.monotonic() - began, 1),
        "seed": chosen.seed,
        "layer": next(iter(layers.convolutions(model))),
        "first_filters": next(iter(layers.convolutions(model).values())).out_channels,
        **origin.card(chosen.out, chosen.data),
    }
    folder.write_json(place / "card.json", summary)
    checkpoint.save(path, model, wanted, summary=summary)
    files.remove(place / state.FILE_NAME)
    return path


def initialised(wanted: spec.Recipe, seed: int) -> torch.nn.Module:
    """Build a network with weights that depend on the seed only.

    Parameters
    ----------
    wanted
        The recipe.
    seed
        Seed of the weights; the global state of the generators is left as it was.

    Returns
    -------
    Module
        The untrained network.
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return spec.build(wanted)
