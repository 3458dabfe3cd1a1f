"""Where a sequence lies in the genome: 0-based, half-open, on a strand."""

from typing import NamedTuple


class Interval(NamedTuple):
    """A stretch of a chromosome.

    Attributes
    ----------
    chrom
        Name of the chromosome.
    start
        First base, in bp.
    end
        One past the last base, in bp.
    strand
        "+", "-", or "." where it is not said.
    """

    chrom: str
    start: int
    end: int
    strand: str = "."


def half_open(written: Interval, *, length: int) -> Interval | None:
    """Read coordinates by the convention that the length of the sequence gives away.

    Some tools write ``chr1:100-200`` for 100 bases (0-based, half-open), others for 101 (1-based,
    both ends included; PAR-CLIP sets and samtools do).

    Parameters
    ----------
    written
        The coordinates as written.
    length
        Length of the sequence they stand beside, in bp.

    Returns
    -------
    Interval | None
        The same stretch, 0-based and half-open; None if the length fits neither convention.
    """
    width = written.end - written.start
    if width == length:
        return written
    if width + 1 == length:
        return written._replace(start=written.start - 1)
    return None


def crop(interval: Interval, *, length: int) -> Interval:
    """Keep the central part, as `crop_text` does with the sequence.

    Parameters
    ----------
    interval
        The whole stretch.
    length
        What is kept, in bp.

    Returns
    -------
    Interval
        The part that the cropped sequence covers.
    """
    excess = interval.end - interval.start - length
    # On the minus strand, the first base of the sequence is the last of the interval.
    left = excess - excess // 2 if interval.strand == "-" else excess // 2
    return interval._replace(start=interval.start + left, end=interval.start + left + length)


def crop_text(sequence: str, *, length: int) -> str:
    """Keep the central part of a sequence; of an odd excess, the larger half goes from the end.

    Parameters
    ----------
    sequence
        At least `length` letters.
    length
        What is kept, in bp.

    Returns
    -------
    str
        The central letters.
    """
    left = (len(sequence) - length) // 2
    return sequence[left : left + length]
