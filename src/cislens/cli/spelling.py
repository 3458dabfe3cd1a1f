"""Flags as users write them, turned into what the parser reads."""

import itertools
import json
import re
from collections.abc import Sequence
from dataclasses import fields, is_dataclass
from types import NoneType
from typing import Any, cast, get_args, get_origin, get_type_hints

PLAIN = re.compile(r"[\w.+/-]+")
"""Words that YAML reads as they are."""


def read(words: Sequence[str], options: type) -> list[str]:
    """Turn flags into those that the parser knows.

    A field that ends in an underscore, because its name is a word of Python, is written without
    it; a flag that is true or false may stand alone; a list may be written without brackets, as
    one word or as several between commas.

    Parameters
    ----------
    words
        Flags and their values.
    options
        The dataclass of the verb.

    Returns
    -------
    list of str
        Flags and their values.
    """
    flags = [_with_underscore(word, options) for word in words]
    full: list[str] = []
    for word, after in itertools.pairwise([*flags, "--"]):
        name, equals, value = word.removeprefix("--").partition("=")
        before = full[-1].removeprefix("--") if full else ""
        if not word.startswith("--"):
            full.append(_as_list(word) if _is_list(kind(before, options)) else word)
        elif equals and _is_list(kind(name, options)):
            full.append(f"--{name}={_as_list(value)}")
        elif not equals and kind(name, options) is bool and after.startswith("--"):
            full += [word, "true"]
        else:
            full.append(word)
    return full


def shown(text: str, options: type) -> str:
    """Write the flags of a help text as users write them.

    Parameters
    ----------
    text
        The help text.
    options
        The dataclass of the verb.

    Returns
    -------
    str
        The text without the underscores of `read`.
    """
    for item in fields(options):
        if item.name.endswith("_"):
            name = item.name[:-1]
            text = text.replace(f"--{name}_ {name.upper()}_", f"--{name} {name.upper()}  ")
    return text


def kind(name: str, options: type) -> Any:  # noqa: ANN401
    """Find the type of an option.

    Parameters
    ----------
    name
        Its name, such as split.test.
    options
        The dataclass of the verb.

    Returns
    -------
    Any
        None for one that is not known.
    """
    here: Any = options
    for part in name.split("."):
        inner = group(here)
        if inner is None:
            return None
        here = get_type_hints(inner).get(part)
    return here


def group(kind: Any) -> type | None:  # noqa: ANN401
    """Find the dataclass among the types that an option may have.

    Parameters
    ----------
    kind
        What `kind` gave.

    Returns
    -------
    type or None
        None for a single option.
    """
    members = (kind, *get_args(kind))
    return next((cast("type", member) for member in members if is_dataclass(member)), None)


def _with_underscore(word: str, options: type) -> str:
    flag, equals, value = word.partition("=")
    reserved = {f"--{item.name[:-1]}" for item in fields(options) if item.name.endswith("_")}
    return f"{flag}_{equals}{value}" if flag in reserved else word


def _is_list(kind: Any) -> bool:  # noqa: ANN401
    """Tell a list, or a list that may be left out, from what may be something else too."""
    members = [member for member in get_args(kind) if member is not NoneType]
    return get_origin(kind) is list or (len(members) == 1 and get_origin(members[0]) is list)


def _as_list(value: str) -> str:
    """Write words between commas as a list of YAML; leave a list, a mapping or nothing alone."""
    if value.strip()[:1] in {"[", "{", ""} or value == "null":
        return value
    pieces = (piece.strip() for piece in value.split(","))
    written = (piece if PLAIN.fullmatch(piece) else json.dumps(piece) for piece in pieces)
    return f"[{', '.join(written)}]"
