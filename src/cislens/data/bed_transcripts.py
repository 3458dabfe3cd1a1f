"""Transcripts from BED files of twelve columns, whose blocks are exons."""

from itertools import pairwise
from pathlib import Path

from cislens.data import _lines, bed
from cislens.data.annotation import Stretches, Transcript
from cislens.errors import UserError

_COLUMNS = 12


def read(path: Path | str) -> list[Transcript]:
    """Read transcripts.

    Parameters
    ----------
    path
        A BED file of twelve columns or more, plain or gzip, as UCSC and bedtools write transcripts:
        blocks are exons, and what of them lies between thickStart and thickEnd is coding.

    Returns
    -------
    list[Transcript]
        One a line, in order, for the functions of `cislens.data.annotation`; the fourth column is
        identifier and name, a gene is not said.

    Raises
    ------
    UserError
        If the file has no row, or a row has fewer columns, is no interval, or its blocks are not
        as many as it says, overlap, or do not begin and end with the interval; names file and line.

    References
    ----------
    UCSC Genome Browser, file format FAQ, "BED".
    """
    place = Path(path)
    rows = {row.line: row for row in bed.read(place).itertuples(index=False)}
    return [
        _transcript(f"{place}, line {number}", number, line, rows[number].strand)
        for number, line in _lines.read(place)
        if number in rows
    ]


def _transcript(where: str, number: int, line: str, strand: str) -> Transcript:
    fields = line.split("\t") if "\t" in line else line.split()
    if len(fields) < _COLUMNS:
        raise UserError(f"{where}: {len(fields)} columns; wants 12, the last three of blocks")
    start, end = int(fields[1]), int(fields[2])
    thick_start, thick_end = (_whole(where, text) for text in fields[6:8])
    sizes, starts = (_numbers(where, text) for text in fields[10:12])
    count = _whole(where, fields[9])
    if not count == len(sizes) == len(starts) > 0:
        raise UserError(
            f"{where}: {count} blocks, {len(sizes)} sizes and {len(starts)} starts; wants as many "
            "of each"
        )
    exons = tuple(
        (start + begin, start + begin + size) for begin, size in zip(starts, sizes, strict=True)
    )
    _check(where, exons, start, end)
    return Transcript(
        id=fields[3],
        name=fields[3],
        gene="",
        gene_name="",
        kind="transcript",
        chrom=fields[0],
        strand=strand,
        exons=exons,
        coding=_within(exons, thick_start, thick_end),
        line=number,
    )


def _check(where: str, exons: Stretches, start: int, end: int) -> None:
    if exons[0][0] != start or exons[-1][1] != end:
        raise UserError(
            f"{where}: blocks from {exons[0][0]} to {exons[-1][1]} of {start} to {end}; wants "
            "blocks that begin and end with the interval"
        )
    if any(before[1] > after[0] for before, after in pairwise(exons)) or any(
        begin >= stop for begin, stop in exons
    ):
        raise UserError(f"{where}: blocks overlap or are empty; wants them one behind another")


def _within(exons: Stretches, start: int, end: int) -> Stretches:
    """Cut exons to what lies in an interval."""
    cut = ((max(begin, start), min(stop, end)) for begin, stop in exons)
    return tuple((begin, stop) for begin, stop in cut if begin < stop)


def _numbers(where: str, text: str) -> list[int]:
    return [_whole(where, part) for part in text.rstrip(",").split(",")]


def _whole(where: str, text: str) -> int:
    if not text.strip().isdecimal():
        raise UserError(f"{where}: {text!r} is no whole number")
    return int(text)
