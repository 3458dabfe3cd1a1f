"""Options of datasets of transcripts."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal


@dataclass(frozen=True)
class TranscriptOptions:
    """Which windows are cut out at transcripts, and what was measured of them.

    Attributes
    ----------
    file
        The annotation: GFF3, GTF, or BED of twelve columns, plain or gzip.
    table
        What was measured: a TSV or CSV with a row for each transcript or gene.
    id_column
        The column of the table that names the transcript or gene.
    target_columns
        The columns that hold the measurements.
    match
        What the table's names are: those of transcripts ("id", "name") or of genes ("gene",
        "gene_name"). Of a gene the transcript with the longest exons together is taken.
    kinds
        Take only transcripts of these types or biotypes, such as [mRNA, protein_coding].
    target_kind
        "binary", "continuous" or "count"; found from the values where it is not given.
    anchor
        The windows lie at the "start" of transcription or at its "end".
    upstream
        Bases before that end, in the direction of transcription, in bp.
    downstream
        Bases from it on.
    spliced
        Leave introns out; a transcript that is too short is filled up with N.
    alphabet
        DNA or RNA.
    """

    file: Path
    table: Path
    target_columns: list[str]
    id_column: str = "id"
    match: Literal["id", "name", "gene", "gene_name"] = "id"
    kinds: list[str] | None = None
    target_kind: Literal["binary", "continuous", "count"] | None = None
    anchor: Literal["start", "end"] = "start"
    upstream: int = 1000
    downstream: int = 1000
    spliced: bool = False
    alphabet: Literal["DNA", "RNA"] = "DNA"
