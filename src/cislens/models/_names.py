"""Errors for names that are not known, with the nearest that are."""

import difflib
from collections.abc import Iterable

from cislens.errors import UserError

_LISTED = 40


def unknown(parameter: str, got: object, known: Iterable[str]) -> UserError:
    """Word the error for a name that is not among the known ones."""
    names = list(known)
    near = difflib.get_close_matches(str(got), names, n=1, cutoff=0.5)
    hint = f"did you mean {near[0]!r}? " if near else ""
    more = f" and {len(names) - _LISTED} more" if len(names) > _LISTED else ""
    listed = ", ".join(names[:_LISTED]) or "none"
    return UserError(f"{parameter}={got!r}: {hint}known are {listed}{more}")
