"""Check the keys of a YAML file against a dataclass before anything runs."""

import difflib
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any, cast, get_args, get_type_hints

import yaml

from cislens.errors import UserError
from cislens.pipeline import verbs


def check(path: str | Path, options: type) -> None:
    """Raise for the first key that no option bears.

    Parameters
    ----------
    path
        A YAML file.
    options
        The dataclass whose fields are the known keys; fields that are dataclasses are followed.

    Raises
    ------
    UserError
        If the file cannot be read, is not YAML, is not a mapping, or has an unknown or doubled
        key; the sentence names file and line.
    """
    try:
        text = Path(path).read_text(encoding="utf-8")
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except FileNotFoundError as error:
        raise UserError(f"{path}: no such file; a YAML file of options is wanted") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        place = f", line {mark.line + 1}" if mark else ""
        problem = getattr(error, "problem", None) or "not text"
        raise UserError(
            f"{path}{place}: not YAML ({problem}); `key: value` lines are wanted"
        ) from error
    if root is None:
        raise UserError(f"{path}: the file is empty; `key: value` lines are wanted")
    _check_verb(root, options, path)
    _check_node(root, options, str(path), "")


def _check_verb(root: yaml.Node, options: type, path: str | Path) -> None:
    """Refuse a file of the main job where another verb is asked for."""
    if not isinstance(root, yaml.MappingNode):
        return
    keys = {key.value for key, _ in root.value}
    mine, job = ({item.name for item in fields(kind)} for kind in (options, verbs.Run))
    if keys <= job and not keys <= mine:
        raise UserError(
            f"{path}: this file is one for `cislens run`, which does all from data to report: "
            f"`cislens run {path}`; key {min(keys - mine)!r} is unknown here"
        )


def _check_node(node: yaml.Node, options: type, path: str, prefix: str) -> None:
    if not isinstance(node, yaml.MappingNode):
        place = f"{path}, line {node.start_mark.line + 1}"
        raise UserError(f"{place}: {prefix.rstrip('.') or 'the file'} wants `key: value` lines")
    hints = get_type_hints(options)
    known = [item.name for item in fields(options)]
    seen: set[str] = set()
    for key, value in node.value:
        line = key.start_mark.line + 1
        if key.value not in known:
            raise UserError(
                f"{path}, line {line}: {_unknown(prefix + key.value, key.value, known)}"
            )
        if key.value in seen:
            raise UserError(
                f"{path}, line {line}: key {prefix + key.value!r} stands twice; once is wanted"
            )
        seen.add(key.value)
        nested = _nested(hints[key.value], value)
        if nested is not None:
            _check_node(value, nested, path, f"{prefix}{key.value}.")


def _nested(hint: Any, node: yaml.Node) -> type | None:  # noqa: ANN401
    """Find the dataclass that a value is read into; one of several kinds if it is a mapping."""
    if is_dataclass(hint):
        return cast("type", hint)
    kinds = [kind for kind in get_args(hint) if is_dataclass(kind)]
    return cast("type", kinds[0]) if kinds and isinstance(node, yaml.MappingNode) else None


def _unknown(full: str, key: str, known: list[str]) -> str:
    nearest = difflib.get_close_matches(key, known, n=1)
    remedy = f"did you mean {nearest[0]!r}?" if nearest else f"known are {', '.join(known)}"
    return f"key {full!r} is unknown; {remedy}"
