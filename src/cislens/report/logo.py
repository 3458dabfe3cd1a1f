"""Sequence logos as crisp inline SVG, drawn from outlines and exact to the sixth decimal."""

import html
import math
from typing import Literal, NamedTuple

import numpy as np

from cislens.errors import UserError
from cislens.report import glyphs
from cislens.sequence import pwm as pwms
from cislens.sequence.pwm import Pwm

Scale = Literal["information", "probability"]

COLUMN = 0.3
"""Width of a column as a share of the logo's height."""
LEFT, ABOVE, BELOW = 22.0, 5.0, 14.0
"""Room for the axis labels, in px."""
INVISIBLE = 5e-7
"""Letters lower than this, in bits or as probability, round to nothing."""


class Letter(NamedTuple):
    """One letter of a logo: where it stands and how high, in bits or as probability."""

    letter: str
    column: int
    bottom: float
    height: float


def stacks(pwm: Pwm, *, scale: Scale = "information", letters: str = "ACGT") -> list[Letter]:
    """Stack the letters of every column, the smallest at the bottom.

    Parameters
    ----------
    pwm
        The motif. Its own background is the reference of the information.
    scale
        "information": a letter is its probability times the column's information in bits;
        "probability": the letters of each column fill 1.
    letters
        One letter for each row of the motif.

    Returns
    -------
    list of Letter
        Column by column, from the bottom up; letters of no height are left out.
    """
    probabilities = np.asarray(pwm.probabilities, dtype=np.float64)
    total = np.ones(probabilities.shape[1]) if scale == "probability" else pwms.information(pwm)
    heights = probabilities * np.maximum(total, 0.0)
    order = np.argsort(heights, axis=0, kind="stable")
    sorted_heights = np.take_along_axis(heights, order, axis=0)
    tops = np.cumsum(sorted_heights, axis=0)
    return [
        Letter(letters[order[rank, column]], column, tops[rank, column] - height, height)
        for column in range(heights.shape[1])
        for rank in range(len(letters))
        if (height := float(sorted_heights[rank, column])) >= INVISIBLE
    ]


def svg(
    pwm: Pwm,
    *,
    height: float | int = 48,
    scale: Scale = "information",
    start: int = 0,
    columns: int | None = None,
    letters: str = "ACGT",
    axis: bool = False,
    shared: bool = False,
) -> str:
    """Draw the logo of a motif.

    Parameters
    ----------
    pwm
        The motif; its name becomes the text that a screen reader speaks.
    height
        Height of a full column in px: 2 bits with a uniform background, or probability 1. A column
        is 0.3 times as wide.
    scale
        "information" (bits against the motif's background) or "probability".
    start
        Columns left empty before the motif.
    columns
        Columns of the whole drawing; as many as needed where it is not given.
    letters
        One letter for each row of the motif: "ACGT" or "ACGU".
    axis
        Draw the axes: bits or probability to the left, positions below (the motif's first is 1).
    shared
        Point to the letters of ``glyphs.sheet()``, which then must stand on the same page, instead
        of bringing its own. Keeps a page with many logos small.

    Returns
    -------
    str
        One ``<svg>`` element. Without ``shared`` it is also a complete SVG file.

    Raises
    ------
    UserError
        If ``height`` is not positive, the motif does not fit into ``columns``, or ``letters`` are
        not four with an outline.
    """
    width = int(np.asarray(pwm.probabilities).shape[1])
    columns = start + width if columns is None else columns
    _check(height, letters=letters, start=start, end=start + width, columns=columns)
    top = _ceiling(pwm) if scale == "information" else 1.0
    step = height * COLUMN
    left, above, below = (LEFT, ABOVE, BELOW) if axis else (1.0, 1.0, 1.0)
    foot = above + height
    size = (left + columns * step + 1, foot + below)
    parts = [
        _opening(pwm, size, shared=shared),
        "" if shared else glyphs.definitions(letters),
        f'<path d="M{_n(left + start * step)} {_n(foot + 0.5)}h{_n(width * step)}"'
        ' stroke="currentColor" stroke-opacity=".35"/>',
        f'<g transform="matrix({_n(step)} 0 0 {_n(-height / top)} {_n(left)} {_n(foot)})">',
        *(
            f'<use href="#base-{x.letter}" '
            f'transform="matrix(1 0 0 {_n(x.height)} {start + x.column} {_n(x.bottom)})"/>'
            for x in stacks(pwm, scale=scale, letters=letters)
        ),
        "</g>",
        _axes(top, height, start=start, width=width) if axis else "",
        "</svg>",
    ]
    return "".join(parts)


def _check(height: float | int, *, letters: str, start: int, end: int, columns: int) -> None:
    if not 0 < height < math.inf:
        raise UserError(f"height={height}: a positive number of px is wanted, such as 48")
    if len(letters) != 4 or not set(letters) <= glyphs.OUTLINES.keys():
        known = " ".join(glyphs.OUTLINES)
        raise UserError(f"letters={letters!r}: four out of {known} are wanted, such as 'ACGT'")
    if start < 0 or end > columns:
        raise UserError(
            f"start={start}, columns={columns}: the motif takes columns {start} to {end - 1}; "
            f"give start >= 0 and columns >= {end}"
        )


def _opening(pwm: Pwm, size: tuple[float, float], *, shared: bool) -> str:
    words = html.escape(f"Sequence logo of {pwm.name} {pwm.label}".strip())
    space = "" if shared else ' xmlns="http://www.w3.org/2000/svg"'
    box = f'width="{_n(size[0])}" height="{_n(size[1])}" viewBox="0 0 {_n(size[0])} {_n(size[1])}"'
    return f'<svg{space} class="logo" role="img" aria-label="{words}" {box}>'


def _ceiling(pwm: Pwm) -> float:
    """Most information a column can hold against this background, in bits."""
    return -math.log2(float(np.min(pwm.background)))


def _axes(top: float, height: float | int, *, start: int, width: int) -> str:
    """Draw bits or probability to the left and positions below."""
    foot, step = ABOVE + height, height * COLUMN
    ticks = [0.0, 0.5, 1.0] if top == 1.0 else [float(tick) for tick in range(math.floor(top) + 1)]
    left = "".join(
        f'<text x="{LEFT - 6}" y="{_n(foot - tick * height / top + 3)}" '
        f'text-anchor="end">{tick:g}</text>'
        f'<path d="M{LEFT - 4} {_n(foot - tick * height / top)}h3" stroke="currentColor"/>'
        for tick in ticks
    )
    under = "".join(
        f'<text x="{_n(LEFT + (start + column + 0.5) * step)}" y="{_n(foot + BELOW - 2)}" '
        f'text-anchor="middle">{column + 1}</text>'
        for column in range(width)
        if column == 0 or (column + 1) % 5 == 0
    )
    line = f'<path d="M{LEFT - 1} {ABOVE}V{_n(foot)}" stroke="currentColor"/>'
    style = 'font-family="system-ui,sans-serif" font-size="9" fill="currentColor"'
    return f"<g {style}>{line}{left}{under}</g>"


def _n(value: float | int) -> str:
    """Shortest text of a coordinate, exact to 1e-6."""
    return f"{value:.6f}".rstrip("0").rstrip(".") or "0"
