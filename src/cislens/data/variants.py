"""Variants from VCF files."""

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from cislens.data import _lines, chromosomes
from cislens.errors import UserError

_BASES = re.compile(r"[ACGTNacgtn]+")
_SYMBOLIC = re.compile(r"<.+>|\*|\.|.*[\[\]].*|\.[ACGTNacgtn]+|[ACGTNacgtn]+\.")
_CONTIG = re.compile(r"##contig=<(?:.*,)?ID=([^,>]+)")
_LENGTH = re.compile(r"[<,]length=(\d+)")
_SHOWN = 20
"""Letters of an allele in a message."""


class Variant(NamedTuple):
    """One alternative allele.

    Attributes
    ----------
    chrom
        Name of the chromosome.
    start
        First base that REF covers, 0-based.
    ref
        Bases of the genome, in upper case.
    alt
        Bases in their place, in upper case; such as "<DEL>", "*" or a breakend where the file does
        not spell it out (see `spelled`).
    id
        Name of the variant; "" where there is none.
    line
        Line of the file.
    """

    chrom: str
    start: int
    ref: str
    alt: str
    id: str = ""
    line: int = 0

    @property
    def end(self) -> int:
        """Tell where REF ends.

        Returns
        -------
        int
            One past its last base.
        """
        return self.start + len(self.ref)

    @property
    def spelled(self) -> bool:
        """Tell whether the alternative allele is a sequence.

        Returns
        -------
        bool
            False of symbolic alleles, breakends and alleles that are missing.
        """
        return _BASES.fullmatch(self.alt) is not None


def read(path: Path | str) -> Iterator[Variant]:
    """Read variants, one at a time; each alternative allele is one.

    Parameters
    ----------
    path
        A VCF file, plain, gzip or bgzip.

    Yields
    ------
    Variant
        The alleles in the order of the file. Genotypes are not read.

    Raises
    ------
    UserError
        If the file does not begin as VCF, or a line has too few columns, a position that is none,
        or alleles that are none; names file and line.

    References
    ----------
    The Variant Call Format specification, VCFv4.5.
    """
    place = Path(path)
    begun = False
    for number, line in _lines.read(place):
        if line.startswith(("##fileformat=VCF", "#CHROM")):
            begun = True
        if not line.strip() or line.startswith("#"):
            continue
        where = f"{place}, line {number}"
        if not begun:
            raise UserError(f"{where}: no header before it; VCF begins with ##fileformat=VCFv4…")
        yield from _alleles(where, number, line.split("\t"))
    if not begun:
        raise UserError(f"{place}: no header; VCF begins with ##fileformat=VCFv4…")


def contigs(path: Path | str) -> dict[str, int]:
    """Read the lengths of chromosomes that the header tells.

    Parameters
    ----------
    path
        A VCF file.

    Returns
    -------
    dict[str, int]
        Lengths in bp by name; empty if the header tells none.
    """
    found = {}
    for _, line in _lines.read(Path(path)):
        if not line.startswith("##"):
            break
        name, length = _CONTIG.match(line), _LENGTH.search(line)
        if name and length:
            found[name[1]] = int(length[1])
    return found


def located(
    variants: Iterable[Variant],
    sizes: Mapping[str, int],
    *,
    aliases: Mapping[str, tuple[str, ...]] | None = None,
    lengths: Mapping[str, int] | None = None,
    where: str,
) -> Iterator[Variant]:
    """Give variants the genome's names of chromosomes.

    Parameters
    ----------
    variants
        Variants as read.
    sizes
        Lengths of the genome's chromosomes by name.
    aliases
        Other names, as of `chromosomes.read_aliases`.
    lengths
        What `contigs` gave.
    where
        The file, for the message.

    Yields
    ------
    Variant
        The same variants, renamed.

    Raises
    ------
    UserError
        If a chromosome is none of the genome or has another length, or a variant ends beyond its
        own.
    """
    found: dict[str, str] = {}
    for variant in variants:
        if variant.chrom not in found:
            names = {variant.chrom, *found}
            told = {name: size for name, size in (lengths or {}).items() if name in names}
            lines = {variant.chrom: variant.line}
            found = chromosomes.match(
                names, sizes, aliases=aliases, lengths=told, lines=lines, where=where
            )
        known = found[variant.chrom]
        if variant.end > sizes[known]:
            raise UserError(
                f"{where}, line {variant.line}: ends at {variant.end}, {known} has {sizes[known]} "
                "bp; is this the right genome?"
            )
        yield variant._replace(chrom=known)


def _alleles(where: str, number: int, fields: list[str]) -> Iterator[Variant]:
    if len(fields) < 5:
        raise UserError(
            f"{where}: {len(fields)} columns between tabs; VCF wants CHROM, POS, ID, REF, ALT, …"
        )
    chrom, position, id_, ref, alternatives = fields[:5]
    if not position.isdecimal() or int(position) < 1:
        raise UserError(f"{where}: POS {position!r}; wants a whole number of 1 or more")
    if not _BASES.fullmatch(ref):
        raise UserError(f"{where}: REF {ref[:_SHOWN]!r}; wants bases A, C, G, T or N")
    for alt in alternatives.split(","):
        if not _BASES.fullmatch(alt) and not _SYMBOLIC.fullmatch(alt):
            raise UserError(
                f"{where}: ALT {alt[:_SHOWN]!r}; wants bases A, C, G, T or N, or a symbolic allele"
            )
        upper = alt.upper() if _BASES.fullmatch(alt) else alt
        name = "" if id_ == "." else id_
        yield Variant(chrom, int(position) - 1, ref.upper(), upper, name, number)
