"""Read the options of a verb from flags and YAML into its dataclass."""

import argparse
import difflib
import json
import re
from collections.abc import Sequence
from dataclasses import fields, is_dataclass
from typing import Any, NoReturn, get_type_hints

import jsonargparse

from cislens.cli import faults, spelling, yaml_keys
from cislens.errors import UserError

MORE = "..."
"""End of the name of an option that takes several words."""

SEEDS = 2**32
"""How many seeds there are: what the generators of all libraries take."""


class _Parser(jsonargparse.ArgumentParser):
    """A parser that raises instead of printing its usage and leaving."""

    def error(self, message: str, ex: Exception | None = None) -> NoReturn:
        raise UserError(f"{faults.told(str(message))}; see `{self.prog} --help`")


def read(
    verb: str,
    options: type,
    words: Sequence[str],
    *,
    positional: Sequence[str],
    description: str,
    examples: str,
) -> Any | None:  # noqa: ANN401
    """Read flags, and the YAML files they name, into an instance of a verb's options.

    Parameters
    ----------
    verb
        The verb's name, for the usage line.
    options
        Its frozen dataclass.
    words
        The words after the verb; flags win over YAML.
    positional
        The options that the first words stand for, in order; "config" is a YAML file, and a name
        that ends in three dots takes all words up to the first flag as a list.
    description
        What the verb does.
    examples
        Lines shown below the help.

    Returns
    -------
    Any or None
        The options; None if help was asked for and printed.

    Raises
    ------
    UserError
        If a key or value does not fit; the sentence names file and line for YAML.
    """
    parser = _parser(verb, options, positional, description, examples)
    if {"-h", "--help"} & set(words):
        print(spelling.shown(parser.format_help(), options).rstrip())
        return None
    for word in words:
        if _GROUP_HELP.fullmatch(word):
            print(_group_parser(verb, options, word[2:-5]).format_help().rstrip())
            return None
    flags = spelling.read(_as_flags(verb, [*words], positional), options)
    for word in flags:
        if word.startswith("--") and word != "--":
            _check_flag(word, options)
    for path in _values_of(flags, "--config"):
        yaml_keys.check(path, options)
    namespace = parser.instantiate(parser.parse_args(flags))
    chosen = options(**{item.name: namespace[item.name] for item in fields(options)})
    _check_seeds(chosen, "")
    return chosen


def _check_seeds(chosen: Any, prefix: str) -> None:  # noqa: ANN401
    for item in fields(chosen):
        value = getattr(chosen, item.name)
        if is_dataclass(value):
            _check_seeds(value, f"{prefix}{item.name}.")
        elif item.name == "seed" and value is not None and not 0 <= value < SEEDS:
            raise UserError(f"{prefix}seed={value}: a whole number from 0 to {SEEDS - 1} is wanted")


def _parser(
    verb: str, options: type, positional: Sequence[str], description: str, examples: str
) -> jsonargparse.ArgumentParser:
    words = "".join(f"{_shown(name)} " for name in positional)
    parser = _Parser(
        prog=f"cislens {verb}",
        usage=f"cislens {verb} {words}[--config FILE.yaml] [--OPTION VALUE ...]",
        description=description,
        epilog=f"Examples:\n{examples}\n",
        formatter_class=_Formatter,
        print_config=None,
    )
    parser.add_argument(
        "--config", action="config", help="YAML file of options; flags win over it."
    )
    parser.add_class_arguments(options)
    return parser


_GROUP_HELP = re.compile(r"--[\w.]+\.help")
_PATHS = """'["PATH1",...]' | LIST_OF_PATHS_FILE | -"""


def _group_parser(verb: str, options: type, name: str) -> jsonargparse.ArgumentParser:
    """Make the parser of options that are not looked at unless one of them is given."""
    _check_flag(f"--{name}", options)
    group = spelling.group(spelling.kind(name, options))
    if group is None:
        raise UserError(f"--{name}.help: {name} is one option; see `cislens {verb} --help`")
    parser = _Parser(
        prog=f"cislens {verb}",
        usage=f"cislens {verb} --{name}.OPTION VALUE ...",
        formatter_class=_Formatter,
        add_help=False,
    )
    parser.add_class_arguments(group, name)
    return parser


class _Formatter(jsonargparse.DefaultHelpFormatter, argparse.RawDescriptionHelpFormatter):
    """Keep the lines of the examples, and name types in words where their values are not shown."""

    def _get_type_str(self, action: argparse.Action) -> str | None:
        # Of words, choices and lists the placeholder or the default shows enough.
        said = super()._get_type_str(action) or ""
        for kind in ("list", "tuple", "dict", "float", "int"):
            if re.search(rf"\b{kind}\b", said):
                return faults.WANTED[kind] if kind not in ("list", "tuple") else None
        return None

    def _get_help_string(self, action: argparse.Action) -> str:
        said = super()._get_help_string(action) or ""
        said = said.replace("Path to a configuration file", "A YAML file of the options below")
        return re.sub(r"Show the help for \w+", "Show its options", said)

    def _format_action_invocation(self, action: argparse.Action) -> str:
        return super()._format_action_invocation(action).replace(_PATHS, "[FILE,...]")


def _shown(name: str) -> str:
    """Write a positional option as the usage line shows it."""
    if name.endswith(MORE):
        return f"{name.removesuffix(MORE).removesuffix('s').upper()} {MORE}"
    return "FILE.yaml" if name == "config" else name.upper()


def _as_flags(verb: str, words: list[str], positional: Sequence[str]) -> list[str]:
    flags: list[str] = []
    for name in positional:
        if name.endswith(MORE):
            count = next((i for i, word in enumerate(words) if word.startswith("-")), len(words))
            taken, words = words[:count], words[count:]
            flags += [f"--{name.removesuffix(MORE)}", json.dumps(taken)] if taken else []
        elif words and not words[0].startswith("-"):
            flags += [f"--{name}", words.pop(0)]
    if words and not words[0].startswith("-"):
        raise UserError(
            f"{words[0]!r}: an option such as --out is wanted here; see `cislens {verb} --help`"
        )
    return flags + words


def _check_flag(word: str, options: type) -> None:
    """Refuse a flag that no option bears; name the options that stand where it would."""
    name = word[2:].split("=", 1)[0].removesuffix("+")
    here: Any = options
    for depth, part in enumerate(parts := name.split(".")):
        known = [item.name for item in fields(here)]
        if part not in known and not (depth == 0 and part == "config"):
            where = ".".join(parts[:depth]) or "it"
            nearest = difflib.get_close_matches(part, known, n=1)
            hint = f"did you mean {nearest[0]!r}? " if nearest else ""
            raise UserError(f"--{name}: {hint}{where} has {', '.join(known)}")
        here = get_type_hints(here)[part] if part in known else None
        if not is_dataclass(here):
            return


def _values_of(flags: list[str], name: str) -> list[str]:
    after = [flags[i + 1] for i, word in enumerate(flags[:-1]) if word == name]
    return after + [word.split("=", 1)[1] for word in flags if word.startswith(f"{name}=")]
