"""Text, JSON and CSV files of a run folder, read with errors that name file and line."""

import csv
import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import NoneType
from typing import Any

from cislens.errors import UserError

Row = dict[str, Any]
"""One line of a CSV file: texts as they are, numbers as floats."""

Kinds = tuple[type, ...]

TEXT: Kinds = (str,)
NUMBER: Kinds = (int, float, NoneType)
LIST: Kinds = (list,)
OBJECT: Kinds = (dict,)
ANY: Kinds = (object,)


def text(path: Path) -> str:
    """Read a text file.

    Parameters
    ----------
    path
        A file in UTF-8.

    Returns
    -------
    str
        What stands in it.

    Raises
    ------
    UserError
        If the file is missing or no text.
    """
    if not path.is_file():
        raise UserError(f"{path}: not found; a report wants this file, see `cislens run --help`")
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise UserError(
            f"{path}, line {line}: no UTF-8 text; write the file again with `cislens run`"
        ) from error


def json_object(path: Path, *, wanted: Mapping[str, Kinds]) -> dict[str, Any]:
    """Read a JSON file that holds one object.

    Parameters
    ----------
    path
        The file.
    wanted
        Keys it must have, each with the types its value may have.

    Returns
    -------
    dict
        The object.

    Raises
    ------
    UserError
        If the file is missing or broken, lacks a key, or a key holds something else.
    """
    try:
        value = json.loads(text(path))
    except json.JSONDecodeError as error:
        raise UserError(
            f"{path}, line {error.lineno}: {error.msg}; a complete JSON object is wanted, "
            "write the file again with `cislens run`"
        ) from error
    if not isinstance(value, dict):
        raise UserError(f"{path}, line 1: got a {type(value).__name__}; a JSON object is wanted")
    check_keys(value, wanted=wanted, place=str(path))
    return value


def check_keys(value: Mapping[str, Any], *, wanted: Mapping[str, Kinds], place: str) -> None:
    """Refuse an object that lacks a key or holds another type.

    Parameters
    ----------
    value
        The object.
    wanted
        Keys it must have, each with the types its value may have.
    place
        Where the object stands, for the message.

    Raises
    ------
    UserError
        Naming the place and the first key that is wrong.
    """
    for key, kinds in wanted.items():
        if key not in value:
            raise UserError(f"{place}: key {key!r} is missing; wanted are {', '.join(wanted)}")
        if not isinstance(value[key], kinds):
            names = " or ".join(kind.__name__ for kind in kinds).replace("NoneType", "null")
            raise UserError(f"{place}: {key} is {value[key]!r}; {names} is wanted")


def csv_rows(
    path: Path, *, texts: Sequence[str], numbers: Sequence[str], more_numbers: bool = False
) -> list[Row]:
    """Read a CSV file with a header.

    Parameters
    ----------
    path
        The file.
    texts
        Columns that must be there and are texts.
    numbers
        Columns that must be there and are numbers.
    more_numbers
        Whether all further columns are numbers too; they are left out otherwise.

    Returns
    -------
    list of dict
        One a line; an empty number is NaN.

    Raises
    ------
    UserError
        If the file is missing, lacks a column, or a line is broken; names the line.
    """
    reader = csv.reader(text(path).splitlines(keepends=True), strict=True)
    rows: list[Row] = []
    try:
        header = next(reader, [])
        if missing := [name for name in (*texts, *numbers) if name not in header]:
            raise UserError(
                f"{path}, line 1: column {missing[0]!r} is missing; "
                f"wanted are {', '.join((*texts, *numbers))}"
            )
        taken = dict.fromkeys(texts, False) | dict.fromkeys(numbers, True)
        taken |= {name: True for name in header if more_numbers and name not in taken}
        for cells in reader:
            if cells:
                place = f"{path}, line {reader.line_num}"
                rows.append(_row(header, cells, taken=taken, place=place))
    except csv.Error as error:
        raise UserError(
            f"{path}, line {reader.line_num}: {error}; a plain CSV line is wanted"
        ) from error
    return rows


def _row(header: list[str], cells: list[str], *, taken: Mapping[str, bool], place: str) -> Row:
    """Take the columns of a line, those marked as numbers."""
    if len(cells) != len(header):
        raise UserError(
            f"{place}: {len(cells)} cells; the header has {len(header)}, "
            "write the file again if it was cut off"
        )
    return {
        name: _number(cell, name=name, place=place) if taken[name] else cell
        for name, cell in zip(header, cells, strict=True)
        if name in taken
    }


def _number(cell: str, *, name: str, place: str) -> float:
    try:
        return float(cell) if cell.strip() else math.nan
    except ValueError as error:
        raise UserError(f"{place}: {name}={cell!r}; a number is wanted") from error
