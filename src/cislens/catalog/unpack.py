"""Archives and tables, unpacked whole or not at all."""

import csv
import gzip
import shutil
import tarfile
import zlib
from collections.abc import Iterable, Sequence
from pathlib import Path

from cislens import files
from cislens.errors import UserError


def gunzip(path: Path, out: Path) -> None:
    """Write what a gzip file holds.

    Parameters
    ----------
    path
        The gzip file.
    out
        The file to write.

    Raises
    ------
    UserError
        If the file is damaged.
    """
    try:
        with gzip.open(path) as source, files.whole(out) as partial, partial.open("wb") as target:
            shutil.copyfileobj(source, target, 1 << 20)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise UserError(_damaged(path, error)) from error


def members(path: Path, names: Sequence[str], out: Path) -> None:
    """Write some files of a tar archive into one folder, whatever folder they have there.

    Parameters
    ----------
    path
        The archive, compressed or not.
    names
        Names of files without their folders; nothing else is unpacked.
    out
        The folder to write.

    Raises
    ------
    UserError
        If the archive is damaged or lacks one of the files.
    """
    try:
        with tarfile.open(path) as archive, files.whole(out) as partial:
            partial.mkdir()
            found = {
                Path(m.name).name: m for m in archive if m.isfile() and Path(m.name).name in names
            }
            if missing := [name for name in names if name not in found]:
                raise UserError(f"{path}: no {missing[0]} in this archive; fetch it again")
            for name, member in found.items():
                source = archive.extractfile(member)
                assert source is not None
                with source, (partial / name).open("wb") as target:
                    shutil.copyfileobj(source, target, 1 << 20)
    except (tarfile.TarError, EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise UserError(_damaged(path, error)) from error


def table(out: Path, head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Write a TSV file, one row in memory at a time.

    Parameters
    ----------
    out
        The file to write.
    head
        Names of the columns.
    rows
        Their values.
    """
    with files.whole(out) as partial, partial.open("w", newline="", encoding="utf-8") as stream:
        written = csv.writer(stream, delimiter="\t", lineterminator="\n")
        written.writerow(head)
        written.writerows(rows)


def _damaged(path: Path, error: Exception) -> str:
    return f"{path}: damaged or cut short ({error}); remove it and fetch it again"
