"""Record which operations a network runs, so that they can be run again on other rows.

The network runs twice, on two and on three sequences. What differs between the two records must be
the number of rows; a network for which that does not hold, or that looks at values to choose its
way, has no record.
"""

import functools
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from torch import Tensor, nn
from torch.overrides import TorchFunctionMode

_ROWS = (2, 3)
# Functions that tell the form of a tensor and nothing about its values.
_FORM = frozenset(
    [
        "__get__",
        "__len__",
        "dim",
        "size",
        "numel",
        "nelement",
        "ndimension",
        "stride",
        "is_floating_point",
        "is_complex",
        "is_contiguous",
        "element_size",
        "get_device",
        "storage_offset",
        "type",
        "is_nested",
        "is_inference",
    ]
)


class Slot(NamedTuple):
    """A tensor that the network computes, by number."""

    number: int


class Rows(NamedTuple):
    """A whole number that is so many times the number of rows."""

    factor: int


@dataclass(frozen=True)
class Call:
    """One operation: its function, what it takes and the slots of the tensors it gives."""

    function: Callable[..., Any]
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    results: Any
    in_place: bool

    @functools.cached_property
    def name(self) -> str:
        """Name of the function, without the underscore of a private or in-place one."""
        return str(getattr(self.function, "__name__", "?")).strip("_")

    def run(self, values: dict[int, Tensor], rows: int) -> None:
        """Run it on the tensors of its slots and keep what it gives."""
        args = mapped(self.args, lambda leaf: _filled(leaf, values, rows))
        kwargs = mapped(self.kwargs, lambda leaf: _filled(leaf, values, rows))
        if self.in_place and args:
            args = (args[0].clone(), *args[1:])
        for slot, value in zip(leaves(self.results), _results(self, args, kwargs), strict=True):
            if isinstance(slot, Slot):
                values[slot.number] = value

    @functools.cached_property
    def slots(self) -> tuple[int, ...]:
        """Give the numbers of the slots it reads."""
        read = leaves((self.args, self.kwargs))
        return tuple(leaf.number for leaf in read if isinstance(leaf, Slot))


@dataclass(frozen=True)
class Record:
    """The operations between the sequences (slot 0) and the outputs, each with its shape."""

    calls: tuple[Call, ...]
    shapes: dict[int, tuple[int, ...]]
    output: int
    like: Tensor
    """An empty tensor of the number type and device of the sequences."""


class Unrecordable(Exception):  # noqa: N818, a signal and no error
    """Says why a network has no record."""


def record(model: nn.Module, onehot: Tensor) -> Record:
    """Record a network that is in evaluation mode, on the form of some sequences."""
    runs = [_Recorder(model, onehot[:1].expand(rows, -1, -1).clone()) for rows in _ROWS]
    few, many = (run.calls for run in runs)
    if len(few) != len(many) or runs[0].output != runs[1].output:
        raise Unrecordable("its operations depend on the number of rows")
    calls = [_unified(one, two) for one, two in zip(few, many, strict=True)]
    shapes = {number: tuple(t.shape[1:]) for number, t in runs[0].tensors.items() if t.ndim}
    output = runs[0].output
    return Record(_needed(calls, output), shapes, output, onehot.new_empty(0))


def mapped(tree: Any, change: Callable[[Any], Any]) -> Any:  # noqa: ANN401
    """Change every leaf of nested tuples, lists, dictionaries and slices."""
    if isinstance(tree, tuple | list) and not isinstance(tree, Slot | Rows):
        return tuple(mapped(branch, change) for branch in tree)
    if isinstance(tree, dict):
        return {key: mapped(branch, change) for key, branch in tree.items()}
    if isinstance(tree, slice):
        return slice(*(mapped(end, change) for end in (tree.start, tree.stop, tree.step)))
    return change(tree)


def leaves(tree: Any) -> list[Any]:  # noqa: ANN401
    """List the leaves of a nested value in order."""
    found: list[Any] = []
    mapped(tree, found.append)
    return found


