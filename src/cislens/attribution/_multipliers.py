"""Multipliers of references, averaged: the passes through the network."""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import torch
from torch import Tensor

from cislens.attribution._asking import Network
from cislens.attribution._deltas import Changes
from cislens.attribution._engine import Comparison, fused_paths_off
from cislens.attribution._references import Compared
from cislens.attribution._tape import Overwritten, Tape
from cislens.errors import UserError
from cislens.models import _forward, heads
from cislens.sequence.shapes import OneHot

_ROWS = {"cpu": 64}
_MANY_ROWS = 64


@dataclass(frozen=True)
class Block:
    """The map of some sequences."""

    hypothetical: Tensor
    changes: Changes
    notes: dict[str, None]


def explain(network: Network, onehot: OneHot, references: Compared, *, strict: bool) -> Block:
    """Average multipliers over the references, in hypothetical form."""
    with _gradients_on(), fused_paths_off():
        try:
            return _explain(network, onehot, references, strict=strict, copying=False)
        except Overwritten:
            return _explain(network, onehot, references, strict=strict, copying=True)


@contextmanager
def _gradients_on() -> Iterator[None]:
    with torch.inference_mode(mode=False), torch.enable_grad():
        yield


def _explain(
    network: Network, onehot: OneHot, references: Compared, *, strict: bool, copying: bool
) -> Block:
    notes: dict[str, None] = {}
    tape = Tape(copying=copying)
    together = _references_together(network, *references.shape[:2])
    # Sequences stand beside each other, references one block of all sequences after another.
    ours = network.here(onehot).expand(together, *onehot.shape).flatten(0, 1)
    with torch.no_grad():
        numbers = _numbers(network, ours.clone(), Comparison(tape, recording=True, notes=notes))
    total = torch.zeros_like(ours[: len(onehot)])
    explained, theirs = [], []
    for block in references.split(together, dim=1):
        padded = _padded(block, together)
        point = network.here(padded).transpose(0, 1).flatten(0, 1).clone().requires_grad_()
        tape.rewind()
        comparison = Comparison(tape, recording=False, notes=notes)
        values = _numbers(network, point.clone(), comparison)
        multipliers = _forward.input_gradient(values.sum(), point)
        away = ours - point.detach()
        shape = (together, len(onehot))
        explained.append((multipliers * away).sum((1, 2)).view(shape)[: block.shape[1]])
        theirs.append(values.detach().view(shape)[: block.shape[1]])
        own = (multipliers * point.detach()).sum(dim=1, keepdim=True)
        hypothetical = (multipliers - own).unflatten(0, shape)[: block.shape[1]]
        total += hypothetical.sum(dim=0)
    if strict and notes:
        raise UserError(f"strict=True: {'; '.join(notes)}")
    return Block(
        total / references.shape[1],
        _changes(numbers[: len(onehot)], torch.cat(explained), torch.cat(theirs)),
        notes,
    )


def _changes(ours: Tensor, explained: Tensor, theirs: Tensor) -> Changes:
    sequence = ours.expand_as(theirs)
    explained, sequence, reference = (t.T.double().cpu() for t in (explained, sequence, theirs))
    return Changes(explained, sequence, reference, ours.dtype)


def _numbers(network: Network, rows: Tensor, comparison: Comparison) -> Tensor:
    with comparison:
        outputs = _forward.outputs(network.model, rows)
        return heads.explained(outputs, network.target)


def _references_together(network: Network, sequences: int, references: int) -> int:
    """Choose how many references of each sequence run in one pass.

    The sequences run once for each, so it is no more than fills the device.
    """
    wanted = _ROWS.get(network.form.device.type, _MANY_ROWS)
    most = max(1, min(wanted, network.batch_size) // sequences)
    passes = math.ceil(references / most)
    return math.ceil(references / passes)


def _padded(block: Tensor, together: int) -> Tensor:
    missing = together - block.shape[1]
    return torch.cat([block, block[:, :1].expand(-1, missing, -1, -1)], dim=1)
