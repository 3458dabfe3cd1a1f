"""Sequences in batches: one-hot tensors, or anything with a length that slices into base codes."""

from collections.abc import Iterator
from typing import Protocol, runtime_checkable

import numpy as np
import torch
from torch import Tensor, nn

from cislens.errors import UserError
from cislens.sequence import onehot as onehots
from cislens.sequence.shapes import Codes, OneHot


@runtime_checkable
class SlicedCodes(Protocol):
    """Base codes that are read a slice of rows at a time, such as an array or a dataset's view."""

    def __len__(self) -> int:
        """Count the sequences."""

    def __getitem__(self, rows: slice, /) -> Codes:
        """Read some of them."""


Sequences = OneHot | SlicedCodes
Batch = Tensor | np.ndarray


def batches(model: nn.Module, sequences: Sequences, batch_size: int) -> Iterator[tuple[int, Batch]]:
    """Check the sequences against the model, then cut them into batches with their first row."""
    if not isinstance(batch_size, int) or batch_size < 1:
        raise UserError(f"batch_size={batch_size!r}: wants a whole number, at least 1")
    if not len(sequences):
        raise UserError("sequences: got none; wants at least one")
    _check(model, sequences[0:1])
    return (
        (start, sequences[start : start + batch_size])
        for start in range(0, len(sequences), batch_size)
    )


def to_onehot(batch: Batch, *, like: Tensor) -> OneHot:
    """Bring a batch to the device and number type of another tensor."""
    tensor = batch if isinstance(batch, Tensor) else onehots.from_codes(batch)
    return tensor.to(device=like.device, dtype=like.dtype)


def to_codes(batch: Batch) -> Codes:
    """Give the base codes of a batch."""
    return onehots.to_codes(batch) if isinstance(batch, Tensor) else batch


def form(model: nn.Module) -> Tensor:
    """Give an empty tensor of the device and number type that the model takes."""
    weights = (p for p in model.parameters() if p.is_floating_point())
    first = next(weights, torch.empty(0))
    return torch.empty(0, device=first.device, dtype=first.dtype)


def _check(model: nn.Module, rows: object) -> None:
    if isinstance(rows, Tensor):
        if rows.ndim != 3 or rows.shape[1] != 4:
            raise UserError(
                f"sequences: shape (batch, {', '.join(map(str, rows.shape[1:]))}); "
                "wants (batch, 4, length), rows A C G T"
            )
    elif not isinstance(rows, np.ndarray) or rows.ndim != 2 or rows.dtype != np.uint8:
        got = f"{rows.dtype} {rows.shape}" if isinstance(rows, np.ndarray) else type(rows).__name__
        raise UserError(
            f"sequences: a slice of one row gave {got}; wants base codes, uint8 (1, length), "
            "or a one-hot tensor"
        )
    wanted = getattr(model, "input_length", None)
    if isinstance(wanted, int) and rows.shape[-1] != wanted:
        raise UserError(
            f"sequences: {rows.shape[-1]} bp long; the model takes {wanted} bp: cut or pad them"
        )
