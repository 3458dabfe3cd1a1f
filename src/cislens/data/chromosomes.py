"""Chromosomes under several names: ``chr4``, ``chrIV``, ``4`` and ``IV`` are one."""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from cislens.data import _lines
from cislens.errors import UserError

_MITOCHONDRIAL = {"m", "mt", "mito", "chrm", "mitochondrion"}
_ROMAN = re.compile(r"^(x{0,3})(ix|iv|v?i{0,3})$")
_DIGITS = {"i": 1, "v": 5, "x": 10}


def read_aliases(path: Path) -> dict[str, tuple[str, ...]]:
    """Read a table of names.

    Parameters
    ----------
    path
        Two or more columns between tabs, all of a row names of one chromosome, as the
        ``chromAlias`` tables of UCSC; lines that begin with # are skipped.

    Returns
    -------
    dict[str, tuple[str, ...]]
        For every name all names of its row.

    Raises
    ------
    UserError
        If a line has fewer than two columns; names file and line.
    """
    names: dict[str, tuple[str, ...]] = {}
    for number, line in _lines.read(path):
        if not line.strip() or line.startswith("#"):
            continue
        row = tuple(field for field in line.split("\t") if field)
        if len(row) < 2:
            raise UserError(f"{path}, line {number}: one name; wants names between tabs")
        names |= dict.fromkeys(row, row)
    return names


def match(
    names: Iterable[str],
    sizes: Mapping[str, int],
    *,
    aliases: Mapping[str, tuple[str, ...]] | None = None,
    where: str,
) -> dict[str, str]:
    """Find the genome's name of each chromosome.

    A name that the genome has stands for itself; then the table of aliases is asked; then names
    are compared without "chr", Roman numerals read as numbers where the genome or the file counts
    so, and M, MT and Mito taken as one.

    Parameters
    ----------
    names
        Names as a file has them.
    sizes
        Lengths of the genome's chromosomes by name.
    aliases
        What `read_aliases` gave.
    where
        The file, for the message.

    Returns
    -------
    dict[str, str]
        Name in the genome by name in the file.

    Raises
    ------
    UserError
        If a name is unknown, or two names of a file would be one chromosome.
    """
    wanted = sorted(set(names))
    found = {name: name for name in wanted if name in sizes}
    for name in wanted:
        others = (aliases or {}).get(name, ())
        if name not in found and (known := [other for other in others if other in sizes]):
            found[name] = known[0]
    left = [name for name in wanted if name not in found]
    if left:
        # A genome that counts in Roman numerals has an IX or a VII; X alone is a sex chromosome.
        roman = _counts_in_roman(sizes) or _counts_in_roman(wanted)
        plain = {_plain(name, roman=roman): name for name in sizes}
        found |= {n: plain[p] for n in left if (p := _plain(n, roman=roman)) in plain}
    _check(wanted, found, sizes, where)
    return found


def renamed(found: Mapping[str, str]) -> str:
    """Say which names were taken for others.

    Parameters
    ----------
    found
        What `match` gave.

    Returns
    -------
    str
        Such as "chr4 = chrIV, chr9 = chrIX"; empty if all names are those of the genome.
    """
    return ", ".join(f"{name} = {known}" for name, known in found.items() if name != known)


def _check(
    wanted: list[str], found: Mapping[str, str], sizes: Mapping[str, int], where: str
) -> None:
    if unknown := [name for name in wanted if name not in found]:
        raise UserError(
            f"{where}: chromosome {unknown[0]!r} is none of the genome, which has "
            f"{', '.join([*sizes][:20])}; give a table of aliases"
        )
    by_target: dict[str, str] = {}
    for name, known in found.items():
        if known in by_target:
            raise UserError(
                f"{where}: {by_target[known]!r} and {name!r} would both be {known!r} of the "
                "genome; give a table of aliases, or one name for both"
            )
        by_target[known] = name


def _counts_in_roman(names: Iterable[str]) -> bool:
    bare = {name.lower().removeprefix("chr") for name in names}
    return len(bare & {"ii", "iii", "iv", "vi", "vii", "viii", "ix"}) > 1


def _plain(name: str, *, roman: bool) -> str:
    bare = name.lower()
    if bare in _MITOCHONDRIAL or bare.removeprefix("chr") in _MITOCHONDRIAL:
        return "m"
    bare = bare.removeprefix("chr")
    if roman and bare and _ROMAN.match(bare):
        values = [_DIGITS[letter] for letter in bare]
        following = [*values[1:], 0]
        return str(sum(-a if a < b else a for a, b in zip(values, following, strict=True)))
    return bare.lstrip("0") if bare.isdigit() else bare
