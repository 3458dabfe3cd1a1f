"""By how much maps miss the change of the output that they should sum to."""

import warnings
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

LIMIT = 1e-4
"""Largest delta without a warning, as a share of the largest change of the output."""

_ROUNDING = 16


@dataclass(frozen=True)
class Changes:
    """What multipliers sum to and what they should sum to, for pairs, in float64 on the CPU."""

    explained: Float[Tensor, "batch references"]
    sequence: Float[Tensor, "batch references"]
    reference: Float[Tensor, "batch references"]
    precision: torch.dtype


def checked(blocks: list[Changes]) -> tuple[Float[Tensor, "batch references"], tuple[str, ...]]:
    """Give the deltas of all pairs, and a note and a warning if they are too large."""
    change = torch.cat([block.sequence - block.reference for block in blocks])
    deltas = torch.cat([block.explained for block in blocks]) - change
    largest = max(
        torch.maximum(block.sequence.abs(), block.reference.abs()).max() for block in blocks
    )
    noise = _ROUNDING * torch.finfo(blocks[0].precision).eps * float(largest)
    worst, scale = float(deltas.abs().max()), float(change.abs().max())
    if worst <= LIMIT * scale + noise:
        return deltas.float(), ()
    share = worst / scale if scale else float("inf")
    note = f"the map misses its sum by up to {worst:.2g}, {share:.1%} of the largest change"
    warnings.warn(f"deeplift_shap: {note}; see the notes of the result", stacklevel=3)
    return deltas.float(), (note,)
