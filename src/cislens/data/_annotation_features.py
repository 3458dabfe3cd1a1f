"""Features of an annotation put together from their rows, which may come in any order."""

from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import numpy as np

from cislens.data import _annotation_rows, bins
from cislens.data._annotation_rows import CODING, EXONS, PARTS, PRODUCTS, TRANSCRIPTS, Row
from cislens.errors import UserError

Stretches = tuple[tuple[int, int], ...]
Features = dict[tuple[str, str], "Feature"]
_TYPES = ("transcript_type", "transcript_biotype", "biotype")
_NAMES = ("gene_id", "gene_name", "transcript_name", "Name", "gene", "locus_tag", *_TYPES)


@dataclass
class Feature:
    """A feature by its own row, if there was one, and by those of its parts."""

    line: int
    kind: str = ""
    whole: tuple[int, int] | None = None
    named: dict[str, str] = field(default_factory=dict)
    parents: tuple[str, ...] = ()
    strands: set[str] = field(default_factory=set)
    parts: list[tuple[str, int, int]] = field(default_factory=list)

    def is_transcript(self) -> bool:
        """Tell whether it is one, by its parts or by its type; proteins are none."""
        known = bool(self.parts) or TRANSCRIPTS.fullmatch(self.kind) is not None
        return known and self.kind not in PRODUCTS

    def exons(self) -> Stretches:
        """List its exons by place."""
        if exons := sorted((start, end) for kind, start, end in self.parts if kind in EXONS):
            return tuple(exons)
        if self.parts:
            return _joined([(start, end) for _, start, end in self.parts])
        return (self.whole,) if self.whole else ()

    def coding(self) -> Stretches:
        """List its coding stretches by place."""
        return _joined([(start, end) for kind, start, end in self.parts if kind in CODING])

    def strand(self) -> str:
        """Give its strand, if its rows agree."""
        return next(iter(self.strands - {"."}), ".")

    def name(self) -> str:
        """Give its own name."""
        return self.named.get("transcript_name", "") or self.named.get("Name", "")

    def biotype(self) -> str:
        """Give its biotype, else its type, else that of a part."""
        told = next((self.named[key] for key in _TYPES if key in self.named), "")
        return told or self.kind or "transcript"

    def fault(self, exons: Stretches) -> str:
        """Say why it cannot be read as one stretch of RNA; empty if it can."""
        if len(self.strands - {"."}) > 1:
            return "its parts lie on both strands"
        for (_, end), (start, _) in pairwise(exons):
            if start < end:
                return f"its exons overlap at {start + 1}"
        return ""


def gather(path: Path) -> Features:
    """Read all features that have a name, by name and chromosome, in the order of the file."""
    features: Features = {}
    for row in _annotation_rows.read(path):
        if row.kind in PARTS:
            for parent in row.parents:
                feature = features.get((parent, row.chrom))
                if feature is None:
                    feature = features[parent, row.chrom] = Feature(row.line)
                feature.strands.add(row.strand)
                feature.parts.append((row.kind, row.start, row.end))
                if not feature.named and (row.gtf or row.id == parent):
                    feature.named = _named(row)
        elif row.id:
            _add_whole(path, features, row)
    return features


def gene_of(features: Features, id_: str, chrom: str) -> tuple[str, str]:
    """Give identifier and name of the gene of a transcript: the uppermost of its parents."""
    feature = features[id_, chrom]
    told = feature.named
    gene, name = told.get("gene_id", ""), told.get("gene_name", "")
    seen = {id_}
    above = feature
    while above.parents and above.parents[0] not in seen:
        gene = above.parents[0]
        seen.add(gene)
        if (gene, chrom) not in features:
            break
        above = features[gene, chrom]
    if above is not feature:
        name = name or above.named.get("gene_name", "") or above.named.get("Name", "")
    return gene or told.get("locus_tag", ""), name or told.get("gene", "")


def _add_whole(path: Path, features: Features, row: Row) -> None:
    feature = features.setdefault((row.id, row.chrom), Feature(row.line))
    if feature.whole is not None and TRANSCRIPTS.fullmatch(row.kind):
        raise UserError(
            f"{path}, line {row.line}: {row.id} stood on {row.chrom} before, in line "
            f"{feature.line}; keep one, or give them two names"
        )
    feature.kind, feature.whole = row.kind, (row.start, row.end)
    feature.strands.add(row.strand)
    feature.named, feature.parents = _named(row), row.parents


def _named(row: Row) -> dict[str, str]:
    found = _annotation_rows.attributes(row)
    return {key: found[key] for key in _NAMES if key in found}


def _joined(stretches: list[tuple[int, int]]) -> Stretches:
    if not stretches:
        return ()
    begin, end = bins.merged(*np.array(stretches, np.int64).T)
    return tuple(zip(begin.tolist(), end.tolist(), strict=True))
