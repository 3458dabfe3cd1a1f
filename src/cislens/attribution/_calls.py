"""One call of a torch function: its tensors, and the same call on others."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from torch import Tensor

Value = Any
"""What torch functions take and give: tensors, numbers, and lists of them."""
Function = Callable[..., Any]


@dataclass(frozen=True)
class Call:
    """A function with its arguments, in which tensors may stand in lists and tuples.

    It is ``lasting`` if its tensors will hold the same numbers until the backward pass.
    """

    function: Function
    args: tuple[Value, ...]
    options: dict[str, Value]
    lasting: bool = False

    def tensors(self) -> list[Tensor]:
        """List the tensors in their order."""
        return [*leaves(self.args), *leaves(self.options)]

    def run(self) -> Value:
        """Call the function."""
        return self.function(*self.args, **self.options)

    def on(self, tensors: list[Tensor]) -> "Call":
        """Put other tensors into the places of its own."""
        given = iter(tensors)
        args, options = _with(self.args, given), _with(self.options, given)
        return Call(self.function, args, options, self.lasting)

    def detached(self) -> "Call":
        """Cut its tensors off from what they were computed from."""
        return self.on([tensor.detach() for tensor in self.tensors()])

    def without(self, name: str) -> "Call":
        """Leave out a named option."""
        kept = {key: value for key, value in self.options.items() if key != name}
        return Call(self.function, self.args, kept, self.lasting)


def leaves(tree: Value) -> Iterator[Tensor]:
    """Find the tensors in nested lists, tuples and dicts."""
    if isinstance(tree, Tensor):
        yield tree
    elif isinstance(tree, (list, tuple)):
        for branch in tree:
            yield from leaves(branch)
    elif isinstance(tree, dict):
        for branch in tree.values():
            yield from leaves(branch)


def mapped(tree: Value, change: Callable[[Tensor], Tensor]) -> Value:
    """Change each tensor of a tree."""
    return _with(tree, iter([change(tensor) for tensor in leaves(tree)]))


def _with(tree: Value, tensors: Iterator[Tensor]) -> Value:
    if isinstance(tree, Tensor):
        return next(tensors)
    if isinstance(tree, dict):
        return {key: _with(branch, tensors) for key, branch in tree.items()}
    if not isinstance(tree, (list, tuple)) or not any(True for _ in leaves(tree)):
        return tree
    branches = [_with(branch, tensors) for branch in tree]
    if isinstance(tree, list):
        return branches
    # The named tuples of torch.max take one argument, those of Python many.
    kind = type(tree)
    return kind(*branches) if hasattr(kind, "_fields") else kind(branches)
