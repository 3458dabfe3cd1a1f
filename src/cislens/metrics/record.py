"""One tidy row per measured number, and the CSV file they make."""

import csv
import dataclasses
import os
from collections.abc import Iterable
from pathlib import Path

from cislens import files
from cislens.errors import UserError


@dataclasses.dataclass(frozen=True)
class Record:
    """One measured number and where it comes from.

    Attributes
    ----------
    suite
        The run or benchmark the number belongs to.
    model
        Name of the network within the suite.
    seed
        Seed of the network's training.
    metric
        What was measured, for instance ``"auroc"``.
    value
        The number; NaN where it is undefined.
    unit
        Unit of the number; empty where it has none.
    """

    suite: str
    model: str
    seed: int
    metric: str
    value: float
    unit: str


COLUMNS = tuple(field.name for field in dataclasses.fields(Record))
"""Columns of the file, in order."""


def write(path: str | os.PathLike[str], records: Iterable[Record]) -> None:
    """Write records as CSV, one row each.

    Values are written so that `read` gives the same floats back. The file appears whole or not at
    all, and replaces one of that name.

    Parameters
    ----------
    path
        File to write.
    records
        The rows, in the order they shall have.
    """
    with files.whole(path) as partial, partial.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(dataclasses.astuple(record) for record in records)


def read(path: str | os.PathLike[str]) -> list[Record]:
    """Read the records of a CSV file.

    Parameters
    ----------
    path
        File that `write` wrote.

    Returns
    -------
    list of Record
        The rows in the order of the file.

    Raises
    ------
    UserError
        If the header or a row is not that of a record file.
    """
    with Path(path).open(newline="", encoding="utf-8") as file:
        reader = csv.reader(file)
        header = tuple(next(reader, ()))
        if header != COLUMNS:
            raise UserError(
                f"{path}, line 1: the columns are {','.join(header) or 'missing'}, a record file "
                f"has {','.join(COLUMNS)}; give a records.csv that cislens wrote"
            )
        return [_record(row, where=f"{path}, line {reader.line_num}") for row in reader]


def _record(row: list[str], *, where: str) -> Record:
    if len(row) != len(COLUMNS):
        raise UserError(
            f"{where}: {len(row)} fields, a record has {len(COLUMNS)}; mend or remove the line"
        )
    suite, model, seed, metric, value, unit = row
    try:
        return Record(suite, model, int(seed), metric, float(value), unit)
    except ValueError:
        raise UserError(
            f"{where}: seed={seed!r}, value={value!r}; a record has a whole number and a number "
            "there; mend or remove the line"
        ) from None
