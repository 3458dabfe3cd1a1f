"""Hashes of the user's files, by which results are known to be of other data."""

import hashlib
from collections.abc import Iterable
from pathlib import Path

from cislens.errors import UserError


def of_files(paths: Iterable[Path], *, option: str) -> str:
    """Hash files.

    Parameters
    ----------
    paths
        The files.
    option
        The option that names them, for the message.

    Returns
    -------
    str
        SHA-256 of each, with spaces between.

    Raises
    ------
    UserError
        If one cannot be read.
    """
    return " ".join(_of_file(path, option) for path in paths)


def _of_file(path: Path, option: str) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise UserError(
            f"{option}={path}: {error.strerror}; wants the file that the data came in"
        ) from error
