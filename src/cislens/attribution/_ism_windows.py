"""Operations on the windows that edits change.

Windows lie with their positions first and their channels last: for a convolution, all edits of a
class are one image in the layout that the fast kernels want. It runs on the change of its input,
which is zero around the window, and its result is added to the cached map of the unedited sequence.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

import torch
from torch import Tensor
from torch.nn import functional

from cislens.attribution._ism_places import Cache, Class, Span, Windows, fill_beyond, new_windows


@dataclass
class State:
    """The windows of one class, by slot, as far as they are computed."""

    edits: Class
    cache: Cache
    spans: dict[int, Span]
    steps: dict[int, int]
    codes: Tensor
    """Pair of old and new base of each edit: 4 × old + new, with 4 for N."""
    values: dict[int, Windows] = field(default_factory=dict)

    def cached(self, slot: int, span: Span, fill: float = 0.0) -> Windows:
        """View the windows of the unedited sequences."""
        return self.cache.windows(slot, span, self.steps[slot], self.edits, fill)

    def change(self, slot: int) -> Windows:
        """Give the change that the edits make: 0 beyond the ends."""
        span = self.spans[slot]
        change = self.values[slot] - self.cached(slot, span)
        self.fill(slot, change, 0.0)
        return change

    def fill(self, slot: int, x: Windows, fill: float) -> None:
        """Overwrite what hangs over the ends of a layer."""
        fill_beyond(
            x,
            span=self.spans[slot],
            step=self.steps[slot],
            edits=self.edits,
            length=self.cache.length(slot),
            fill=fill,
        )

    def extended(self, slot: int, span: Span) -> Windows:
        """Give the windows of a slot on a wider span, from the cache where nothing changed."""
        own, x = self.spans[slot], self.values[slot]
        if own == span:
            return x
        wide = new_windows(x, span.width, self.edits, x.shape[-1])
        before, after = own.start - span.start, span.end - own.end
        wide[:before] = self.cached(slot, Span(span.start, before))
        wide[before : before + own.width] = x
        wide[before + own.width :] = self.cached(slot, Span(own.end, after))
        return wide


@runtime_checkable
class Operation(Protocol):
    """One operation from windows to windows."""

    @property
    def sources(self) -> tuple[int, ...]:
        """The slots it reads."""

    @property
    def result(self) -> int:
        """The slot it fills."""

    def span(self, spans: dict[int, Span]) -> Span:
        """Say what changes in the result."""

    def run(self, state: State) -> Windows:
        """Compute it."""


@dataclass(frozen=True)
class Convolution:
    """A convolution, with the scale of a batch normalisation behind it in its weights."""

    sources: tuple[int, ...]
    result: int
    kernel: Tensor
    """(channels out, channels in of a group, taps, 1), channels last"""
    stride: int
    padding: int
    dilation: int
    groups: int

    def span(self, spans: dict[int, Span]) -> Span:
        return spans[self.sources[0]].through(
            size=self.kernel.shape[2],
            stride=self.stride,
            padding=self.padding,
            dilation=self.dilation,
        )

    def run(self, state: State) -> Windows:
        (source,) = self.sources
        span, own = state.spans[self.result], state.spans[source]
        _, narrow, taps, _ = self.kernel.shape
        groups = self.groups
        base = state.cached(self.result, span)
        if not span.width:
            return base.expand(*base.shape[:3], state.edits.bases, base.shape[4])
        if source == 0 and groups == 1 and own.width == 1 and taps == span.width:
            return self._looked_up(state).add_(base)
        change = state.change(source)
        reach = self.dilation * (taps - 1)
        lead = self.padding + own.start - span.start * self.stride
        tail = (span.width - 1) * self.stride + reach + 1 - own.width - lead
        if lead == tail == reach:
            padding = reach
        else:
            padding = 0
            change = functional.pad(change, [0, 0] * 4 + [lead, tail])
        out = functional.conv2d(
            change.reshape(1, len(change), -1, groups * narrow).permute(0, 3, 1, 2),
            self.kernel,
            stride=(self.stride, 1),
            padding=(padding, 0),
            dilation=(self.dilation, 1),
            groups=groups,
        )
        return out[0].permute(1, 2, 0).reshape(span.width, *state.edits.shape, -1).add_(base)

    def _looked_up(self, state: State) -> Windows:
        """Give the change behind one substitution, which is the difference of two columns."""
        weights = self.kernel[..., 0].flip(2).permute(2, 1, 0)
        none = torch.zeros_like(weights[:, :1])
        old = torch.cat([weights, none], dim=1)
        pairs = (weights[:, None] - old[:, :, None]).flatten(1, 2)
        looked_up = pairs.index_select(1, state.codes.flatten())
        return looked_up.view(len(pairs), *state.codes.shape, -1)

    def work(self, spans: dict[int, Span]) -> int:
        """Count the multiply-adds of one edit."""
        span, own = spans[self.result], spans[self.sources[0]]
        firsts = (
            span.start * self.stride - self.padding + tap * self.dilation - own.start
            for tap in range(self.kernel.shape[2])
        )
        met = sum(
            end - begin
            for first in firsts
            for begin, end in [_met(first, self.stride, span.width, own.width)]
        )
        return met * self.kernel[:, :, 0].numel()


def _met(first: int, stride: int, outs: int, ins: int) -> tuple[int, int]:
    """Say which outputs meet an input, when output j meets first + j × stride."""
    begin = max(0, -(first // stride))
    return begin, max(begin, min(outs, (ins - 1 - first) // stride + 1))


@dataclass(frozen=True)
class Mapping:
    """A function of each element, of one map or of several of one form."""

    sources: tuple[int, ...]
    result: int
    function: Callable[..., Tensor]

    def span(self, spans: dict[int, Span]) -> Span:
        span = spans[self.sources[0]]
        for source in self.sources[1:]:
            span = span.union(spans[source])
        return span

    def run(self, state: State) -> Windows:
        span = state.spans[self.result]
        return self.function(*(state.extended(source, span) for source in self.sources))


@dataclass(frozen=True)
class Padding:
    """A constant put before and after the map."""

    sources: tuple[int, ...]
    result: int
    before: int
    value: float

    def span(self, spans: dict[int, Span]) -> Span:
        start, width = spans[self.sources[0]]
        return Span(start + self.before, width)

    def run(self, state: State) -> Windows:
        x = state.values[self.sources[0]].clone()
        state.fill(self.sources[0], x, self.value)
        return x


@dataclass(frozen=True)
class MaximumPool:
    """The maximum of sliding windows."""

    sources: tuple[int, ...]
    result: int
    size: int
    stride: int
    padding: int

    def span(self, spans: dict[int, Span]) -> Span:
        return spans[self.sources[0]].through(
            size=self.size, stride=self.stride, padding=self.padding
        )

    def run(self, state: State) -> Windows:
        (source,) = self.sources
        own, span, x = state.spans[source], state.spans[self.result], state.values[source]
        state.fill(source, x, -torch.inf)
        out = new_windows(x, span.width, state.edits, x.shape[-1])
        for j in range(span.width):
            start = (span.start + j) * self.stride - self.padding
            first, last = max(start, own.start), min(start + self.size, own.end)
            torch.amax(x[first - own.start : last - own.start], dim=0, out=out[j])
            for begin, end in ((start, first), (last, start + self.size)):
                if begin < end:
                    rest = state.cached(source, Span(begin, end - begin), -torch.inf)
                    torch.maximum(out[j], rest.amax(dim=0), out=out[j])
        return out
