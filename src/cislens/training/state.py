"""The state of a fit on disk, from which it goes on as if it had never stopped."""

import contextlib
import pickle
import re
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from torch import nn

from cislens import files
from cislens.data.dataset import SequenceView
from cislens.errors import UserError

FILE_NAME = "fit.pt"
"""Name of the file in the folder of a fit."""

FINGERPRINT_ROWS = 1000
"""Sequences of a split that are looked at to recognise it."""


def save(folder: Path, state: Mapping[str, Any]) -> None:
    """Write a state whole or not at all.

    Parameters
    ----------
    folder
        Folder of the fit.
    state
        Tensors, numbers, texts, lists and dicts only.
    """
    with files.whole(folder / FILE_NAME) as partial:
        torch.save(dict(state), partial)


def load(folder: Path, *, identity: Mapping[str, Any]) -> dict[str, Any] | None:
    """Read the state of a fit, if there is one; no code in the file is run.

    Parameters
    ----------
    folder
        Folder of the fit.
    identity
        What the state must have been written for.

    Returns
    -------
    dict or None
        The state with tensors on the CPU; None where nothing was saved.

    Raises
    ------
    UserError
        If the file cannot be read, or is of another fit.
    """
    path = folder / FILE_NAME
    if not path.exists():
        return None
    try:
        state: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
        found = state["identity"]
    except (RuntimeError, OSError, EOFError, KeyError, TypeError, pickle.UnpicklingError) as error:
        raise UserError(
            f"{path}: not the state of a fit, or damaged; delete it to start over"
        ) from error
    for name, value in identity.items():
        if found.get(name) != value:
            raise UserError(
                f"{path}: it is of a fit with {name}={found.get(name)!r}, this one has {value!r}; "
                "choose another folder, or delete the file to start over"
            )
    return state


def discard(folder: Path) -> None:
    """Delete the state, so that the next fit in the folder starts over.

    Parameters
    ----------
    folder
        Folder of the fit; nothing happens where it holds no state.
    """
    with contextlib.suppress(FileNotFoundError):
        (folder / FILE_NAME).unlink()


def fingerprint(model: nn.Module, train: SequenceView, validation: SequenceView) -> dict[str, str]:
    """Describe what is fitted to what, so that a state is not resumed with something else.

    Parameters
    ----------
    model
        The network; its structure counts, its weights do not.
    train
        Training sequences; their number, length, and the first thousand with their targets count.
    validation
        Validation sequences, likewise.

    Returns
    -------
    dict
        Short texts by name.
    """
    structure = re.sub(r" at 0x[0-9a-f]+", "", repr(model)).encode()
    return {
        "model": f"{zlib.crc32(structure):08x}",
        "train": _fingerprint(train),
        "validation": _fingerprint(validation),
    }


def _fingerprint(view: SequenceView) -> str:
    rows = slice(0, FINGERPRINT_ROWS)
    check = zlib.crc32(view.read_targets(rows).tobytes(), zlib.crc32(view[rows].tobytes()))
    return f"{len(view)} x {view.length} bp, {check:08x}"
