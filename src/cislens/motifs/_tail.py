"""Run a network again from one of its layers on, with another output of that layer."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor, nn

from cislens.motifs import _few_channels
from cislens.motifs._few_channels import FewChannels

Value = Any
"""What layers take and give."""

_FEW = 0.25
"""Share of changed channels up to which the change alone is convolved."""


class Tail:
    """What the layers of one batch gave, in the order they ran.

    Until the layer, layers give again what they gave; the layer gives what `run` puts in its
    place. As few channels differ, layers that keep channels apart run on these alone, and of the
    first convolution behind only the change is computed.
    """

    def __init__(self, model: nn.Module, layer: nn.Module) -> None:
        self._model = model
        self._layer = layer
        self._given: list[Value] = []
        self._apart: dict[int, Tensor] = {}
        self._place = 0
        self._put: FewChannels | None = None
        self._next: tuple[int, Tensor, Tensor] | None = None
        self._reached = False
        self._last: Value = None

    def record(self, onehot: Tensor) -> tuple[Tensor, Value]:
        """Run a batch whole; give the output of the layer and that of the network."""
        self._given, self._apart, self._next, self._last = [], {}, None, None
        self._put, self._place, self._reached = None, 0, False
        output = self._model(onehot)
        self._onehot = onehot
        return self._given[-1], output

    def run(self, channels: Tensor, values: Tensor) -> Value:
        """Run the batch with other values in some channels of the layer's output."""
        self._put, self._place = FewChannels(self._given[-1], channels, values), 0
        return self._model(self._onehot)

    def called(
        self,
        module: nn.Module,
        forward: Callable[..., Value],
        args: tuple[Value, ...],
        options: Value,
    ) -> Value:
        """Answer for a module: remember, repeat, replace or compute."""
        place, self._place = self._place, self._place + 1
        if self._put is None:
            return self._recorded(module, forward, args, options, place)
        if place < len(self._given) - 1:
            return self._given[place]
        if place == len(self._given) - 1:
            return self._put
        if place in self._apart and _few_channels.untouched(args[0]):
            return _few_channels.through(module, args[0], self._apart[place])
        if self._next is not None and place == self._next[0]:
            return self._changed(module, forward, args[0])
        return forward(*args, **options)

    def _recorded(
        self,
        module: nn.Module,
        forward: Callable[..., Value],
        args: tuple[Value, ...],
        options: Value,
        place: int,
    ) -> Value:
        if self._reached and self._next is None and _is_plain(module, args, options):
            before = args[0].clone()
            value = forward(*args, **options)
            self._next = place, before, value.clone()
            return value
        value = forward(*args, **options)
        if not self._reached:
            self._reached = module is self._layer
            # What follows may work in place.
            self._given.append(value.clone() if self._reached else value)
            self._last = value if self._reached else None
        elif self._keeps_apart(module, args, options):
            self._apart[place] = value.clone()
            self._last = value
        return value

    def _keeps_apart(self, module: nn.Module, args: tuple[Value, ...], options: Value) -> bool:
        return (
            len(args) == 1
            and not options
            and args[0] is self._last
            and _few_channels.is_channelwise(module)
        )

    def _changed(self, module: nn.Module, forward: Callable[..., Value], given: Tensor) -> Value:
        assert self._next is not None
        assert isinstance(module, nn.Conv1d)
        _, before, value = self._next
        if isinstance(given, FewChannels) and _few_channels.untouched(given):
            return _few_channels.convolved(module, given, value)
        change = given - before
        channels = change.flatten(2).any(dim=2).any(dim=0).nonzero()[:, 0]
        if len(channels) > _FEW * change.shape[1]:
            return forward(given)
        few = FewChannels(before, channels, before[:, channels] + change[:, channels])
        return _few_channels.convolved(module, few, value)


def _is_plain(module: nn.Module, args: tuple[Value, ...], options: Value) -> bool:
    return (
        type(module) is nn.Conv1d
        and module.groups == 1
        and module.padding_mode == "zeros"
        and len(args) == 1
        and not options
        and args[0].ndim == 3
    )


@contextmanager
def of(model: nn.Module, layer: nn.Module) -> Iterator[Tail]:
    """Watch the layers of a network for a while."""
    tail = Tail(model, layer)
    watched = [m for m in model.modules() if m is layer or not any(True for _ in m.children())]
    own = {id(m): m.__dict__.get("forward") for m in watched}
    try:
        for module in watched:
            module.__dict__["forward"] = _watching(tail, module, module.forward)
        with torch.no_grad():
            yield tail
    finally:
        for module in watched:
            if own[id(module)] is None:
                module.__dict__.pop("forward", None)
            else:
                module.__dict__["forward"] = own[id(module)]


def _watching(tail: Tail, module: nn.Module, forward: Callable[..., Value]) -> Callable[..., Value]:
    def watched(*args: Value, **options: Value) -> Value:
        return tail.called(module, forward, args, options)

    return watched
