"""Ways from windows to whole rows: the first dense layer, reductions of a map, the map itself."""

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import torch
from torch import Tensor
from torch.nn import functional

from cislens.attribution._ism_places import Cache, Span
from cislens.attribution._ism_windows import State


@dataclass(frozen=True)
class Layout:
    """The rows of a chunk: positions × sequences × new bases, and where their windows stand."""

    positions: int
    sequences: int
    bases: int
    spans: list[Span]
    """One a position."""

    def empty(self, like: Tensor, *shape: int) -> Tensor:
        """Reserve a tensor of one row an edit."""
        rows = (self.positions, self.sequences, self.bases)
        return torch.empty((*rows, *shape), dtype=like.dtype, device=like.device)


@runtime_checkable
class Exit(Protocol):
    """A way from the windows of one slot to whole rows of another."""

    @property
    def source(self) -> int:
        """The slot with windows."""

    @property
    def result(self) -> int:
        """The slot of whole rows."""

    def reserve(self, layout: Layout, cache: Cache, whole: Tensor) -> Tensor:
        """Make room for the windows of all classes."""

    def gather(self, room: Tensor, state: State, rows: slice) -> None:
        """Put the windows of one class into their rows."""

    def finish(self, room: Tensor, layout: Layout, whole: Tensor) -> Tensor:
        """Give the whole rows."""


@dataclass(frozen=True)
class Dense:
    """A dense layer behind a flattened map: the change times the weights it meets."""

    source: int
    result: int
    weight: Tensor
    """(positions, units, channels)"""

    def reserve(self, layout: Layout, cache: Cache, whole: Tensor) -> Tensor:
        width = max(span.width for span in layout.spans)
        shape = (width, layout.positions, layout.sequences, layout.bases, self.weight.shape[2])
        return whole.new_zeros(shape)

    def gather(self, room: Tensor, state: State, rows: slice) -> None:
        change = state.change(self.source)
        room[: len(change), rows] = change.transpose(1, 2)

    def finish(self, room: Tensor, layout: Layout, whole: Tensor) -> Tensor:
        out = layout.empty(whole, self.weight.shape[1])
        out.copy_(whole[:, None].expand_as(out))
        starts = torch.tensor([span.start for span in layout.spans])
        edited = torch.arange(layout.positions)
        # Position by position: each part of the large weights is read once for all edits.
        for position, weight in enumerate(self.weight):
            offsets = position - starts
            met = (offsets >= 0) & (offsets < len(room))
            if met.any():
                first, last = int(edited[met][0]), int(edited[met][-1]) + 1
                part = room[offsets[first:last].to(room.device), edited[first:last].to(room.device)]
                out[first:last] += _product(part.flatten(0, 2), weight).view_as(out[first:last])
        return out.flatten(0, 2)


def _product(rows: Tensor, weight: Tensor) -> Tensor:
    """Multiply rows by a weight (units, features).

    As a convolution of two taps over half the features: the same sum, for which PyTorch has faster
    kernels on processors where its matrix product is slow.
    """
    count, features = rows.shape
    if features % 2:
        return functional.linear(rows, weight)
    halves = rows.view(count, 2, -1).transpose(0, 1)
    kernel = weight.view(len(weight), 2, 1, -1).permute(0, 3, 1, 2)
    return functional.conv2d(halves.contiguous()[None].permute(0, 3, 1, 2), kernel)[0, :, 0].T


@dataclass(frozen=True)
class Whole:
    """The map with its windows put in."""

    source: int
    result: int
    shape: tuple[int, ...]

    def reserve(self, layout: Layout, cache: Cache, whole: Tensor) -> Tensor:
        maps = cache.maps[self.source].transpose(1, 2)
        room = layout.empty(maps, *maps.shape[1:])
        return room.copy_(maps[:, None].expand_as(room))

    def gather(self, room: Tensor, state: State, rows: slice) -> None:
        span, step = state.spans[self.source], state.steps[self.source]
        windows = state.values[self.source].permute(2, 1, 3, 0, 4)
        start, length = span.start + state.edits.turn * step, room.shape[3]
        for row, window in zip(room[rows], windows, strict=True):
            first, last = max(start, 0), min(start + span.width, length)
            if first < last:
                row[:, :, first:last] = window[:, :, first - start : last - start]
            start += step

    def finish(self, room: Tensor, layout: Layout, whole: Tensor) -> Tensor:
        return room.flatten(0, 2).transpose(1, 2).reshape(-1, *self.shape)


@dataclass(frozen=True)
class Highest:
    """The maximum over all positions."""

    source: int
    result: int
    shape: tuple[int, ...]

    def reserve(self, layout: Layout, cache: Cache, whole: Tensor) -> Tensor:
        return layout.empty(whole, cache.maps[self.source].shape[1])

    def gather(self, room: Tensor, state: State, rows: slice) -> None:
        span, step = state.spans[self.source], state.steps[self.source]
        windows = state.values[self.source]
        state.fill(self.source, windows, -torch.inf)
        maps = state.cache.padded(self.source, -torch.inf)
        before, length = state.cache.margins[self.source][0], maps.shape[1]
        turns = torch.arange(state.edits.turn, state.edits.turn + state.edits.positions)
        start = (before + span.start + step * turns).to(maps.device)
        up_to = maps.cummax(dim=1).values
        from_on = maps.flip(1).cummax(dim=1).values
        rest = torch.maximum(
            _or_lowest(up_to, start - 1), _or_lowest(from_on, length - 1 - start - span.width)
        )
        highest = rest[:, :, None].expand(*windows.shape[1:])
        if span.width:
            highest = torch.maximum(windows.amax(dim=0), highest)
        room[rows] = highest.transpose(0, 1)

    def finish(self, room: Tensor, layout: Layout, whole: Tensor) -> Tensor:
        return room.reshape(-1, *self.shape)


def _or_lowest(running: Tensor, at: Tensor) -> Tensor:
    found = running.index_select(1, at.clamp(min=0))
    return found.masked_fill((at < 0)[:, None], -torch.inf)


@dataclass(frozen=True)
class Sum:
    """The sum or mean over all positions."""

    source: int
    result: int
    shape: tuple[int, ...]
    divisor: int

    def reserve(self, layout: Layout, cache: Cache, whole: Tensor) -> Tensor:
        return layout.empty(whole, whole.flatten(1).shape[1])

    def gather(self, room: Tensor, state: State, rows: slice) -> None:
        change = state.change(self.source).sum(dim=0) / self.divisor
        room[rows] = change.transpose(0, 1)

    def finish(self, room: Tensor, layout: Layout, whole: Tensor) -> Tensor:
        return (room + whole.flatten(1)[:, None]).reshape(-1, *self.shape)
