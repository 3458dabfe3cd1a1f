"""Profiles of counts as a strip: the plus strand upwards, the minus strand downwards."""

import html
from collections.abc import Sequence

HEIGHT, WIDTH, LEFT = 76, 960, 8
FOOT = 16
COLOURS = ("#2057a7", "#b3232f")
"""Of the plus and the minus strand."""


def svg(tracks: Sequence[Sequence[float | int]], *, name: str, axis: bool = False) -> str:
    """Draw the tracks of one task.

    Parameters
    ----------
    tracks
        Shares or counts by position, of one track or of the plus and the minus strand; the strip
        is scaled to the largest of all.
    name
        What it is of, for those who cannot see it.
    axis
        Whether positions, counted from the middle in bp, stand below.

    Returns
    -------
    str
        One ``<svg>`` element.
    """
    positions = max(len(tracks[0]), 1)
    largest = max((max(track, default=0.0) for track in tracks), default=0.0) or 1.0
    base = HEIGHT / 2 if len(tracks) > 1 else HEIGHT - 2.0
    reach = base - 2
    step = (WIDTH - 2 * LEFT) / positions
    height = HEIGHT + (FOOT if axis else 0)
    strokes = [
        _strokes(track, step, base=base, reach=sign * reach / largest, colour=colour)
        for track, sign, colour in zip(tracks, (-1, 1), COLOURS, strict=False)
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="strands" role="img" '
        f'aria-label="{html.escape(name)}" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" '
        f'height="{height}" font-family="system-ui,sans-serif" font-size="10" fill="currentColor">'
        f'<path d="M{LEFT} {base:g}H{WIDTH - LEFT}" stroke="currentColor" stroke-opacity=".35"/>'
        f"{''.join(strokes)}{_axis(positions, step) if axis else ''}</svg>"
    )


def _strokes(
    track: Sequence[float | int], step: float, *, base: float, reach: float, colour: str
) -> str:
    """Draw a stroke at each position that shows."""
    found = "".join(
        f"M{LEFT + (place + 0.5) * step:.1f} {base:g}v{value * reach:.1f}"
        for place, value in enumerate(track)
        if abs(value * reach) >= 0.25
    )
    return f'<path d="{found}" stroke="{colour}" stroke-width="{max(step * 0.85, 0.7):.2f}"/>'


def _axis(positions: int, step: float) -> str:
    """Write five positions, the middle one 0."""
    middle = positions // 2
    marks = [round(part * middle) for part in (-1, -0.5, 0, 0.5, 1)]
    texts = []
    for mark in marks:
        x = min(LEFT + (middle + mark + 0.5) * step, WIDTH - LEFT)
        anchor = "start" if mark == marks[0] else "end" if mark == marks[-1] else "middle"
        label = f"{mark:+d}".replace("-", "−") if mark else "0 bp"
        texts.append(f'<text x="{x:.1f}" y="{HEIGHT + 12}" text-anchor="{anchor}">{label}</text>')
    return "".join(texts)
