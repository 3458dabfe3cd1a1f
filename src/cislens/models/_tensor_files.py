"""Files of tensors by name; nothing here unpickles more than tensors."""

import pickle
from pathlib import Path
from typing import Any

import safetensors
import torch
from torch import Tensor

from cislens.errors import UserError

_WRAPPERS = ("state_dict", "model", "model_state_dict")


class CheckpointError(UserError):
    """A file that holds no weights for this network."""


def read_safetensors(path: Path) -> tuple[dict[str, Tensor], dict[str, str]]:
    _refuse_missing(path)
    try:
        with safetensors.safe_open(path, framework="pt") as file:
            return {key: file.get_tensor(key) for key in file.keys()}, file.metadata() or {}  # noqa: SIM118
    except safetensors.SafetensorError as error:
        raise CheckpointError(
            f"{path}: not a whole safetensors file ({error}); copy or train it again"
        ) from error


def read_torch(path: Path) -> dict[str, Tensor]:
    _refuse_missing(path)
    try:
        content: Any = torch.load(path, map_location="cpu", weights_only=True)
    except pickle.UnpicklingError as error:
        raise CheckpointError(
            f"{path}: holds more than tensors, and unpickling it could run foreign code; where you "
            "trust it, save its model.state_dict() and load that file"
        ) from error
    except Exception as error:  # broken bytes may lead the reader to any of them
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise CheckpointError(
            f"{path}: not a whole PyTorch file ({reason}); copy or download it again"
        ) from error
    for wrapper in _WRAPPERS:
        if isinstance(content, dict) and isinstance(content.get(wrapper), dict):
            content = content[wrapper]
    if not isinstance(content, dict) or not all(isinstance(t, Tensor) for t in content.values()):
        raise CheckpointError(f"{path}: holds no state dict; wants tensors by name")
    return dict(content)


def _refuse_missing(path: Path) -> None:
    if not path.is_file():
        raise CheckpointError(f"{path}: no such file")
