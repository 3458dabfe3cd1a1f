"""Chromosomes under several names: ``chr4``, ``chrIV``, ``4``, ``NC_001136.10`` are one."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Literal

from cislens.data import _accessions, _lines
from cislens.errors import UserError

_MITOCHONDRIAL = {
    "m", "mt", "mito", "mtdna", "chrm", "mitochondrion", "mitochondrion_genome",
}  # fmt: skip
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


def read_regions(path: Path) -> dict[str, int]:
    """Read the lengths of chromosomes that a GFF3 file tells.

    Parameters
    ----------
    path
        A GFF3 file.

    Returns
    -------
    dict[str, int]
        Ends of the ``##sequence-region`` lines that begin at 1, by name.
    """
    found = {}
    for _, line in _lines.read(path):
        fields = line.split()
        if len(fields) == 4 and fields[0] == "##sequence-region" and fields[2] == "1":
            found[fields[1]] = int(fields[3])
    return found


def match(
    names: Iterable[str],
    sizes: Mapping[str, int],
    *,
    aliases: Mapping[str, tuple[str, ...]] | None = None,
    lengths: Mapping[str, int] | None = None,
    unknown: Literal["refuse", "leave"] = "refuse",
    lines: Mapping[str, int] | None = None,
    where: str,
) -> dict[str, str]:
    """Find the genome's name of each chromosome.

    A name that the genome has stands for itself; then the table of aliases is asked; then names
    are compared without "chr", accessions (NC_001136.10) read as the chromosome they are of, Roman
    numerals as numbers where the genome or the file counts so, and M, MT and Mito taken as one.
    Where the file tells lengths, a name that is left over is the one chromosome of that length.

    Parameters
    ----------
    names
        Names as a file has them.
    sizes
        Lengths of the genome's chromosomes by name.
    aliases
        What `read_aliases` gave.
    lengths
        Lengths by name, where the file tells them; they must be those of the genome. A
        mitochondrion of another length is unknown (hg19 has another than GRCh37).
    unknown
        What a name does that the genome has not: "refuse" the file, or "leave" it out.
    lines
        Line of the file where a name stands first, for the message.
    where
        The file, for the message.

    Returns
    -------
    dict[str, str]
        Name in the genome by name in the file.

    Raises
    ------
    UserError
        If a name is unknown and that is refused, two names of a file would be one chromosome, or a
        chromosome has another length than in the genome.
    """
    wanted = sorted(set(names))
    found = {name: name for name in wanted if name in sizes}
    for name in wanted:
        others = (aliases or {}).get(name, ())
        if name not in found and (known := [other for other in others if other in sizes]):
            found[name] = known[0]
    if left := [name for name in wanted if name not in found]:
        found |= _by_plain_name(left, wanted, sizes)
    if lengths is not None:
        found = _of_same_length(found, wanted, sizes, lengths, where)
    if unknown == "refuse":
        _check_known(wanted, found, sizes, where, lines or {})
    _check_apart(found, where)
    return {name: found[name] for name in wanted if name in found}


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


def _by_plain_name(left: list[str], wanted: list[str], sizes: Mapping[str, int]) -> dict[str, str]:
    """Match names by what they say."""
    said = {name: _accessions.name(name) or name for name in [*wanted, *sizes]}
    # A genome that counts in Roman numerals has an IX or a VII; X alone is a sex chromosome.
    roman = _counts_in_roman(said[n] for n in sizes) or _counts_in_roman(said[n] for n in wanted)
    plain = {_plain(said[name], roman=roman): name for name in sizes}
    return {name: plain[p] for name in left if (p := _plain(said[name], roman=roman)) in plain}


def _of_same_length(
    found: dict[str, str],
    wanted: list[str],
    sizes: Mapping[str, int],
    lengths: Mapping[str, int],
    where: str,
) -> dict[str, str]:
    """Hold what was found against lengths, and find by length what is left."""
    kept = {}
    for name, known in found.items():
        if name not in lengths or lengths[name] == sizes[known]:
            kept[name] = known
        elif _plain(known, roman=False) != "m":
            raise UserError(
                f"{where}: {name} has {lengths[name]} bp, {known} of the genome {sizes[known]}; "
                "is this the right genome?"
            )
    free = Counter(size for name, size in sizes.items() if name not in kept.values())
    asked = Counter(lengths[name] for name in wanted if name not in kept and name in lengths)
    by_size = {size: name for name, size in sizes.items() if name not in kept.values()}
    for name in wanted:
        size = lengths.get(name)
        if name not in kept and size is not None and free[size] == asked[size] == 1:
            kept[name] = by_size[size]
    return kept


def _check_known(
    wanted: list[str],
    found: Mapping[str, str],
    sizes: Mapping[str, int],
    where: str,
    lines: Mapping[str, int],
) -> None:
    if unknown := [name for name in wanted if name not in found]:
        unknown.sort(key=lambda name: lines.get(name, 0))
        line = f", line {lines[unknown[0]]}" if unknown[0] in lines else ""
        raise UserError(
            f"{where}{line}: chromosome {unknown[0]!r} is none of the genome, which has "
            f"{', '.join([*sizes][:20])}; give a table of aliases"
        )


def _check_apart(found: Mapping[str, str], where: str) -> None:
    by_target: dict[str, str] = {}
    for name, known in sorted(found.items()):
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
