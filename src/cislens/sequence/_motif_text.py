"""Text of motif files: plain or gzipped lines, rows of numbers, and errors that name the line."""

import gzip
import zlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from cislens.errors import UserError


def lines(path: Path) -> list[str]:
    """Read a file, gzipped or not, whatever its line ends.

    Parameters
    ----------
    path
        The file.

    Returns
    -------
    list[str]
        Its lines, at least one of them not blank.

    Raises
    ------
    UserError
        If there is no such file, or it is empty, damaged or no text.
    """
    try:
        content = path.read_bytes()
        if content.startswith(b"\x1f\x8b"):
            content = gzip.decompress(content)
        text = content.decode("utf-8-sig")
    except (FileNotFoundError, IsADirectoryError):
        raise UserError(f"{path}: no such file; wants a motif file") from None
    except (EOFError, gzip.BadGzipFile, zlib.error):
        raise UserError(f"{path}: the gzip stream is cut short or damaged; fetch it anew") from None
    except UnicodeDecodeError:
        raise UserError(f"{path}: not a text file; wants a motif file") from None
    if not text.strip():
        raise UserError(f"{path}: the file is empty; wants at least one motif")
    return text.splitlines()


def failure(path: Path, line: int, message: str) -> UserError:
    """Make the error for a line.

    Parameters
    ----------
    path
        The file.
    line
        The line, counted from 0 as lists are; printed from 1 as editors do.
    message
        What was got and what is wanted.

    Returns
    -------
    UserError
        The error to raise.
    """
    return UserError(f"{path}, line {line + 1}: {message}")


def number(token: str) -> float | None:
    """Read a token as a finite number.

    Parameters
    ----------
    token
        The text of one word.

    Returns
    -------
    float | None
        The number, or None if it is none.
    """
    try:
        value = float(token)
    except ValueError:
        return None
    return value if np.isfinite(value) else None


def numbers(path: Path, line: int, tokens: Sequence[str]) -> list[float]:
    """Read tokens as numbers of 0 or more.

    Parameters
    ----------
    path
        The file, for the error.
    line
        The line, counted from 0, for the error.
    tokens
        The words of the row.

    Returns
    -------
    list[float]
        One number a token.

    Raises
    ------
    UserError
        If a token is not a number, not finite or below 0.
    """
    values = []
    for token in tokens:
        value = number(token)
        if value is None or value < 0:
            raise failure(path, line, f"got {token!r}; wants a number, 0 or more")
        values.append(value)
    return values


def distribution(path: Path, line: int, tokens: Sequence[str]) -> list[float]:
    """Read four tokens as probabilities, and scale their sum to 1.

    Parameters
    ----------
    path
        The file, for the error.
    line
        The line, counted from 0, for the error.
    tokens
        The words of the row.

    Returns
    -------
    list[float]
        Probabilities of A C G T; left as they are where they sum to 1 within 1e-9.

    Raises
    ------
    UserError
        If there are not four numbers, or they sum to less than 0.99 or more than 1.01.
    """
    values = numbers(path, line, tokens)
    if len(values) != 4:
        raise failure(path, line, f"got {len(values)} numbers; wants four probabilities, A C G T")
    total = sum(values)
    # The hair more than 0.01 is for decimals that sum to 0.99 or 1.01 but for binary rounding.
    if abs(total - 1) > 0.01 + 1e-9:
        raise failure(path, line, f"the probabilities sum to {total:g}; wants 1")
    return values if abs(total - 1) <= 1e-9 else [value / total for value in values]
