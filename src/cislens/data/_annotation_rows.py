"""Rows of GFF3 and GTF files: which transcripts a row speaks of, with its faults told by line."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote

from cislens.data import _lines
from cislens.errors import UserError

EXONS = frozenset({"exon", "noncoding_exon", "pseudogenic_exon"})
CODING = frozenset({"CDS", "stop_codon"})
"""GTF leaves the stop codon out of CDS and GFF3 does not; with the codon's own row both agree."""
UNTRANSLATED = frozenset({"UTR", "five_prime_UTR", "three_prime_UTR", "5UTR", "3UTR"} | {
    "five_prime_utr", "three_prime_utr",
})  # fmt: skip
PARTS = EXONS | CODING | UNTRANSLATED
TRANSCRIPTS = re.compile(r"(.*_)?transcript|.*RNA|ribozyme|[VDJC]_gene_segment")
"""Types that are transcripts even where no exon says so, as the Sequence Ontology names them."""
PRODUCTS = frozenset({"protein", "polypeptide"})
_QUOTED = re.compile(r'(\w+) +(?:"([^"]*)"|([^";\s]+)) *(?:;|$)')
_TRANSCRIPT_ID = re.compile(r'transcript_id +"?([^";]+)')
_ID = re.compile(r"(?:^|;) *ID=([^;]*)")
_PARENT = re.compile(r"(?:^|;) *Parent=([^;]*)")


class Row(NamedTuple):
    """One feature: 0-based, half-open; ``parents`` are the transcripts or genes it is part of."""

    kind: str
    chrom: str
    start: int
    end: int
    strand: str
    id: str
    parents: tuple[str, ...]
    line: int
    text: str
    gtf: bool


def read(path: Path) -> Iterator[Row]:
    """Yield the features; GTF and GFF3 are told apart by the first attributes."""
    gtf: bool | None = None
    for number, line in _lines.read(path):
        if line.startswith(("##FASTA", ">")):
            return
        if not line.strip() or line.startswith("#"):
            continue
        fields = line.split("\t")
        if len(fields) != 9:
            raise UserError(
                f"{path}, line {number}: {len(fields)} columns between tabs; GFF3 and GTF have 9"
            )
        if gtf is None and fields[8].strip() not in {"", "."}:
            gtf = "=" not in fields[8].split('"')[0]
        yield _row(f"{path}, line {number}", fields, number, gtf=bool(gtf))


def attributes(row: Row) -> dict[str, str]:
    """Read the ninth column; what is neither a GFF3 nor a GTF attribute is passed over."""
    if row.gtf:
        return {key: quoted or bare for key, quoted, bare in _QUOTED.findall(row.text)}
    pairs = (part.partition("=") for part in row.text.split(";"))
    return {key.strip(): unquote(value) for key, equals, value in pairs if equals}


def _row(where: str, fields: list[str], number: int, *, gtf: bool) -> Row:
    chrom, _, kind, first, last, _, strand, _, text = fields
    if not (first.isdecimal() and last.isdecimal() and 1 <= int(first) <= int(last)):
        raise UserError(
            f"{where}: {first} to {last}; wants a first base of 1 or more and a last not before it"
        )
    if strand not in {"+", "-", ".", "?"}:
        raise UserError(f"{where}: strand {strand!r}; wants '+', '-' or '.'")
    id_, parents = (_gtf_names if gtf else _gff_names)(where, kind, text)
    return Row(
        kind, chrom if gtf else unquote(chrom), int(first) - 1, int(last),
        strand.replace("?", "."), id_, parents, number, text, gtf,
    )  # fmt: skip


def _gtf_names(where: str, kind: str, text: str) -> tuple[str, tuple[str, ...]]:
    found = _TRANSCRIPT_ID.search(text)
    if kind not in PARTS:
        return (found[1] if found and kind == "transcript" else ""), ()
    if found is None:
        raise UserError(f'{where}: {kind} without a transcript; wants transcript_id "NAME";')
    return "", (found[1],)


def _gff_names(where: str, kind: str, text: str) -> tuple[str, tuple[str, ...]]:
    own, above = _ID.search(text), _PARENT.search(text)
    id_ = unquote(own[1]) if own else ""
    # Commas part the parents; a comma within a name is written %2C.
    parents = tuple(unquote(name) for name in above[1].split(",") if name) if above else ()
    if kind in PARTS and not parents:
        if not id_:
            raise UserError(f"{where}: {kind} without a transcript; wants Parent=NAME")
        # Genomes of bacteria often list nothing but coding sequences.
        parents = (id_,)
    return id_, parents
