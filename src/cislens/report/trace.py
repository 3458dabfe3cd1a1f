"""One number a position as a filled line, on the columns of the tracks of a sequence."""

from collections.abc import Sequence

from cislens.report import _frame

HEIGHT, MARGIN = 40.0, 5.0
"""Height of the line and of the room around it, in px."""


def svg(values: Sequence[float], *, words: str) -> str:
    """Draw the values of a whole sequence, from 0 up.

    Parameters
    ----------
    values
        One a position; what lies below 0 is drawn as 0.
    words
        What a screen reader says.

    Returns
    -------
    str
        One ``<svg>`` element, with the largest value on its axis.
    """
    top = max([*values, 0.0])
    foot = MARGIN + HEIGHT
    heights = [max(value, 0.0) / (top or 1.0) * HEIGHT for value in values]
    points = "".join(
        f"L{_frame.x(place + 0.5):.1f} {foot - high:.1f}" for place, high in enumerate(heights)
    )
    first, last = _frame.x(0.5), _frame.x(len(values) - 0.5)
    return "".join(
        [
            _frame.opening("trace", foot + MARGIN, columns=len(values), words=words),
            f'<path d="M{first:.1f} {foot:g}{points}L{last:.1f} {foot:g}Z" fill="#2057a7" '
            'fill-opacity=".25" stroke="#2057a7" stroke-width="1.2" stroke-linejoin="round"/>',
            f'<path d="M{_frame.LEFT - 4:g} {MARGIN:g}h4M{_frame.LEFT - 4:g} {foot:g}h4" '
            'stroke="currentColor" stroke-opacity=".5"/>',
            f'<text x="{_frame.LEFT - 7:g}" y="{MARGIN + 4:g}" text-anchor="end" opacity=".75">'
            f"{top:.3g}</text>",
            f'<text x="{_frame.LEFT - 7:g}" y="{foot + 3:g}" text-anchor="end" opacity=".75">0'
            "</text></svg>",
        ]
    )
