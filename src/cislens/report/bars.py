"""Importance along a sequence as bars, one SVG strip a training, planted motifs shaded."""

import html
import math
from collections.abc import Sequence

HEIGHT, WIDTH = 64, 960


def svg(values: Sequence[float], *, name: str, sites: Sequence[int] = ()) -> str:
    """Draw the importance of each position.

    Parameters
    ----------
    values
        Importance with its sign; the strip is scaled to the largest.
    name
        What it is of, for those who cannot see it.
    sites
        Positions to shade, 0-based.

    Returns
    -------
    str
        One ``<svg>`` element; bars above the line speak for the output, those below against it.
    """
    known = [value if math.isfinite(value) else 0.0 for value in values]
    largest = max(map(abs, known), default=0.0) or 1.0
    step = WIDTH / max(len(known), 1)
    words = html.escape(f"Importance along the sequence, {name}")
    shades = (
        f'<rect x="{place * step:.1f}" y="0" width="{step:.2f}" height="{HEIGHT}" '
        'fill="currentColor" fill-opacity=".1"/>'
        for place in sites
    )
    strokes = "".join(
        f"M{(place + 0.5) * step:.1f} {HEIGHT / 2}v{-value / largest * HEIGHT / 2:.1f}"
        for place, value in enumerate(known)
        if abs(value) > largest / HEIGHT
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="bars" role="img" aria-label="{words}" '
        f'viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}">{"".join(shades)}'
        f'<path d="M0 {HEIGHT / 2}h{WIDTH}" stroke="currentColor" stroke-opacity=".3"/>'
        f'<path d="{strokes}" stroke="#2057a7" stroke-width="{max(step * 0.8, 0.6):.2f}"/></svg>'
    )
