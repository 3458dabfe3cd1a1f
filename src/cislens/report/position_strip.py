"""Counts along a sequence as a small SVG strip."""

import html
import math
from collections.abc import Sequence

WIDTH, HEIGHT = 120, 30


def counts(places: Sequence[float | int], *, length: float | int, bins: int) -> list[int]:
    """Count places in equal parts of a sequence.

    Parameters
    ----------
    places
        Positions, in bp from the first base.
    length
        Length of the sequence, in bp.
    bins
        Number of parts.

    Returns
    -------
    list of int
        One a part; places beyond the ends, and those that are not finite, are left out.
    """
    found = [0] * bins
    for place in places:
        if math.isfinite(place) and 0 <= place < length:
            found[int(place * bins / length)] += 1
    return found


def svg(values: Sequence[int], *, name: str) -> str:
    """Draw counts as bars.

    Parameters
    ----------
    values
        Counts, from the first base of the sequence to its last.
    name
        What it is of, for those who cannot see it.

    Returns
    -------
    str
        One ``<svg>`` element, scaled to the largest count; the line below is the sequence.
    """
    largest = max(values, default=0) or 1
    step = WIDTH / max(len(values), 1)
    foot = HEIGHT - 2
    words = html.escape(f"Positions of {name} along the sequences: {list(values)}")
    bars = "".join(
        f"M{place * step + step / 2:.2f} {foot}v{-value / largest * (foot - 1):.2f}"
        for place, value in enumerate(values)
        if value
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="positions" role="img" '
        f'aria-label="{words}" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}">'
        f'<path d="{bars}" stroke="#2057a7" stroke-width="{max(step - 1, 0.5):.2f}"/>'
        f'<path d="M0 {foot + 0.5}h{WIDTH}" stroke="currentColor" stroke-opacity=".4"/></svg>'
    )
