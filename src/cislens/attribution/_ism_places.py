"""Where edits change a layer, and cached maps of the unedited sequences to cut windows from.

Edits are handled in classes: the positions that leave the same rest by the product of all strides,
the period. In a class the window of the t-th edited position starts at ``start + t * step`` in
every layer, so windows of cached maps are strided views and nothing is gathered. A window may hang
over an end of its layer: what stands there is masked where it counts.
"""

from dataclasses import dataclass, field
from typing import NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor

Windows = Float[Tensor, "width sequences positions bases channels"]


class Span(NamedTuple):
    """Positions of a layer: of the first edited position of a class, or of any other."""

    start: int
    width: int

    @property
    def end(self) -> int:
        """First position after it."""
        return self.start + self.width

    def through(self, *, size: int, stride: int, padding: int, dilation: int = 1) -> "Span":
        """Give the outputs of a sliding window that see any of it."""
        first = -((-(self.start + padding - dilation * (size - 1))) // stride)
        last = (self.end - 1 + padding) // stride
        return Span(first, max(0, last - first + 1) if self.width else 0)

    def union(self, other: "Span") -> "Span":
        """Give the least span that holds both."""
        start = min(self.start, other.start)
        return Span(start, max(self.end, other.end) - start)


@dataclass(frozen=True)
class Class:
    """The edits of one class in one chunk: every period-th position, from ``offset`` of the chunk.

    ``turn`` counts the periods before the first of them, ``positions`` says how many there are.
    """

    rest: int
    turn: int
    offset: int
    positions: int
    sequences: int
    bases: int

    @property
    def shape(self) -> tuple[int, int, int]:
        """Sequences, positions and new bases of the edits, in this order."""
        return self.sequences, self.positions, self.bases


@dataclass
class Cache:
    """Maps of the unedited sequences, channels last and with margins beyond both ends."""

    margins: dict[int, tuple[int, int]]
    maps: dict[int, Float[Tensor, "sequences channels length"]] = field(default_factory=dict)
    _padded: dict[tuple[int, float], Tensor] = field(default_factory=dict)

    def keep(self, slot: int, value: Tensor, channels: int) -> None:
        """Keep a map, flattened or not."""
        self.maps[slot] = value.reshape(len(value), channels, -1)

    def length(self, slot: int) -> int:
        """Give the number of positions of a layer."""
        return self.maps[slot].shape[-1]

    def padded(self, slot: int, fill: float) -> Tensor:
        """Give (sequences, margin + length + margin, channels)."""
        if (slot, fill) not in self._padded:
            value = self.maps[slot]
            before, after = self.margins[slot]
            count, channels, length = value.shape
            wide = value.new_full((count, before + length + after, channels), fill)
            wide[:, before : before + length] = value.transpose(1, 2)
            self._padded[slot, fill] = wide
        return self._padded[slot, fill]

    def windows(self, slot: int, span: Span, step: int, edits: Class, fill: float = 0.0) -> Windows:
        """View the windows of a class, with one new base for all; beyond the ends is ``fill``."""
        wide = self.padded(slot, fill)
        row, position, _ = wide.stride()
        start = self.margins[slot][0] + span.start + edits.turn * step
        shape = (span.width, edits.sequences, edits.positions, 1, wide.shape[-1])
        strides = (position, row, position * step, 0, 1)
        return wide.as_strided(shape, strides, wide.storage_offset() + start * position)


def fill_beyond(
    x: Windows, *, span: Span, step: int, edits: Class, length: int, fill: float
) -> None:
    """Overwrite what stands before the start or after the end of a layer."""
    start = span.start + edits.turn * step
    for t in range(edits.positions):
        first = start + t * step
        if first >= 0:
            break
        x[:-first, :, t] = fill
    for t in reversed(range(edits.positions)):
        beyond = start + t * step + span.width - length
        if beyond <= 0:
            break
        x[max(0, span.width - beyond) :, :, t] = fill


def new_windows(like: Tensor, width: int, edits: Class, channels: int) -> Windows:
    """Reserve the windows of a class."""
    return torch.empty((width, *edits.shape, channels), dtype=like.dtype, device=like.device)
