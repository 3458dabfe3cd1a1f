"""Sequences on their way from a text file into a dataset."""

from collections.abc import Sequence
from typing import NamedTuple

from cislens.data import intervals
from cislens.data.encoding import Encoding, as_written
from cislens.data.intervals import Interval
from cislens.errors import UserError
from cislens.sequence.alphabet import AlphabetError
from cislens.sequence.shapes import Codes

ABSENT = -1
"""Start and end where coordinates do not fit."""


class Entry(NamedTuple):
    """One sequence as its file gives it, with where it stands for errors."""

    id: str
    sequence: str
    targets: tuple[float, ...]
    interval: Interval | None
    split: str | None
    where: str


def fit(entry: Entry, encoding: Encoding, *, first: Entry) -> Entry:
    """Bring an entry to the common length, its interval to half-open coordinates.

    Where these do not fit the sequence, only the chromosome is kept: enough for a split.
    """
    got = len(entry.sequence)
    length = encoding.length or len(first.sequence)
    if got < length or (encoding.length is None and got > length):
        raise UserError(_ragged(entry, encoding, first))
    text = intervals.crop_text(entry.sequence, length=length)
    if entry.interval is None:
        return entry._replace(sequence=text)
    whole = intervals.half_open(entry.interval, length=got)
    chrom = entry.interval.chrom
    interval = intervals.crop(whole, length=length) if whole else Interval(chrom, ABSENT, ABSENT)
    return entry._replace(sequence=text, interval=interval)


def encode(block: Sequence[Entry], encoding: Encoding) -> Codes:
    """Turn the texts of a block into codes, naming file and line of a wrong letter."""
    texts = [as_written(entry.sequence, encoding.alphabet) for entry in block]
    try:
        return encoding.alphabet.encode_all(texts, encoding.ambiguous)
    except AlphabetError:
        for entry, text in zip(block, texts, strict=True):
            try:
                encoding.alphabet.encode(text, encoding.ambiguous)
            except AlphabetError as error:
                raise AlphabetError(f"{entry.where}: {error}") from error
        raise


def _ragged(entry: Entry, encoding: Encoding, first: Entry) -> str:
    """Say which sequence has which length, and what to do."""
    got = len(entry.sequence)
    if encoding.length is not None:
        return (
            f"{entry.where}: sequence {entry.id!r} has {got} bp, "
            f"at least length={encoding.length} is wanted; "
            f"remove it or give length={got} or less"
        )
    return (
        f"{entry.where}: sequence {entry.id!r} has {got} bp, the first ({first.where}) has "
        f"{len(first.sequence)}; all want one length: give length={min(got, len(first.sequence))} "
        "to cut longer ones to their centre"
    )
