"""A matrix as a heat map in SVG: rows and columns with names, two colours for two signs."""

import html
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from jaxtyping import Float

CELL = 13.0
"""Side of a cell, in px."""
LEAST = 0.02
"""Smaller values are left blank."""
_LETTER = 6.2
"""Width of a letter of the names, in px, on the wide side."""
_GAP = 6.0


class Matrix(NamedTuple):
    """What is drawn.

    Values are from -1 to 1; NaN is left blank and crossed out.
    """

    values: Float[np.ndarray, "rows columns"]
    rows: Sequence[str]
    columns: Sequence[str]
    words: Sequence[Sequence[str]]
    """What each cell says to a pointer."""


def svg(matrix: Matrix, *, name: str) -> str:
    """Draw a matrix.

    Parameters
    ----------
    matrix
        Values and names.
    name
        What it is of, for those who cannot see it.

    Returns
    -------
    str
        One ``<svg>`` element; cells have the class "raises" or "lowers" and the size of their value
        as opacity.
    """
    left = _GAP + _LETTER * max(map(len, matrix.rows), default=0)
    top = _GAP + _LETTER * max(map(len, matrix.columns), default=0)
    right = left + CELL * len(matrix.columns)
    bottom = top + CELL * len(matrix.rows)
    names = _names(matrix, left=left, top=top)
    cells = _cells(matrix, left=left, top=top)
    return (
        f'<svg class="heat" role="img" aria-label="{html.escape(name)}" width="{right + 2:g}" '
        f'height="{bottom + 2:g}" viewBox="0 0 {right + 2:g} {bottom + 2:g}" '
        f'font-family="system-ui,sans-serif" font-size="10.5" fill="currentColor">'
        f'{names}{cells}<rect x="{left:g}" y="{top:g}" width="{right - left:g}" '
        f'height="{bottom - top:g}" fill="none" stroke="currentColor" stroke-opacity=".25"/></svg>'
    )


def _names(matrix: Matrix, *, left: float, top: float) -> str:
    down = "".join(
        f'<text x="{left - _GAP:g}" y="{top + (place + 0.75) * CELL:g}" text-anchor="end">'
        f"{html.escape(text)}</text>"
        for place, text in enumerate(matrix.rows)
    )
    across = "".join(
        f'<text transform="translate({left + (place + 0.75) * CELL:g} {top - _GAP:g}) rotate(-90)">'
        f"{html.escape(text)}</text>"
        for place, text in enumerate(matrix.columns)
    )
    return down + across


def _cells(matrix: Matrix, *, left: float, top: float) -> str:
    drawn = []
    for row, column in zip(*np.nonzero(~(np.abs(matrix.values) < LEAST)), strict=True):
        value = float(matrix.values[row, column])
        x, y = left + column * CELL, top + row * CELL
        words = f"<title>{html.escape(matrix.words[row][column])}</title>"
        if np.isnan(value):
            drawn.append(
                f'<path d="M{x + 4:g} {y + 4:g}l5 5m0 -5l-5 5" stroke="currentColor" '
                f'stroke-opacity=".3">{words}</path>'
            )
        else:
            drawn.append(
                f'<rect class="{"raises" if value > 0 else "lowers"}" x="{x:g}" y="{y:g}" '
                f'width="{CELL:g}" height="{CELL:g}" fill-opacity="{min(abs(value), 1):.2f}">'
                f"{words}</rect>"
            )
    return "".join(drawn)
