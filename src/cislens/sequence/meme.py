"""Motif files of the MEME suite: a tolerant reader of minimal and full files, and a writer."""

import itertools
import os
import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from cislens import files
from cislens.errors import UserError
from cislens.sequence import _motif_text
from cislens.sequence.alphabet import DNA, RNA, Alphabet
from cislens.sequence.pwm import Pwm

_DECIMALS = 6


def read(path: str | os.PathLike[str]) -> list[Pwm]:
    """Read the motifs of a MEME file, minimal or full, version 4 or 5, plain or gzipped.

    The strands, the sites, the log-odds matrices and the E-values are passed over; the width and
    the number of sites may be missing. Without an alphabet the rows are taken as A C G T, without
    a background it is uniform. Rows that sum to 0.99 to 1.01 are scaled to 1.

    Parameters
    ----------
    path
        The file.

    Returns
    -------
    list[Pwm]
        The motifs in file order; the second word after MOTIF is the label.

    Raises
    ------
    UserError
        If the file is not MEME, is damaged, is of another alphabet or has no motif; names the
        file and the line.
    """
    path = Path(path)
    lines = _motif_text.lines(path)
    if not any(line.startswith("MEME version") for line in lines):
        raise _motif_text.failure(path, 0, "no line 'MEME version' in the file; wants a MEME file")
    starts = [i for i, line in enumerate(lines) if re.match(r"MOTIF(\s|$)", line)]
    if not starts:
        raise _motif_text.failure(path, len(lines) - 1, "the file ends without a line 'MOTIF name'")
    _check_alphabet(path, lines[: starts[0]])
    background = _background(path, lines[: starts[0]])
    spans = itertools.pairwise([*starts, len(lines)])
    return [_motif(path, lines, start, end, background) for start, end in spans]


def write(path: str | os.PathLike[str], pwms: Sequence[Pwm], *, alphabet: Alphabet = DNA) -> None:
    """Write motifs as a minimal MEME file of version 4.

    Probabilities get six decimals and each row sums to exactly 1: what rounding takes or gives
    goes to the bases nearest to the next step. White space in a label becomes an underscore. The
    file is written under a temporary name and renamed, so that no half of it can be met.

    Parameters
    ----------
    path
        The file to make or replace.
    pwms
        The motifs, all of one background; none at all gives a file with only a header.
    alphabet
        DNA names both strands, RNA one.

    Raises
    ------
    UserError
        If a name is empty, has white space or comes twice, or if the backgrounds differ.
    """
    path = Path(path)
    _check_names(pwms)
    background = pwms[0].background if pwms else np.full(4, 0.25)
    other = next((p.name for p in pwms if not np.allclose(p.background, background)), None)
    if other is not None:
        raise UserError(
            f"pwms: {other!r} has another background than {pwms[0].name!r}; a MEME file has one: "
            "write two files"
        )
    shares = " ".join(map(" ".join, zip(alphabet.letters, _decimals(background), strict=True)))
    header = (
        f"MEME version 4\n\nALPHABET= {alphabet.letters}\n\n"
        f"strands: {'+' if alphabet == RNA else '+ -'}\n\n"
        f"Background letter frequencies\n{shares}\n"
    )
    _replace(path, header + "".join(_block(pwm) for pwm in pwms))


def _check_alphabet(path: Path, header: list[str]) -> None:
    """Refuse a file whose rows are not A C G T or U."""
    line = next((i for i, text in enumerate(header) if text.startswith("ALPHABET")), None)
    if line is None:
        return
    listed = re.match(r"ALPHABET\s*=\s*(\S+)", header[line])
    # The programs of the suite sort the letters of an alphabet that is spelt out.
    letters = listed[1] if listed else "".join(sorted(_spelt_letters(header[line + 1 :])))
    if letters not in (DNA.letters, RNA.letters):
        raise _motif_text.failure(path, line, f"alphabet {letters!r}; wants ACGT or ACGU")


def _spelt_letters(lines: list[str]) -> set[str]:
    """Collect the letters that an alphabet block defines as bases of their own."""
    letters: set[str] = set()
    for text in itertools.takewhile(lambda text: not text.startswith("END ALPHABET"), lines):
        definition = re.sub(r'"[^"]*"', "", text).split("#")[0]
        if "=" not in definition:
            letters.update(part.split()[0] for part in definition.split("~") if part.split())
    return letters


