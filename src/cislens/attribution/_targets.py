"""What is explained: an output by number or name of its task, or a function of the outputs."""

import dataclasses
import difflib
import numbers
from collections.abc import Callable, Sequence

from torch import nn

from cislens.errors import UserError
from cislens.models import inputs
from cislens.models.inference import Target
from cislens.sequence.attributions import Attributions
from cislens.sequence.shapes import OneHot


def label(target: object) -> str:
    """Say in a word what is explained.

    Parameters
    ----------
    target
        Number of an output, or a function of the outputs.

    Returns
    -------
    str
        The number, or the name of the function.

    Raises
    ------
    UserError
        If it is neither.
    """
    if callable(target):
        return str(getattr(target, "__name__", type(target).__name__))
    if not isinstance(target, numbers.Integral):
        raise UserError(
            f"target={target!r}: wants the number of an output, counted from 0, or a function of "
            "the outputs that gives one number per sequence"
        )
    return str(target)


def each(
    attribute: Callable[..., Attributions],
    model: nn.Module,
    onehot: OneHot,
    *,
    targets: Sequence[Target | str],
    tasks: Sequence[str] = (),
    both_strands: bool = False,
) -> list[Attributions]:
    """Explain several targets by one method.

    Parameters
    ----------
    attribute
        A method of `METHODS`; its other options are bound with `functools.partial`. A generator of
        random numbers that is bound goes on from target to target.
    model
        The network.
    onehot
        The sequences.
    targets
        Outputs by number or by the name of their task, and functions of the outputs.
    tasks
        Names of the outputs, in their order, to find targets in and to say them in the result.
    both_strands
        Whether the outputs are averaged over the sequence and its reverse complement; see
        `cislens.models.inputs.BothStrands`.

    Returns
    -------
    list[Attributions]
        One map a target, in the order of the targets.

    Raises
    ------
    UserError
        If a name is not among the tasks, or as the method says.
    """
    found = [_find(target, tasks) for target in targets]
    asked = inputs.BothStrands(model) if both_strands else model
    return [
        dataclasses.replace(attribute(asked, onehot, target=target), target=name)
        for target, name in found
    ]


def _find(target: Target | str, tasks: Sequence[str]) -> tuple[Target, str]:
    if isinstance(target, str):
        if target not in tasks:
            raise _unknown(target, tasks)
        return list(tasks).index(target), target
    name = label(target)
    if not callable(target) and 0 <= target < len(tasks):
        name = tasks[target]
    return target, name


def _unknown(target: str, tasks: Sequence[str]) -> UserError:
    if not tasks:
        return UserError(f"target={target!r}: the outputs have no names; wants a number")
    near = difflib.get_close_matches(target, tasks, n=1, cutoff=0.5)
    hint = f"did you mean {near[0]!r}? " if near else ""
    listed = ", ".join(tasks[:40])
    return UserError(f"target={target!r}: {hint}known are {listed}")
