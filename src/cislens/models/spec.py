"""Recipes: all it takes to build a network again, as plain data."""

import dataclasses
import inspect
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

import torch
from torch import Tensor, nn

from cislens.errors import UserError
from cislens.models import _names, activations
from cislens.models.zoo import ARCHITECTURES, PROFILE_ARCHITECTURES
from cislens.sequence import alphabet

Objective = Literal["binary", "regression", "poisson", "profile"]
OBJECTIVES: tuple[str, ...] = get_args(Objective)

_BUILDERS: dict[str, Callable[..., nn.Module]] = {**ARCHITECTURES, **PROFILE_ARCHITECTURES}

_OWN_FIELDS = ("input_length", "outputs", "activation")


@dataclass(frozen=True)
class Recipe:
    """What network to build, and what its outputs mean.

    Raises
    ------
    UserError
        If a value is not one of the known ones, or an option is not of this architecture.
    """

    architecture: str
    """A key of `cislens.models.zoo.ARCHITECTURES`, or of ``PROFILE_ARCHITECTURES`` there."""
    input_length: int
    """Length of the sequences, in bp."""
    tasks: tuple[str, ...]
    """Names of the outputs, in order."""
    objective: str
    """What a logit is, an `Objective`: the log odds of a label ("binary"), the value itself
    ("regression"), the natural log of an expected count ("poisson"), or that of a share of the
    counts, for the architectures that give profiles ("profile")."""
    activation: str = "relu"
    """First-layer activation, a key of `cislens.models.activations.ACTIVATIONS`."""
    options: dict[str, Any] = field(default_factory=dict)
    """Further arguments of the architecture's builder, such as ``width_multiplier``."""
    alphabet: str = "DNA"
    """Name of the alphabet of the sequences."""

    def __post_init__(self) -> None:
        if self.architecture not in _BUILDERS:
            raise _names.unknown("architecture", self.architecture, _BUILDERS)
        if self.activation not in activations.ACTIVATIONS:
            raise _names.unknown("activation", self.activation, activations.ACTIVATIONS)
        if self.objective not in OBJECTIVES:
            raise _names.unknown("objective", self.objective, OBJECTIVES)
        if (self.objective == "profile") != (self.architecture in PROFILE_ARCHITECTURES):
            raise UserError(
                f"objective={self.objective!r}: {self.architecture} gives something else; "
                f"architectures of profiles are {', '.join(PROFILE_ARCHITECTURES)}"
            )
        if not self.tasks or len(set(self.tasks)) < len(self.tasks):
            raise UserError(f"tasks={self.tasks!r}: wants at least one name, each once")
        if not isinstance(self.input_length, int) or self.input_length < 1:
            raise UserError(f"input_length={self.input_length!r}: wants a whole number of bp")
        alphabet.by_name(self.alphabet)
        known = known_options(self.architecture)
        for name in self.options:
            if name not in known:
                raise _names.unknown(f"{self.architecture} option", name, known)
        try:
            json.dumps(self.options)
        except TypeError as error:
            raise UserError(f"options: {error}; wants what JSON can hold") from error

    def to_json(self) -> str:
        """Write the recipe as one JSON object.

        Returns
        -------
        str
            The text, for `from_json`.
        """
        return json.dumps(dataclasses.asdict(self))


def from_json(text: str) -> Recipe:
    """Read a recipe that `Recipe.to_json` wrote.

    Parameters
    ----------
    text
        One JSON object with the fields of a recipe.

    Returns
    -------
    Recipe
        The recipe.

    Raises
    ------
    UserError
        If the text is not JSON, or a field is missing, unknown or has an unknown value.
    """
    try:
        fields = json.loads(text)
    except json.JSONDecodeError as error:
        raise UserError(f"recipe: not JSON: {error}") from error
    if not isinstance(fields, dict):
        raise UserError(f"recipe: got a JSON {type(fields).__name__}; wants an object")
    known = {f.name: f for f in dataclasses.fields(Recipe)}
    for name in fields:
        if name not in known:
            raise _names.unknown("field of a recipe", name, known)
    needed = [name for name, f in known.items() if _is_required(f)]
    missing = [name for name in needed if name not in fields]
    if missing:
        raise UserError(f"recipe: {missing[0]!r} is missing; a recipe needs {', '.join(needed)}")
    if not isinstance(fields["tasks"], list):
        raise UserError(f"tasks={fields['tasks']!r}: wants a list of names")
    return Recipe(**{**fields, "tasks": tuple(fields["tasks"])})


def _is_required(entry: dataclasses.Field) -> bool:
    return entry.default is dataclasses.MISSING and entry.default_factory is dataclasses.MISSING


def known_options(architecture: str) -> dict[str, Any]:
    """List what a recipe's options may set.

    Parameters
    ----------
    architecture
        Name of an architecture, as in a recipe.

    Returns
    -------
    dict[str, Any]
        The default of each option, by name.
    """
    signature = inspect.signature(_BUILDERS[architecture])
    return {
        name: parameter.default
        for name, parameter in signature.parameters.items()
        if name not in _OWN_FIELDS
    }


def build(recipe: Recipe) -> nn.Module:
    """Build the network of a recipe, with new weights.

    Parameters
    ----------
    recipe
        The recipe. The weights are drawn from PyTorch's global generator.

    Returns
    -------
    nn.Module
        The network, in training mode.

    Raises
    ------
    UserError
        If the sequences are too short for it, or an option has a value it cannot have.
    """
    return _BUILDERS[recipe.architecture](
        input_length=recipe.input_length,
        outputs=len(recipe.tasks),
        activation=recipe.activation,
        **recipe.options,
    )


def to_prediction(objective: str, logits: Tensor) -> Tensor:
    """Turn logits into predictions.

    Parameters
    ----------
    objective
        What the logits are; see `Recipe`.
    logits
        Logits of any shape; positions on the last axis of those of a profile.

    Returns
    -------
    Tensor
        Probabilities ("binary"), values ("regression"), expected counts ("poisson") or the share
        of the counts at each position ("profile").

    Raises
    ------
    UserError
        If there is no such objective.
    """
    if objective not in OBJECTIVES:
        raise _names.unknown("objective", objective, OBJECTIVES)
    if objective == "binary":
        return torch.sigmoid(logits)
    if objective == "profile":
        return torch.softmax(logits, dim=-1)
    return torch.exp(logits) if objective == "poisson" else logits


def parameters(model: nn.Module) -> int:
    """Count the weights.

    Parameters
    ----------
    model
        Any network; its buffers are not counted, shared weights are counted once.

    Returns
    -------
    int
        Number of scalars.
    """
    return sum(parameter.numel() for parameter in model.parameters())
