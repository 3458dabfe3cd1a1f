"""A piece of work: a function of the package by name, its options as JSON, and their hash."""

import hashlib
import importlib
import json
from collections.abc import Callable, Iterable, Mapping
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
    """One piece of work.

    Two pieces of one function, equal options and equal needs are the same piece, on any machine
    and in any order of keys.

    Attributes
    ----------
    function
        Dotted name of a module and, behind a colon, a key of its dict ``PIECES``.
    options
        What the function is given: text, numbers, truth values, None, lists and dicts of them.
    needs
        Pieces whose results it reads; their identities are part of its own.
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
    needs: tuple["Piece", ...] = ()
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
        """Write what the identity is made of as JSON that does not depend on the order of keys.

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
            Function, options, needs (their identities) and revision.
        """
        return {
            "function": self.function,
            "options": self.options,
            "needs": [piece.identity for piece in self.needs],
            "revision": self.revision,
        }


def complete(pieces: Iterable[Piece]) -> dict[str, Piece]:
    """Put pieces and all that they need under their identities, the needed ones first.

    Parameters
    ----------
    pieces
        A plan; what stands there twice is one piece.

    Returns
    -------
    dict
        Identity to piece, in the order of the plan but for needs.
    """
    found: dict[str, Piece] = {}
    for piece in pieces:
        if piece.identity not in found:
            found |= complete(piece.needs)
            found[piece.identity] = piece
    return found


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
