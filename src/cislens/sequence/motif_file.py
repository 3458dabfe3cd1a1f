"""Motif files of any known format, told apart by what is in them."""

import os
from pathlib import Path

from cislens.sequence import _motif_text, homer, jaspar, meme
from cislens.sequence.pwm import Pwm

READERS = {"MEME": meme.read, "JASPAR": jaspar.read, "HOMER": homer.read}
"""The reader of each format."""


def read(path: str | os.PathLike[str]) -> list[Pwm]:
    """Read the motifs of a MEME, JASPAR or HOMER file, plain or gzipped.

    Parameters
    ----------
    path
        The file; its name says nothing about the format.

    Returns
    -------
    list[Pwm]
        The motifs in file order.

    Raises
    ------
    UserError
        If the file is of no known format, empty or damaged.
    """
    path = Path(path)
    return READERS[_recognised(path, _motif_text.lines(path))](path)


def _recognised(path: Path, lines: list[str]) -> str:
    """Name the format of the lines."""
    if any(line.startswith("MEME version") for line in lines):
        return "MEME"
    line = next(i for i, line in enumerate(lines) if line.strip())
    if lines[line].startswith(">"):
        # Only HOMER has a third field, its detection threshold.
        fields = lines[line].split("\t")
        is_homer = len(fields) > 2 and _motif_text.number(fields[2]) is not None
        return "HOMER" if is_homer else "JASPAR"
    raise _motif_text.failure(
        path,
        line,
        f"{lines[line].strip()[:40]!r} begins no known motif file; wants {', '.join(READERS)}",
    )