def _background(path: Path, header: list[str]) -> np.ndarray:
    """Read the background, which may spread over several lines."""
    title = "Background letter frequencies"
    line = next((i for i, text in enumerate(header) if text.startswith(title)), None)
    if line is None:
        return np.full(4, 0.25)
    following = itertools.dropwhile(lambda text: not text.strip(), header[line + 1 :])
    text = " ".join(itertools.takewhile(lambda text: text.strip(), following))
    tokens = text.split()[:8]
    if "".join(tokens[::2]).upper().replace("U", "T") != DNA.letters:
        raise _motif_text.failure(path, line, f"background {text!r}; wants 'A 0.25 C 0.25 ...'")
    return np.array(_motif_text.distribution(path, line, tokens[1::2]))


def _motif(path: Path, lines: list[str], start: int, end: int, background: np.ndarray) -> Pwm:
    """Read the motif whose section is ``lines[start:end]``."""
    words = lines[start].split()[1:]
    if not words:
        raise _motif_text.failure(path, start, "MOTIF without a name; wants 'MOTIF name'")
    # Full files go on with "width = 15 sites = 20", after the label or in its place.
    label = "" if re.match(r"\S+\s*($|width\s*=|w\s*=)", " ".join(words)) else words[1]
    title = r"\s*letter-probability\s+matrix"
    head = next((i for i in range(start, end) if re.match(title, lines[i])), None)
    if head is None:
        raise _motif_text.failure(
            path, start, f"motif {words[0]!r} has no letter-probability matrix"
        )
    options = dict(re.findall(r"(\w+)\s*=\s*(\S+)", lines[head]))
    rows = _rows(path, lines, head, end, _count(path, head, options, "w"))
    if _count(path, head, options, "alength") not in (None, 4):
        raise _motif_text.failure(path, head, f"alength= {options['alength']}; wants 4 letters")
    nsites = None
    if "nsites" in options:
        (nsites,) = _motif_text.numbers(path, head, [options["nsites"]])
    return Pwm(words[0], np.array(rows).T, label, background, nsites)


def _count(path: Path, line: int, options: dict[str, str], key: str) -> int | None:
    """Read a whole number of the matrix line, or None where it is missing."""
    if key in options and not options[key].isdecimal():
        raise _motif_text.failure(path, line, f"{key}= {options[key]}; wants a whole number")
    return int(options[key]) if key in options else None


def _rows(
    path: Path, lines: list[str], head: int, end: int, width: int | None
) -> list[list[float]]:
    """Read the rows under a matrix line: as many as ``width`` says, or up to the first gap."""
    first = next((i for i in range(head + 1, end) if lines[i].strip()), end)
    rows: list[list[float]] = []
    for line in range(first, end):
        tokens = lines[line].split()
        # What stands where the width promises a row must be one.
        promised = width is not None and len(rows) < width
        if not tokens or not (promised or _motif_text.number(tokens[0]) is not None):
            break
        if len(rows) == width:
            raise _motif_text.failure(path, line, f"a row more than w= {width} of line {head + 1}")
        rows.append(_motif_text.distribution(path, line, tokens))
    if not rows or width not in (None, len(rows)):
        wanted = "at least one" if width is None else f"w= {width}"
        raise _motif_text.failure(path, head, f"the matrix has {len(rows)} rows; wants {wanted}")
    return rows


def _check_names(pwms: Sequence[Pwm]) -> None:
    seen: set[str] = set()
    for pwm in pwms:
        if pwm.name.split() != [pwm.name]:
            raise UserError(f"pwms: name {pwm.name!r}; wants one word: put '_' for white space")
        if pwm.name in seen:
            raise UserError(f"pwms: name {pwm.name!r} comes twice; wants each name once")
        seen.add(pwm.name)


def _block(pwm: Pwm) -> str:
    title = " ".join([pwm.name, "_".join(pwm.label.split())]).rstrip()
    sites = "" if pwm.nsites is None else f" nsites= {pwm.nsites:.15g} E= 0"
    rows = "".join(f" {'  '.join(_decimals(column))}\n" for column in pwm.probabilities.T)
    head = f"letter-probability matrix: alength= 4 w= {pwm.width}{sites}"
    return f"\nMOTIF {title}\n{head}\n{rows}"


def _decimals(shares: np.ndarray) -> list[str]:
    """Round shares to decimals that sum to exactly 1, by the largest remainder."""
    unit = 10**_DECIMALS
    scaled = shares * unit
    steps = np.floor(scaled).astype(np.int64)
    order = np.argsort(steps - scaled, kind="stable")
    steps[order[: unit - steps.sum()]] += 1
    return [f"{step // unit}.{step % unit:0{_DECIMALS}d}" for step in steps]


def _replace(path: Path, text: str) -> None:
    with files.whole(path) as partial:
        partial.write_text(text, encoding="utf-8")
