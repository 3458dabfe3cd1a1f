"""Count matrices of JASPAR: the bracket layout and the plain layout of four rows a motif."""

import itertools
import os
import re
from pathlib import Path

import numpy as np

from cislens.sequence import _motif_text, pwm
from cislens.sequence.pwm import Pwm


def read(path: str | os.PathLike[str]) -> list[Pwm]:
    """Read the motifs of a JASPAR file, plain or gzipped.

    Each motif is a line ``>identifier label`` and four rows of counts, one a base. Rows begin
    with their letter, with or without brackets around the counts, or are all without a letter,
    in the order A C G T. Counts may be fractions.

    Parameters
    ----------
    path
        The file.

    Returns
    -------
    list[Pwm]
        The motifs in file order, counts divided by column totals, no pseudocount.

    Raises
    ------
    UserError
        If the file is empty, damaged or not in this layout; names the file and the line.
    """
    path = Path(path)
    lines = _motif_text.lines(path)
    filled = [i for i, line in enumerate(lines) if line.strip()]
    if not lines[filled[0]].startswith(">"):
        raise _motif_text.failure(path, filled[0], "wants a line '>identifier label' first")
    heads = [i for i in filled if lines[i].startswith(">")]
    spans = itertools.pairwise([*heads, len(lines)])
    return [_motif(path, lines, head, end) for head, end in spans]


def _motif(path: Path, lines: list[str], head: int, end: int) -> Pwm:
    """Read the motif whose name stands on line ``head`` and whose rows end before ``end``."""
    name, *label = lines[head][1:].split() or [""]
    rows = [i for i in range(head + 1, end) if lines[i].strip()]
    if not name or len(rows) != 4:
        raise _motif_text.failure(
            path, head, f"motif {name!r} has {len(rows)} rows; wants a name and four rows"
        )
    letters = "".join(_letter(lines[i]) for i in rows).replace("U", "T")
    if letters and sorted(letters) != list("ACGT"):
        raise _motif_text.failure(
            path, rows[0], f"rows named {letters!r}; wants A C G T, each once, or no letters"
        )
    counts = [_counts(path, i, lines[i]) for i in rows]
    odd = next((i for i, row in zip(rows, counts, strict=True) if len(row) != len(counts[0])), None)
    if odd is not None or not counts[0]:
        raise _motif_text.failure(
            path, rows[0] if odd is None else odd, f"motif {name!r}: wants rows of one length"
        )
    by_base = [counts[(letters or "ACGT").index(base)] for base in "ACGT"]
    if not np.sum(by_base, axis=0).all():
        raise _motif_text.failure(path, head, f"motif {name!r} has a column without counts")
    return pwm.from_counts(np.array(by_base), name=name, label=" ".join(label))


def _letter(line: str) -> str:
    """Give the letter that begins a row, if one does."""
    found = re.match(r"\s*([A-Za-z])", line)
    return found[1].upper() if found else ""


def _counts(path: Path, line: int, text: str) -> list[float]:
    """Read the counts of a row, with or without its letter and brackets."""
    body = re.sub(r"^\s*[A-Za-z]?\s*[|:\[]?|\]\s*$", "", text)
    return _motif_text.numbers(path, line, body.split())
