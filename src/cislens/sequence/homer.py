"""Motif files of HOMER: probabilities, one row a position."""

import itertools
import os
import re
from pathlib import Path

import numpy as np

from cislens.sequence import _motif_text
from cislens.sequence.pwm import Pwm


def read(path: str | os.PathLike[str]) -> list[Pwm]:
    """Read the motifs of a HOMER file, plain or gzipped.

    Each motif is a line of ``>consensus``, name, detection threshold and statistics, split by
    tabs, and rows of four probabilities. The threshold is passed over; where the statistics name
    the target sequences with the motif (``T:17311.0(44.4%)``), these are the sites.

    Parameters
    ----------
    path
        The file.

    Returns
    -------
    list[Pwm]
        The motifs in file order. The label is the name up to the first comma or slash, where
        HOMER names go on with the experiment; white space in names becomes an underscore.

    Raises
    ------
    UserError
        If the file is empty, damaged or not in this layout; names the file and the line.
    """
    path = Path(path)
    lines = _motif_text.lines(path)
    filled = [i for i, line in enumerate(lines) if line.strip()]
    if not lines[filled[0]].startswith(">"):
        raise _motif_text.failure(path, filled[0], "wants a line '>consensus, name, ...' first")
    heads = [i for i in filled if lines[i].startswith(">")]
    spans = itertools.pairwise([*heads, len(lines)])
    return [_motif(path, lines, head, end) for head, end in spans]


def _motif(path: Path, lines: list[str], head: int, end: int) -> Pwm:
    """Read the motif whose name stands on line ``head`` and whose rows end before ``end``."""
    fields = lines[head][1:].split("\t")
    name = "_".join(fields[1].split()) if len(fields) > 1 else ""
    if not name:
        raise _motif_text.failure(
            path, head, "no name after the consensus; wants fields split by tabs"
        )
    rows = [
        _motif_text.distribution(path, line, lines[line].split())
        for line in range(head + 1, end)
        if lines[line].strip()
    ]
    if not rows:
        raise _motif_text.failure(path, head, f"motif {name!r} has no rows of probabilities")
    sites = re.search(r"\bT:([\d.]+)\(", lines[head])
    nsites = _motif_text.number(sites[1]) if sites else None
    return Pwm(name, np.array(rows).T, label=re.split(r"[,/]", name)[0], nsites=nsites)
