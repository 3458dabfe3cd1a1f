"""What a wrong value is told."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import pytest

from cislens.cli import faults, options_reader
from cislens.errors import UserError


@dataclass(frozen=True)
class Inner:
    """Inner options.

    Attributes
    ----------
    context
        A number.
    """

    context: int = 1


@dataclass(frozen=True)
class Options:
    """Options.

    Attributes
    ----------
    whole
        A number.
    part
        A number.
    truth
        Yes or no.
    maybe
        A number or nothing.
    kind
        One of two.
    kind_or_not
        One of two, or nothing.
    names
        Texts.
    more
        A mapping.
    windows
        Options, or nothing.
    fit
        Options.
    path
        A file.
    """

    whole: int = 1
    part: float = 1.0
    truth: bool = False
    maybe: int | None = None
    kind: Literal["binary", "count"] = "count"
    kind_or_not: Literal["binary", "count"] | None = None
    names: list[str] = field(default_factory=list)
    more: dict[str, Any] = field(default_factory=dict)
    windows: Inner | None = None
    fit: Inner = field(default_factory=Inner)
    path: Path | None = None


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["--whole", "abc"], "whole=abc: a whole number is wanted"),
        (["--whole", "2.5"], "whole=2.5: a whole number is wanted"),
        (["--part", "abc"], "part=abc: a number is wanted"),
        (["--truth", "maybe"], "truth=maybe: true or false is wanted"),
        (["--maybe", "abc"], "maybe=abc: a whole number is wanted"),
        (["--kind", "bin"], "kind=bin: did you mean 'binary'? known are binary, count"),
        (["--kind_or_not", "x"], "kind_or_not=x: known are binary, count"),
        (["--names", "[1]"], "names=1: a text is wanted"),
        (["--more", "abc"], "more=abc: a mapping such as {name: value} is wanted"),
        (["--windows.context", "abc"], "windows.context=abc: a whole number is wanted"),
        (["--fit.context", "abc"], "fit.context=abc: a whole number is wanted"),
        (["--fit", "abc"], "fit=abc: options are wanted, such as --fit.NAME VALUE"),
    ],
)
def test_message_says_what_was_got_and_wanted(words, expected):
    with pytest.raises(UserError) as raised:
        options_reader.read(
            "verb", Options, words, positional=(), description="Do.", examples="  x"
        )
    assert str(raised.value) == f"{expected}; see `cislens verb --help`"


@pytest.mark.parametrize(
    "message",
    [
        "the following arguments are required: out",
        "Parser key \"a\": Expected a <class 'complex'>. Got value: abc",
    ],
)
def test_message_of_another_form_is_kept(message):
    assert faults.told(message) == message


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ('Parser key "a": something else', "a: something else"),
        ('Parser key "a": Parser key "b": something', "a.b: something"),
        ('Parser key "a": Parser key "a.b": something', "a.b: something"),
        ('Parser key "a": b=3, c=4: no', "a.b=3, c=4: no"),
        ('Parser key "a": a.b=3: no', "a.b=3: no"),
        ('Parser key "a.b": b.c=3: no', "a.b.c=3: no"),
    ],
)
def test_keys_are_joined(message, expected):
    assert faults.told(message) == expected
