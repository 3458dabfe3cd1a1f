"""The run folder: plain files, written whole or not at all."""

import dataclasses
import json
import platform
import shlex
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from cislens import files
from cislens.errors import UserError

STARTED = time.monotonic()

MADE = ("data.json", "dataset.zarr", "models")
"""What a run makes in its folder before its first epoch has ended."""


def write_text(path: Path, text: str) -> None:
    """Write a text file whole.

    Parameters
    ----------
    path
        The file.
    text
        Its contents.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with files.whole(path) as temporary:
        temporary.write_text(text, encoding="utf-8")


def write_json(path: Path, value: object) -> None:
    """Write a JSON file whole; NaN becomes null.

    Parameters
    ----------
    path
        The file.
    value
        Mappings, lists, numbers, text.
    """
    write_text(path, json.dumps(_plain(value), indent=2, allow_nan=False) + "\n")


def read_json(path: Path) -> Any:  # noqa: ANN401
    """Read a JSON file of a run folder.

    Parameters
    ----------
    path
        The file.

    Returns
    -------
    Any
        Its contents.

    Raises
    ------
    UserError
        If it is missing or broken.
    """
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise UserError(f"{path}: no such file; is {path.parent} a run folder?") from error
    except json.JSONDecodeError as error:
        raise UserError(
            f"{path}, line {error.lineno}: not JSON ({error.msg}); run the step again"
        ) from error


def write_table(path: Path, table: pd.DataFrame) -> None:
    """Write a CSV file (TSV if it ends in .tsv) whole.

    Parameters
    ----------
    path
        The file.
    table
        Its rows; the index is left out.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with files.whole(path) as temporary:
        table.to_csv(temporary, index=False, sep="\t" if path.suffix == ".tsv" else ",")


def write_options(path: Path, options: object) -> None:
    """Write the options of a step as the YAML that would repeat it.

    Parameters
    ----------
    path
        The file.
    options
        A dataclass of options.
    """
    write_text(path, as_yaml(options))


def as_yaml(options: object) -> str:
    """Turn options into YAML text.

    Parameters
    ----------
    options
        A dataclass of options.

    Returns
    -------
    str
        YAML that `--config` reads.
    """
    return yaml.safe_dump(_plain(options), sort_keys=False, allow_unicode=True)


def beside(data: Path) -> Path:
    """Name the file that keeps the options a dataset was made with.

    Parameters
    ----------
    data
        The dataset (.zarr).

    Returns
    -------
    Path
        Such as factors.zarr.yaml: never factors.yaml, which may be the user's own.
    """
    return data.with_name(f"{data.name}.yaml")


def claim(out: Path, options: object, *, name: str = "run.yaml") -> None:
    """Take a run folder for these options, or go on in one that has them already.

    Parameters
    ----------
    out
        The run folder.
    options
        The options of the run.
    name
        The file that holds them.

    Raises
    ------
    UserError
        If the folder holds a run with other options, or `out` is a file.
    """
    if out.exists() and not out.is_dir():
        raise UserError(f"{out}: a file stands there; --out wants a folder")
    path = out / name
    if path.exists():
        before = yaml.safe_load(path.read_text(encoding="utf-8"))
        changed = _first_difference(before, yaml.safe_load(as_yaml(options)))
        if changed:
            raise UserError(
                f"{out}: holds a run with other options ({changed}); choose another --out or "
                "remove it"
            )
    write_options(path, options)


@contextmanager
def claimed(out: Path, options: object, *, name: str = "run.yaml") -> Iterator[None]:
    """Take a run folder as `claim` does, and give it back if nothing could be trained in it.

    A dataset that was made on the way goes too: other options may want another one.

    Parameters
    ----------
    out
        The run folder.
    options
        The options of the run.
    name
        The file that holds them.

    Yields
    ------
    None
        While the work is done.

    Raises
    ------
    UserError
        As `claim`; what the work raises is passed on.
    """
    there = out.is_dir()
    before = {path.name for path in out.iterdir()} if there else set()
    fresh = not (out / name).exists()
    claim(out, options, name=name)
    try:
        yield
    except UserError:
        if fresh and not any(path.is_file() for path in out.glob("models/**/*")):
            _give_back(out, {name, *MADE} - before)
            if not there and not any(out.iterdir()):
                out.rmdir()
        raise


def _give_back(out: Path, names: set[str]) -> None:
    """Remove what was made in a folder in which nothing could be trained."""
    for path in (out / name for name in names):
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def write_environment(out: Path, *, seed: int) -> None:
    """Write what the run ran on.

    Parameters
    ----------
    out
        The run folder.
    seed
        The run's seed.
    """
    write_json(
        out / "environment.json",
        {
            "cislens": version("cislens"),
            "python": platform.python_version(),
            "torch": version("torch"),
            "platform": platform.platform(),
            "command": shlex.join(["cislens", *sys.argv[1:]]),
            "date": time.strftime("%Y-%m-%dT%H:%M:%S%z"),
            "seconds": round(time.monotonic() - STARTED, 1),
            "seed": seed,
        },
    )


def models(run: Path) -> list[Path]:
    """List the folders of the trained models of a run.

    Parameters
    ----------
    run
        The run folder.

    Returns
    -------
    list of Path
        In order of name.

    Raises
    ------
    UserError
        If there is none.
    """
    found = sorted(path.parent for path in run.glob("models/*/model.safetensors"))
    if not found:
        raise UserError(
            f"{run}: no trained model (models/*/model.safetensors); run `cislens train` first"
        )
    return found


def _plain(value: object) -> Any:  # noqa: ANN401
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: _plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(item) for item in value]
    if isinstance(value, Path):
        return str(value)
    if hasattr(value, "tolist"):
        return _plain(value.tolist())
    if isinstance(value, float) and value != value:
        return None
    return value


def _first_difference(before: object, now: object, prefix: str = "") -> str:
    if isinstance(before, dict) and isinstance(now, dict):
        for key in [*before, *(k for k in now if k not in before)]:
            found = _first_difference(before.get(key), now.get(key), f"{prefix}{key}.")
            if found:
                return found
        return ""
    return "" if before == now else f"{prefix.rstrip('.')} was {before!r} and is now {now!r}"