class _Recorder(TorchFunctionMode):
    """One run of a network, with every tensor kept so that none takes the place of another."""

    def __init__(self, model: nn.Module, onehot: Tensor) -> None:
        super().__init__()
        self.calls: list[Call] = []
        self.tensors = {0: onehot}
        self._numbers = {id(onehot): 0}
        with self:
            result = model(onehot)
        if not isinstance(result, Tensor) or id(result) not in self._numbers:
            raise Unrecordable("its output does not come from recorded operations")
        self.output = self._numbers[id(result)]

    def __torch_function__(
        self,
        function: Callable[..., Any],
        types: Iterable[type],
        args: tuple[Any, ...] = (),
        kwargs: dict[str, Any] | None = None,
    ) -> object:
        kwargs = kwargs or {}
        name = str(getattr(function, "__name__", "?"))
        taken = mapped(args, self._named), mapped(kwargs, self._named)
        in_place = (name.endswith("_") and not name.endswith("__")) or bool(kwargs.get("inplace"))
        touched = any(isinstance(leaf, Slot) for leaf in leaves(taken))
        if touched and (
            name == "__setitem__" or (in_place and self._shared((*args, *kwargs.values())[0]))
        ):
            raise Unrecordable(f"{name} changes a tensor in place that has another view")
        result = function(*args, **kwargs)
        tensors = [leaf for leaf in leaves(result) if isinstance(leaf, Tensor)]
        if touched and not tensors and name not in _FORM:
            raise Unrecordable(f"{name} looks at values")
        if tensors:
            self.calls.append(Call(function, *taken, mapped(result, self._numbered), in_place))
        return result

    def _named(self, leaf: object) -> object:
        return Slot(self._numbers[id(leaf)]) if id(leaf) in self._numbers else leaf

    def _numbered(self, leaf: object) -> Slot | None:
        if not isinstance(leaf, Tensor):
            return None
        number = len(self.tensors)
        self.tensors[number] = leaf
        self._numbers[id(leaf)] = number
        return Slot(number)

    def _shared(self, tensor: Tensor) -> bool:
        place = tensor.untyped_storage().data_ptr()
        others = (t for t in self.tensors.values() if t is not tensor)
        return any(other.untyped_storage().data_ptr() == place for other in others)


def _unified(few: Call, many: Call) -> Call:
    """Join the records of one operation at two numbers of rows."""
    one, two = leaves((few.args, few.kwargs)), leaves((many.args, many.kwargs))
    if few.function != many.function or len(one) != len(two) or few.results != many.results:
        raise Unrecordable("its operations depend on the number of rows")
    joined = iter([_joined(a, b, few.name) for a, b in zip(one, two, strict=True)])
    args = mapped(few.args, lambda _: next(joined))
    kwargs = mapped(few.kwargs, lambda _: next(joined))
    return Call(few.function, args, kwargs, few.results, few.in_place)


def _joined(one: object, two: object, name: str) -> object:
    if one is two:
        return one
    if isinstance(one, Tensor) or isinstance(two, Tensor):
        raise Unrecordable(f"{name} takes a tensor of unknown origin")
    if isinstance(one, int) and isinstance(two, int) and one != two:
        if one * _ROWS[1] != two * _ROWS[0]:
            raise Unrecordable(f"{name} takes a number that depends on the rows")
        return Rows(one // _ROWS[0])
    if type(one) is not type(two) or one != two:
        raise Unrecordable(f"{name} takes other arguments for other rows")
    return one


def _needed(calls: list[Call], output: int) -> tuple[Call, ...]:
    wanted, kept = {output}, []
    for call in reversed(calls):
        if any(isinstance(s, Slot) and s.number in wanted for s in leaves(call.results)):
            wanted.update(call.slots)
            kept.append(call)
    return tuple(reversed(kept))


def _filled(leaf: object, values: dict[int, Tensor], rows: int) -> object:
    if isinstance(leaf, Slot):
        return values[leaf.number]
    return leaf.factor * rows if isinstance(leaf, Rows) else leaf


def _results(call: Call, args: Any, kwargs: Any) -> list[Any]:  # noqa: ANN401
    if kwargs.get("inplace"):
        kwargs = {**kwargs, "inplace": False}
    return leaves(call.function(*args, **kwargs))
