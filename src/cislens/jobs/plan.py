"""A piece of work: a function of the package by name, its options as JSON, and their hash."""

import hashlib
import importlib
import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from cislens.errors import UserError

Work = Callable[[Mapping[str, Any], Any], dict[str, Any]]
"""What does a piece: takes its options and its `store.Place`, gives values as JSON holds them."""

REGISTRY = "PIECES"
"""A module lists the functions that may be pieces in a dict of this name."""


@dataclass(frozen=True)
class Piece:
    """One piece of work, independent of every other of its plan.

    Two pieces of one function and equal options are the same piece, on any machine and in any
    order of keys.

    Attributes
    ----------
    function
        Dotted name of a module and, behind a colon, a key of its dict ``PIECES``.
    options
        What the function is given: text, numbers, truth values, None, lists and dicts of them.
    revision
        To be raised when the function's results change, so that old ones are not taken for new.
    label
        What a person calls the piece; not part of its identity.

    Raises
    ------
    UserError
        If JSON cannot hold an option exactly.
    """

    function: str
    options: dict[str, Any] = field(default_factory=dict)
    revision: int = 1
    label: str = ""

    def __post_init__(self) -> None:
        try:
            exact = json.loads(self.recipe) == self.record()
        except (TypeError, ValueError) as error:
            raise UserError(f"options of {self.function}: {error}; wants what JSON holds") from None
        if not exact:
            raise UserError(
                f"options of {self.function}: {self.options} would come back from JSON as "
                "something else; wants lists, dicts with text keys, text and numbers"
            )

    @cached_property
    def recipe(self) -> str:
        """Write function, options and revision as JSON that does not depend on their order.

        Returns
        -------
        str
            One line.
        """
        return json.dumps(self.record(), sort_keys=True, allow_nan=False, separators=(",", ":"))

    @cached_property
    def identity(self) -> str:
        """Hash the recipe.

        Returns
        -------
        str
            20 hexadecimal digits.
        """
        return hashlib.sha256(self.recipe.encode()).hexdigest()[:20]

    def record(self) -> dict[str, Any]:
        """Give what the identity is made of.

        Returns
        -------
        dict
            Function, options and revision.
        """
        return {"function": self.function, "options": self.options, "revision": self.revision}


def distinct(pieces: Sequence[Piece]) -> dict[str, Piece]:
    """Put pieces under their identities.

    Parameters
    ----------
    pieces
        A plan.

    Returns
    -------
    dict
        Identity to piece, in the order of the plan.

    Raises
    ------
    UserError
        If a piece stands there twice.
    """
    counts = Counter(piece.identity for piece in pieces)
    by_identity = {piece.identity: piece for piece in pieces}
    if twice := [name for name, count in counts.items() if count > 1]:
        raise UserError(
            f"plan: {by_identity[twice[0]].recipe} stands there {counts[twice[0]]} times; "
            "list every piece once"
        )
    return by_identity


def find(function: str) -> Work:
    """Look the function of a piece up in its module's registry.

    Parameters
    ----------
    function
        As in `Piece`.

    Returns
    -------
    Work
        The function.

    Raises
    ------
    UserError
        If there is no such module, or it lists no such function.
    """
    module, _, name = function.partition(":")
    try:
        listed = getattr(importlib.import_module(module), REGISTRY)
    except (ImportError, AttributeError, ValueError) as error:
        raise UserError(
            f"function={function!r}: {error}; wants a module with a dict {REGISTRY}"
        ) from error
    if name not in listed:
        raise UserError(f"function={function!r}: {module} lists {', '.join(listed)}")
    work: Work = listed[name]
    return work
