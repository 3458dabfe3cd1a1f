"""Runs a network as it is, while each torch function it calls is met by its rule.

The sequences run once, and what the rules need is kept on a tape; blocks of references then run
with the same shapes, so that every element has its partner at the same place, however the model
turns, splits or merges axes.
"""

import re
import types
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import torch
from torch import Tensor
from torch.overrides import TorchFunctionMode

from cislens.attribution import _tape
from cislens.attribution._calls import Call, Function, Value, leaves
from cislens.attribution._rules import LINEAR, Bends, Path, Rewrite, Rule
from cislens.attribution._table import IN_PLACE, RULES

_OPENED = {"torch.nn.functional", "torch.functional", "torch._tensor"}
_ACCESSORS = (types.MethodWrapperType,)
_OVERWRITES = re.compile(r"[^_]_$")
_FALLBACK = Path(16)
_TOLERANCE = 1e-4


class Comparison(TorchFunctionMode):
    """Meets each torch function with its rule: first for sequences, then for references."""

    def __init__(self, tape: _tape.Tape, *, recording: bool, notes: dict[str, None]) -> None:
        super().__init__()
        self.tape = tape
        self.recording = recording
        self.notes = notes

    def __torch_function__(
        self,
        func: Function,
        types: Value,
        args: tuple[Value, ...] = (),
        kwargs: dict[str, Value] | None = None,
    ) -> Value:
        """Run one call by its rule."""
        if isinstance(func, _ACCESSORS) or RULES.get(func) is LINEAR:
            return func(*args, **(kwargs or {}))
        call = Call(func, args, kwargs or {}, lasting=not self.tape.copying)
        plain = IN_PLACE.get(func)
        if plain is not None and plain in RULES:
            return self._overwriting(Call(plain, args, call.options))
        if call.options.get("inplace"):
            return self._overwriting(call.without("inplace"))
        return self._met(call)

    def _overwriting(self, call: Call) -> Value:
        target = call.args[0] if call.args else call.options["input"]
        call = Call(call.function, call.args, call.options)
        if self.recording:
            copies = [t.clone() if t is target else t for t in call.tensors()]
            call = call.on(copies)
        return target.copy_(self._met(call))

    def _met(self, call: Call) -> Value:
        rule = RULES.get(call.function)
        if isinstance(rule, Rewrite):
            with self:
                return rule.simpler(*call.args, **call.options)
        if rule is None and _can_be_opened(call.function):
            with self:
                return _opened(call.function)(*call.args, **call.options)
        return self._ruled(call, rule) if rule is not None else self._unruled(call)

    def _ruled(self, call: Call, rule: Rule) -> Value:
        if self.recording:
            value, memory = rule.remember(call)
            self.tape.keep(call.function, memory)
            return value
        memory = self.tape.next(call.function, call.tensors())
        try:
            return rule.explain(call, memory)
        except Bends as bend:
            self._note(f"{_tape.name(call.function)}: {bend}")
            return bend.result

    def _unruled(self, call: Call) -> Value:
        """Run a call nobody has told how to share out; nothing is done for what carries no sum."""
        tensors = [tensor for tensor in call.tensors() if tensor.is_floating_point()]
        if not tensors:
            return call.run()
        if _OVERWRITES.search(_tape.name(call.function)):
            return self._overwritten(call)
        if self.recording:
            value = call.run()
            if any(tensor.is_floating_point() for tensor in leaves(value)):
                self.tape.keep(call.function, call.tensors())
            return value
        value = call.run()
        if not any(tensor.is_floating_point() for tensor in leaves(value)):
            return value
        memory = self.tape.next(call.function, call.tensors())
        if not any(t.requires_grad for t in leaves(value)) or _is_affine(call, memory, value):
            return value
        self._note(
            f"{_tape.name(call.function)} has no rule; gradients along its path were averaged"
        )
        return _FALLBACK.explain(call, memory)

    def _overwritten(self, call: Call) -> Value:
        moving = not self.recording and any(tensor.requires_grad for tensor in call.tensors())
        if moving:
            self._note(f"{_tape.name(call.function)} works in place and has no rule")
        return call.run()

    def _note(self, note: str) -> None:
        self.notes.setdefault(note)


def _is_affine(call: Call, memory: list[Tensor], value: Value) -> bool:
    """Say whether the middle of the inputs gives the middle of the outputs."""
    theirs = call.detached()
    middle = [
        (a + b) / 2 if b.is_floating_point() else b
        for a, b in zip(memory, theirs.tensors(), strict=True)
    ]
    outputs = zip(
        leaves(theirs.on(memory).run()),
        leaves(value),
        leaves(theirs.on(middle).run()),
        strict=True,
    )
    return all(
        torch.allclose((a + b.detach()) / 2, c, rtol=_TOLERANCE, atol=_TOLERANCE)
        for a, b, c in outputs
        if c.is_floating_point()
    )


def _can_be_opened(function: Value) -> bool:
    return (
        isinstance(function, types.FunctionType)
        and function.__module__ in _OPENED
        and "has_torch_function" in " ".join(function.__code__.co_names)
    )


def _opened(function: Value) -> Callable[..., Value]:
    """Copy a Python function of torch without its first question, who else wants this call."""
    names = {name: _nobody for name in function.__code__.co_names if name in _QUESTIONS}
    copy = types.FunctionType(
        function.__code__,
        {**function.__globals__, **names},
        function.__name__,
        function.__defaults__,
        function.__closure__,
    )
    copy.__kwdefaults__ = function.__kwdefaults__
    return copy


_QUESTIONS = ("has_torch_function", "has_torch_function_unary", "has_torch_function_variadic")


def _nobody(*_tensors: Value) -> bool:
    return False


@contextmanager
def fused_paths_off() -> Iterator[None]:
    """Keep attention layers from their fused inference path, in which nothing can be met."""
    before = torch.backends.mha.get_fastpath_enabled()
    torch.backends.mha.set_fastpath_enabled(False)
    try:
        yield
    finally:
        torch.backends.mha.set_fastpath_enabled(before)
