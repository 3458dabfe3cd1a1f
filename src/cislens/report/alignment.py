"""A motif above its match: two logos with the same columns, shifted and turned to fit."""

from typing import Literal, NamedTuple

from cislens.errors import UserError
from cislens.report import logo
from cislens.sequence import pwm as pwms
from cislens.sequence.pwm import Pwm


class Placement(NamedTuple):
    """Where two aligned motifs stand in a common row of columns."""

    query_start: int
    """Empty columns before the query."""
    target_start: int
    """Empty columns before the target."""
    columns: int
    """Columns that the two cover together."""
    target: Pwm
    """The target as it reads on the query's strand."""


def place(
    query: Pwm, target: Pwm, *, offset: int, strand: Literal["+", "-"] | str = "+"
) -> Placement:
    """Find the common columns of a motif and its match.

    Parameters
    ----------
    query
        The motif that was looked up; it keeps its strand.
    target
        The motif that was found, as the database writes it.
    offset
        Position of the target's first column relative to the query's first, in columns, once the
        target reads on ``strand``; negative where the target begins first.
    strand
        "+" shows the target as it is, "-" its reverse complement.

    Returns
    -------
    Placement
        Starts in common columns, the number of columns, and the target turned to fit.

    Raises
    ------
    UserError
        If ``strand`` is neither "+" nor "-".
    """
    if strand not in {"+", "-"}:
        raise UserError(f"strand={strand!r}: '+' or '-' is wanted")
    turned = pwms.reverse_complement(target) if strand == "-" else target
    first, second = max(0, -offset), max(0, offset)
    ends = (first + query.probabilities.shape[1], second + turned.probabilities.shape[1])
    return Placement(first, second, max(ends), turned)


def svg(
    query: Pwm,
    target: Pwm,
    *,
    offset: int,
    strand: Literal["+", "-"] | str = "+",
    height: float | int = 30,
    letters: str = "ACGT",
    shared: bool = True,
) -> str:
    """Draw a motif's logo and below it the logo of its match, column under column.

    Parameters
    ----------
    query
        The motif that was looked up.
    target
        The motif that was found, as the database writes it.
    offset
        Position of the target's first column relative to the query's first, in columns.
    strand
        "+" shows the target as it is, "-" its reverse complement.
    height
        Height of each logo in px.
    letters
        One letter for each row of the motifs.
    shared
        Point to the letters of ``glyphs.sheet()`` on the same page.

    Returns
    -------
    str
        Two ``<svg>`` elements of the same width, the query's first.

    Raises
    ------
    UserError
        If ``strand`` is neither "+" nor "-".
    """
    where = place(query, target, offset=offset, strand=strand)
    return "".join(
        logo.svg(
            motif, height=height, start=start, columns=where.columns, letters=letters, shared=shared
        )
        for motif, start in ((query, where.query_start), (where.target, where.target_start))
    )
