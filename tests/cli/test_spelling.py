"""Flags as users write them."""

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from cislens.cli import options_reader, spelling


@dataclass(frozen=True)
class Inner:
    """Inner options.

    Attributes
    ----------
    test
        Chromosomes.
    strict
        Whether.
    """

    test: list[str | int] = field(default_factory=list)
    strict: bool = False


@dataclass(frozen=True)
class Options:
    """Options of a verb.

    Attributes
    ----------
    files
        Files.
    shares
        Numbers.
    names
        One or more.
    from_
        Where from.
    kinds
        Kinds.
    split
        Inner.
    maybe
        Inner, or not.
    """

    files: list[Path] = field(default_factory=list)
    shares: list[float] = field(default_factory=list)
    names: list[str] | str = field(default_factory=list)
    from_: Path | None = None
    kinds: list[str] | None = None
    split: Inner = field(default_factory=Inner)
    maybe: Inner | None = None


def read(*words):
    return options_reader.read(
        "verb", Options, words, positional=(), description="Does.", examples="  x"
    )


@pytest.mark.parametrize(
    ("words", "name", "expected"),
    [
        (("--files", "a b.bed"), "files", [Path("a b.bed")]),
        (("--files=*_CX.bed,peaks/x: y.bed",), "files", [Path("*_CX.bed"), Path("peaks/x: y.bed")]),
        (("--files", "[a, b]"), "files", [Path("a"), Path("b")]),
        (("--shares", "0.8,0.1, 0.1"), "shares", [0.8, 0.1, 0.1]),
        (("--kinds", "mRNA"), "kinds", ["mRNA"]),
        (("--kinds", "null"), "kinds", None),
        (("--names", "a,b"), "names", "a,b"),
        (("--from", "d"), "from_", Path("d")),
    ],
)
def test_lists_need_no_brackets(words, name, expected):
    assert getattr(read(*words), name) == expected


def test_inner_options_too():
    found = read("--split.test", "chrVII,7", "--split.strict").split
    assert [str(name) for name in found.test] == ["chrVII", "7"]
    assert found.strict
    assert read("--maybe.test=a").maybe.test == ["a"]


@pytest.mark.parametrize("words", [["--nothing", "a"], ["--split.nothing.more", "a"], [], ["--"]])
def test_what_is_not_known_is_left_alone(words):
    assert spelling.read(words, Options) == words


def test_help_is_spelt_alike():
    assert spelling.shown("--from_ FROM_  x --files", Options) == "--from FROM    x --files"
