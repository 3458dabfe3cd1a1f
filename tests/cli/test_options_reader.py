"""From words and YAML to options."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import pytest

from cislens.cli import options_reader
from cislens.errors import UserError


@dataclass(frozen=True)
class Inner:
    """How it is fitted.

    Parameters
    ----------
    epochs
        Most epochs.
    kind
        Which kind.
    """

    epochs: int = 1
    kind: Literal["a", "b"] = "a"


@dataclass(frozen=True)
class Options:
    """Options of a verb.

    Parameters
    ----------
    data
        The data.
    out
        The result.
    names
        Some names.
    fit
        How it is fitted.
    tables
        Some files.
    """

    data: Path
    out: Path
    names: list[str] = field(default_factory=list)
    fit: Inner = field(default_factory=Inner)
    tables: list[Path] = field(default_factory=list)


def read(*words, positional=("data",)):
    return options_reader.read(
        "verb", Options, words, positional=positional, description="Do it.", examples="  example"
    )


def test_flags_become_typed_options():
    got = read("x.zarr", "--out", "run", "--fit.epochs", "3", "--names", "[relu, exponential]")
    assert got == Options(Path("x.zarr"), Path("run"), ["relu", "exponential"], Inner(3))


def test_flags_win_over_yaml(tmp_path):
    path = tmp_path / "a.yaml"
    path.write_text("data: y.zarr\nout: run\nfit: {epochs: 7, kind: b}\n")
    assert read("--config", str(path)) == Options(Path("y.zarr"), Path("run"), [], Inner(7, "b"))
    assert read("--config", str(path), "--fit.epochs", "2").fit == Inner(2, "b")


def test_first_word_may_be_the_yaml(tmp_path):
    path = tmp_path / "a.yaml"
    path.write_text("data: y.zarr\nout: run\n")
    assert read(str(path), "--out", "else", positional=("config",)).out == Path("else")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["x", "--out", "run", "--fit.kind", "c"], "fit.kind"),
        (["x"], "out"),
        (["x", "y"], "'y': an option such as --out"),
        (["x", "--out", "run", "--fit.epochs", "1.5"], "fit.epochs"),
    ],
)
def test_fault_is_one_sentence(words, message):
    with pytest.raises(UserError, match=message) as caught:
        read(*words)
    assert "\n" not in str(caught.value)
    assert "cislens verb --help" in str(caught.value)


def test_a_wrong_choice_names_the_near_one():
    words = ["x.zarr", "--fit.kind", "aa", "--out", "y"]
    with pytest.raises(UserError, match=r"fit\.kind=aa: did you mean 'a'\? known are a, b"):
        read(*words)


def test_help_shows_meaning_default_and_examples(capsys):
    assert read("--help") is None
    text = capsys.readouterr().out
    assert "Do it." in text
    assert "Most epochs. (type: a whole number, default: 1)" in " ".join(text.split())
    assert "example" in text


def test_help_names_no_types_of_python(capsys):
    assert read("--help") is None
    text = capsys.readouterr().out
    assert not re.search("class|Literal|Union|Path|str", text)
    assert "--tables [FILE,...]" in text


def test_help_of_a_group_shows_its_options(capsys):
    assert read("--fit.help") is None
    text = capsys.readouterr().out
    assert text.startswith("usage: cislens verb --fit.OPTION VALUE ...")
    assert "--fit.epochs EPOCHS" in text
    assert "--data" not in text
    with pytest.raises(UserError, match="data is one option; see `cislens verb --help`"):
        read("--data.help")


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("--fit.epoch=3", "--fit.epoch: did you mean 'epochs'? fit has epochs, kind"),
        ("--names+", None),
        ("--zzz", "--zzz: it has data, out, names, fit, tables"),
    ],
)
def test_an_unknown_flag_names_what_stands_there(word, said):
    if said is None:
        assert read("x", "--out", "run", word, "relu").names == ["relu"]
        return
    with pytest.raises(UserError) as error:
        read("x", "--out", "run", word)
    assert said in str(error.value)


@dataclass(frozen=True)
class Reserved:
    """Options of a verb.

    Attributes
    ----------
    name
        A name.
    from_
        Where from.
    list
        Whether to list.
    """

    name: str | None = None
    from_: Path | None = None
    list: bool = False


def reserved(*words):
    return options_reader.read(
        "fetch", Reserved, words, positional=("name",), description="Fetches.", examples="  x"
    )


@pytest.mark.parametrize("words", [("--from", "a"), ("--from=a",)])
def test_word_of_python_is_an_option(words):
    assert reserved(*words).from_ == Path("a")


def test_help_shows_it_as_it_is_written(capsys):
    assert reserved("--help") is None
    told = capsys.readouterr().out
    assert "--from FROM" in told
    assert "from_" not in told


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ((), (None, False)),
        (("--list",), (None, True)),
        (("a", "--list", "--from", "b"), ("a", True)),
        (("--list", "false"), (None, False)),
        (("--list=true",), (None, True)),
    ],
)
def test_flag_alone_is_true(words, expected):
    found = reserved(*words)
    assert (found.name, found.list) == expected


def test_flag_that_wants_a_word_is_not_true():
    with pytest.raises(UserError, match="name"):
        reserved("--name", "--list")


@dataclass(frozen=True)
class Seeded:
    """Options of a verb.

    Parameters
    ----------
    seed
        The seed.
    share
        A number of either kind, or none.
    four
        Four numbers.
    """

    seed: int = 0
    share: int | float | None = None
    four: tuple[float, float] | None = None


def seeded(*words):
    return options_reader.read(
        "verb", Seeded, words, positional=(), description="Do it.", examples="  example"
    )


@pytest.mark.parametrize("seed", ["-1", "4294967296"])
def test_a_seed_that_no_generator_takes_is_refused(seed):
    with pytest.raises(UserError, match=rf"seed={seed}: a whole number from 0 to 4294967295 is"):
        seeded("--seed", seed)
    assert seeded("--seed", "4294967295").seed == 4294967295


def test_help_of_a_union_names_the_widest_kind(capsys):
    assert seeded("--help") is None
    text = " ".join(capsys.readouterr().out.split())
    assert "A number of either kind, or none. (type: a number, default: null)" in text
    assert "Four numbers. (default: null)" in text
