"""Transcripts from GFF3 and GTF files: exons, coding parts, spliced sequences on their strand."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
from jaxtyping import UInt8

from cislens.data import _annotation_features, chromosomes
from cislens.data.genome import Genome
from cislens.errors import UserError
from cislens.sequence import alphabet

Stretches = tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Transcript:
    """A transcript on the genome; all coordinates 0-based and half-open.

    Attributes
    ----------
    id
        Its identifier; one identifier may stand on two chromosomes (as of the PAR of X and Y).
    name
        Its name; "" where it is not said.
    gene
        Identifier of its gene; "" where it is not said.
    gene_name
        Name of the gene; "" where it is not said.
    kind
        Its biotype where one is given, else its type, such as mRNA.
    chrom
        Name of the chromosome.
    strand
        "+", "-", or "." where it is not said, which is read as "+".
    exons
        Start and end of each, by place on the chromosome (on "-" the last exon comes first).
    coding
        The coding stretches, stop codon included, in the same order; empty if there are none.
    line
        Line of the file where it is first spoken of.
    """

    id: str
    name: str
    gene: str
    gene_name: str
    kind: str
    chrom: str
    strand: str
    exons: Stretches
    coding: Stretches
    line: int

    @property
    def start(self) -> int:
        """Tell where it begins on the chromosome.

        Returns
        -------
        int
            First base, whatever the strand.
        """
        return self.exons[0][0]

    @property
    def end(self) -> int:
        """Tell where it ends on the chromosome.

        Returns
        -------
        int
            One past the last base.
        """
        return self.exons[-1][1]

    @property
    def tss(self) -> int:
        """Tell where transcription begins.

        Returns
        -------
        int
            The base: the last of the interval on the minus strand.
        """
        return self.end - 1 if self.strand == "-" else self.start

    @property
    def spliced_length(self) -> int:
        """Count the bases of the exons.

        Returns
        -------
        int
            In bp.
        """
        return sum(end - start for start, end in self.exons)


class Annotation(NamedTuple):
    """What a file says.

    Attributes
    ----------
    transcripts
        In the order of the file.
    left_out
        Why other transcripts could not be read, with their lines: parts on two strands
        (trans-splicing), exons that overlap.
    """

    transcripts: list[Transcript]
    left_out: list[str]


def read(path: Path | str) -> Annotation:
    """Read transcripts.

    A transcript is what has exons, coding or untranslated parts, or is of a type that is one
    (mRNA, transcript, tRNA …). Its exons are those of the file; without any they are the union of
    its coding and untranslated parts, and without these it is one exon. Rows may come in any order.

    Parameters
    ----------
    path
        A GFF3 or GTF file, plain or gzip.

    Returns
    -------
    Annotation
        The transcripts, and which were left out and why.

    Raises
    ------
    UserError
        If the file has no transcript, or a line has not nine columns, an end before its start, no
        strand as wanted, a part that belongs to no transcript, or a transcript that stood before on
        the same chromosome; names file and line.

    References
    ----------
    Sequence Ontology, Generic Feature Format version 3, 1.26; GTF 2.2 of the Brent laboratory.
    """
    place = Path(path)
    features = _annotation_features.gather(place)
    transcripts, left_out = [], []
    for (id_, chrom), feature in features.items():
        if not feature.is_transcript():
            continue
        exons = feature.exons()
        if fault := feature.fault(exons):
            left_out.append(f"{id_} (line {feature.line}): {fault}")
            continue
        gene, gene_name = _annotation_features.gene_of(features, id_, chrom)
        transcripts.append(
            Transcript(
                id=id_,
                name=feature.name(),
                gene=gene,
                gene_name=gene_name,
                kind=feature.biotype(),
                chrom=chrom,
                strand=feature.strand(),
                exons=exons,
                coding=feature.coding(),
                line=feature.line,
            )
        )
    if not transcripts and not left_out:
        raise UserError(f"{place}: the file holds no transcript; a GFF3 or GTF file is wanted")
    return Annotation(transcripts, left_out)


def located(
    transcripts: Iterable[Transcript],
    sizes: Mapping[str, int],
    *,
    aliases: Mapping[str, tuple[str, ...]] | None = None,
    lengths: Mapping[str, int] | None = None,
    where: str,
) -> list[Transcript]:
    """Give transcripts the genome's names of chromosomes.

    Parameters
    ----------
    transcripts
        Transcripts as read.
    sizes
        Lengths of the genome's chromosomes by name.
    aliases
        Other names, as of `chromosomes.read_aliases`.
    lengths
        What `chromosomes.read_regions` gave: a chromosome that no name finds is that of its
        length. Since files may tell of parts, lengths are not held against the genome's else.
    where
        The file, for the message.

    Returns
    -------
    list[Transcript]
        The same transcripts, renamed.

    Raises
    ------
    UserError
        If a chromosome is none of the genome, or a transcript ends beyond its own.
    """
    listed = list(transcripts)
    lines: dict[str, int] = {}
    for transcript in listed:
        lines.setdefault(transcript.chrom, transcript.line)
    named = chromosomes.match(lines, sizes, aliases=aliases, unknown="leave", where=where)
    told = {name: size for name, size in (lengths or {}).items() if name not in named}
    found = chromosomes.match(lines, sizes, aliases=aliases, lengths=told, lines=lines, where=where)
    for transcript in listed:
        if transcript.end > (size := sizes[found[transcript.chrom]]):
            raise UserError(
                f"{where}, line {transcript.line}: {transcript.id} ends at {transcript.end}, "
                f"{found[transcript.chrom]} has {size} bp; is this the right genome?"
            )
    return [replace(transcript, chrom=found[transcript.chrom]) for transcript in listed]


def table(transcripts: Sequence[Transcript]) -> pd.DataFrame:
    """List transcripts as intervals.

    Parameters
    ----------
    transcripts
        The transcripts.

    Returns
    -------
    pandas.DataFrame
        One row each: chrom, start, end, name (the identifier), strand, tss, gene, gene_name, kind,
        exons (their number), spliced_length (bp), coding_length (bp), line.
    """
    return pd.DataFrame(
        [
            (
                t.chrom, t.start, t.end, t.id, t.strand, t.tss, t.gene, t.gene_name, t.kind,
                len(t.exons), t.spliced_length, sum(end - start for start, end in t.coding), t.line,
            )
            for t in transcripts
        ],
        columns=[
            "chrom", "start", "end", "name", "strand", "tss", "gene", "gene_name", "kind",
            "exons", "spliced_length", "coding_length", "line",
        ],
    )  # fmt: skip


def sequence(
    genome: Genome, transcript: Transcript, *, part: str = "spliced"
) -> UInt8[np.ndarray, " length"]:
    """Read a transcript from its 5' end: on the minus strand, the reverse complement.

    Parameters
    ----------
    genome
        The genome.
    transcript
        The transcript, under a name of the genome (see `located`).
    part
        "spliced": the exons joined; "genomic": introns too; "coding": the coding stretches joined,
        stop codon included.

    Returns
    -------
    UInt8[np.ndarray, " length"]
        Base codes A C G T N = 0..4; nothing if ``part="coding"`` and there is none.

    Raises
    ------
    UserError
        If the genome has not the chromosome, or the transcript ends beyond it.
    """
    whole = ((transcript.start, transcript.end),)
    chosen = {"genomic": whole, "spliced": transcript.exons, "coding": transcript.coding}
    if part not in chosen:
        raise UserError(f"part={part!r}: wants one of {', '.join(chosen)}")
    size = genome.sizes.get(transcript.chrom)
    if size is not None and transcript.end > size:
        raise UserError(
            f"{transcript.id}: ends at {transcript.end}, {transcript.chrom} of {genome.path} has "
            f"{size} bp; is this the right genome?"
        )
    pieces = [
        genome.windows([transcript.chrom], [start], length=end - start)[0]
        for start, end in chosen[part]
    ]
    codes = np.concatenate([np.zeros(0, np.uint8), *pieces])
    return alphabet.reverse_complement(codes) if transcript.strand == "-" else codes
