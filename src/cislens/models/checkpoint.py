"""Trained networks as files: one safetensors file with the recipe inside, and foreign weights.

Nothing here unpickles: a file can hold tensors and text, and no code.
"""

import json
import os
from importlib import metadata
from pathlib import Path
from typing import Any, NamedTuple

import safetensors.torch
import torch
from torch import Tensor, nn

from cislens import files
from cislens.errors import UserError
from cislens.models import _tensor_files, spec
from cislens.models._tensor_files import CheckpointError as CheckpointError
from cislens.sequence import alphabet

FORMAT = 1
"""Version of the metadata that this cislens writes, and the newest it reads."""

_PREFIXES = ("module.", "model.")


class Checkpoint(NamedTuple):
    """A network with what is known of it."""

    model: nn.Module
    """The network, in evaluation mode, on the CPU."""
    recipe: spec.Recipe
    """What it was built from."""
    summary: dict[str, Any]
    """What was noted of its training."""


def save(
    path: str | os.PathLike[str],
    model: nn.Module,
    recipe: spec.Recipe,
    *,
    summary: dict[str, Any] | None = None,
) -> None:
    """Write a network into one file, which appears only when it is whole.

    Parameters
    ----------
    path
        The file, named ``.safetensors``; an older one is replaced.
    model
        The network, built from ``recipe``.
    recipe
        What it was built from.
    summary
        What to note of its training, as JSON can hold it.

    Raises
    ------
    UserError
        If the weights are not those of the recipe, the summary is not JSON, or the folder is
        missing.
    """
    path = Path(path)
    weights = {k: t.detach().cpu().contiguous().clone() for k, t in model.state_dict().items()}
    _refuse_misfit(f"recipe of {path.name}", weights, _skeleton(recipe))
    if not path.parent.is_dir():
        raise CheckpointError(f"{path}: there is no folder {path.parent}; make it first")
    try:
        noted = json.dumps(summary or {})
    except TypeError as error:
        raise CheckpointError(f"summary: {error}; wants text, numbers, lists and dicts") from error
    notes = {
        "cislens_format": str(FORMAT),
        "cislens_version": metadata.version("cislens"),
        "recipe": recipe.to_json(),
        "summary": noted,
        "alphabet": recipe.alphabet,
        "channels": alphabet.by_name(recipe.alphabet).letters,
    }
    with files.whole(path) as partial:
        safetensors.torch.save_file(weights, partial, metadata=notes)
        _sort_notes(partial)


def _sort_notes(path: Path) -> None:
    """Sort the notes in the header, which safetensors leaves in an order drawn anew each time."""
    with path.open("r+b") as file:
        size = int.from_bytes(file.read(8), "little")
        header = json.loads(file.read(size))
        header["__metadata__"] = dict(sorted(header["__metadata__"].items()))
        text = json.dumps(header, separators=(",", ":"), ensure_ascii=False).encode()
        # The format ends a header that is shorter than its place by blanks.
        if len(text) <= size:
            file.seek(8)
            file.write(text.ljust(size))


def load(path: str | os.PathLike[str]) -> Checkpoint:
    """Read a network that `save` wrote.

    Parameters
    ----------
    path
        The file.

    Returns
    -------
    Checkpoint
        The network with its recipe and the summary of its training.

    Raises
    ------
    CheckpointError
        If the file is missing, cut off, of another kind or of a newer format, or if its weights
        are not those of its recipe.
    """
    path = Path(path)
    weights, notes = _tensor_files.read_safetensors(path)
    if "recipe" not in notes:
        raise CheckpointError(
            f"{path}: holds weights but no recipe of cislens; build the model yourself and use "
            "checkpoint.load_weights"
        )
    _refuse_newer(path, notes)
    try:
        recipe = spec.from_json(notes["recipe"])
    except UserError as error:
        raise CheckpointError(f"{path}: {error}") from error
    model = filled(str(path), recipe, weights)
    return Checkpoint(model, recipe, json.loads(notes.get("summary", "{}")))


