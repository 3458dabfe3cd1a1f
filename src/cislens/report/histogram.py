"""Distributions as stepped lines that share an axis, one SVG panel."""

import html
import math
from collections.abc import Mapping, Sequence

from cislens.report import curves

WIDTH, HEIGHT = 420, 250
LEFT, RIGHT, TOP, BOTTOM = 46, 12, 44, 32
COLOURS = ("#2057a7", "#d0770b", "#1b8a5a", "#b3232f")
"""Of the series, in their order; they differ in lightness too."""


def svg(
    series: Mapping[str, Sequence[float] | Sequence[int]],
    *,
    title: str,
    axis: str,
    limits: tuple[float, float],
    percent: bool = False,
    log: bool = False,
) -> str:
    """Draw counts of several series as shares of each.

    Parameters
    ----------
    series
        Counts in bins of equal width by name; series without a count are left out.
    title
        Written above the panel.
    axis
        What the horizontal axis shows.
    limits
        Lower edge of the first bin and upper edge of the last.
    percent
        Write the ticks of the horizontal axis in percent.
    log
        The horizontal axis is one of log10(1 + value): write its ticks as values.

    Returns
    -------
    str
        One ``<svg>`` element; bins that are empty in all series are cut off at both ends.
    """
    shares = {name: _shares(counts) for name, counts in series.items() if sum(counts)}
    first, last = _reach(list(shares.values()))
    width = (limits[1] - limits[0]) / max(len(next(iter(series.values()))), 1)
    low, high = limits[0] + first * width, limits[0] + last * width
    top = max((max(row) for row in shares.values()), default=1.0)
    words = html.escape(f"{title}: {axis}, distribution of {', '.join(shares) or 'nothing'}")
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="histogram" role="img" '
        f'aria-label="{words}" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" '
        'font-family="system-ui,sans-serif" font-size="11" fill="currentColor">',
        f'<text x="{LEFT}" y="13" font-size="12.5" font-weight="600">{html.escape(title)}</text>',
        _grid(_ticks(low, high, percent=percent, log=log), (low, high), top),
        f'<text x="{(LEFT + WIDTH - RIGHT) / 2}" y="{HEIGHT - 3}" text-anchor="middle" '
        f'opacity=".75">{html.escape(axis)}</text>',
        *(
            _series(name, row[first:last], top, place)
            for place, (name, row) in enumerate(shares.items())
        ),
        "</svg>",
    ]
    return "".join(parts)


def _shares(counts: Sequence[float] | Sequence[int]) -> list[float]:
    total = sum(counts)
    return [count / total for count in counts]


def _reach(rows: Sequence[Sequence[float] | Sequence[int]]) -> tuple[int, int]:
    """Find the bins from the first to the last that holds anything."""
    held = [place for row in rows for place, share in enumerate(row) if share]
    return (min(held), max(held) + 1) if held else (0, 1)


def _x(part: float) -> float:
    return LEFT + part * (WIDTH - LEFT - RIGHT)


def _y(part: float) -> float:
    return HEIGHT - BOTTOM - part * (HEIGHT - BOTTOM - TOP)


def _ticks(low: float, high: float, *, percent: bool, log: bool) -> list[tuple[float, str]]:
    """Place and write the ticks of the horizontal axis."""
    if log:
        values = [0, *(10**power for power in range(max(1, math.ceil(high))))]
        placed = [(math.log10(1 + value), f"{value:,}") for value in values]
        return [(place, text) for place, text in placed if low <= place <= high]
    write = "{:.4g}%" if percent else "{:.6g}"
    return [
        (tick, write.format(100 * tick if percent else tick))
        for tick in curves.ticks(low, high, about=6)
    ]


def _grid(ticks: list[tuple[float, str]], limits: tuple[float, float], top: float) -> str:
    low, high = limits
    parts = []
    for tick, text in ticks:
        x = _x((tick - low) / (high - low))
        parts.append(
            f'<path d="M{x:.1f} {HEIGHT - BOTTOM}v4" stroke="currentColor" stroke-opacity=".5"/>'
            f'<text x="{x:.1f}" y="{HEIGHT - BOTTOM + 15}" text-anchor="middle" '
            f'opacity=".75">{text}</text>'
        )
    for level in curves.ticks(0.0, top):
        y = _y(level / top)
        parts.append(
            f'<path d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}" stroke="currentColor" '
            f'stroke-opacity=".13"/><text x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end" '
            f'opacity=".75">{100 * level:.3g}%</text>'
        )
    return "".join(parts)


def _series(name: str, row: Sequence[float], top: float, place: int) -> str:
    """Draw the outline of one series and its name in its colour."""
    colour = COLOURS[place % len(COLOURS)]
    steps = "".join(
        f"V{_y(share / top):.1f}H{_x((n + 1) / len(row)):.1f}" for n, share in enumerate(row)
    )
    x = LEFT + 120 * place
    return (
        f'<path d="M{LEFT} {_y(0.0):.1f}{steps}V{_y(0.0):.1f}" fill="{colour}" fill-opacity=".08" '
        f'stroke="{colour}" stroke-width="1.6" stroke-linejoin="round"/>'
        f'<path d="M{x} 29h14" stroke="{colour}" stroke-width="3"/>'
        f'<text x="{x + 19}" y="33">{html.escape(name)}</text>'
    )
