"""What all tracks of a sequence share: their columns, and where they are in the whole."""

import html

Stretch = tuple[int, int]

WIDTH = 100
"""Columns of the stretch that is drawn in letters, in bp."""
STEP = 7.0
"""Width of a column in px."""
LEFT = 52.0
"""Room for the labels of the axis, in px."""
RIGHT = 12.0
"""Room for half of the last position, in px."""
BAR, GAP = 16.0, 5.0
"""Height of the bar of the whole sequence and of the room below it, in px."""


def head(length: int, shown: Stretch) -> float:
    """Height of the bar, where there is one."""
    return 0.0 if shown == (0, length) else BAR + GAP


def opening(kind: str, height: float, *, columns: int, words: str) -> str:
    width = x(columns) + RIGHT
    return (
        f'<svg class="{kind}" role="img" aria-label="{html.escape(words)}" width="{width:g}" '
        f'height="{height:g}" viewBox="0 0 {width:g} {height:g}" font-family="system-ui,sans-serif"'
        ' font-size="9.5" fill="currentColor">'
    )


def zoom(length: int, shown: Stretch) -> str:
    """Mark the stretch in the bar."""
    scale = (shown[1] - shown[0]) * STEP / length
    return (
        f'<rect class="zoom" x="{LEFT + shown[0] * scale:.1f}" y="0" '
        f'width="{(shown[1] - shown[0]) * scale:.1f}" height="{BAR:g}" fill="#7fb0f2" '
        'fill-opacity=".3"/>'
    )


def x(column: float | int) -> float:
    """Place the left edge of a column of the stretch, in px."""
    return LEFT + column * STEP