def load_weights(path: str | os.PathLike[str], model: nn.Module) -> None:
    """Read foreign weights into a network, all or none.

    Parameters
    ----------
    path
        A ``.safetensors`` file, or a PyTorch file of tensors: the state dict itself or under
        "state_dict", "model" or "model_state_dict". A "module." or "model." before all names is
        dropped.
    model
        The network, changed in place; its device and number types stay.

    Raises
    ------
    CheckpointError
        If the file is missing, cut off or needs pickle, or if its names and shapes are not those
        of the network.
    """
    path = Path(path)
    found = _without_prefix(tensors(path), set(model.state_dict()))
    own = model.state_dict()
    # Files older than PyTorch 0.4.1 do not count batches, and nothing depends on that count here.
    counters = {k: t for k, t in own.items() if k.endswith("num_batches_tracked")}
    found = {**counters, **found}
    _refuse_misfit(str(path), found, model)
    model.load_state_dict(found)


def tensors(path: str | os.PathLike[str]) -> dict[str, Tensor]:
    """Read the tensors of a file by name, whatever network they are of.

    Parameters
    ----------
    path
        A file as `load_weights` takes it.

    Returns
    -------
    dict[str, Tensor]
        The tensors, on the CPU.

    Raises
    ------
    CheckpointError
        If the file is missing, cut off or needs pickle.
    """
    path = Path(path)
    if path.suffix == ".safetensors":
        return _tensor_files.read_safetensors(path)[0]
    return _tensor_files.read_torch(path)


def filled(source: str, recipe: spec.Recipe, weights: dict[str, Tensor]) -> nn.Module:
    """Build a network around weights.

    Parameters
    ----------
    source
        Where the weights come from, for errors.
    recipe
        What to build.
    weights
        Every tensor of the network, by name.

    Returns
    -------
    nn.Module
        The network, in evaluation mode.

    Raises
    ------
    CheckpointError
        If the weights are not those of the recipe.
    """
    model = _skeleton(recipe)
    _refuse_misfit(source, weights, model)
    model.load_state_dict(weights, assign=True)
    return model.eval()


def _skeleton(recipe: spec.Recipe) -> nn.Module:
    """Build the network without memory for its weights."""
    with torch.device("meta"):
        return spec.build(recipe)


def _without_prefix(tensors: dict[str, Tensor], wanted: set[str]) -> dict[str, Tensor]:
    for prefix in _PREFIXES:
        foreign = all(key.startswith(prefix) for key in tensors)
        if foreign and not any(key.startswith(prefix) for key in wanted):
            tensors = {key.removeprefix(prefix): tensor for key, tensor in tensors.items()}
    return tensors


def _refuse_newer(path: Path, notes: dict[str, str]) -> None:
    written = notes.get("cislens_format", "")
    if not written.isdecimal():
        raise CheckpointError(f"{path}: cislens_format={written!r}; wants {FORMAT} or below")
    if int(written) > FORMAT:
        raise CheckpointError(
            f"{path}: format {written}, written by cislens {notes.get('cislens_version')}; this "
            f"one reads up to format {FORMAT}: upgrade cislens"
        )


def _refuse_misfit(source: str, tensors: dict[str, Tensor], model: nn.Module) -> None:
    """Name the first weight that is missing, has another shape or is too many."""
    own = model.state_dict()
    for key, tensor in own.items():
        if key not in tensors:
            extra = next((k for k in tensors if k not in own), None)
            found = f"; it has {extra!r} {tuple(tensors[extra].shape)}" if extra else ""
            raise CheckpointError(
                f"{source}: no {key!r} {tuple(tensor.shape)}, which the model needs{found}: "
                "another architecture"
            )
        if tensors[key].shape != tensor.shape:
            raise CheckpointError(
                f"{source}: {key!r} is {tuple(tensors[key].shape)}, the model wants "
                f"{tuple(tensor.shape)}: another architecture or other options"
            )
    for key, tensor in tensors.items():
        if key not in own:
            raise CheckpointError(
                f"{source}: has {key!r} {tuple(tensor.shape)}, which the model lacks: another "
                "architecture"
            )
