"""Distributions as stepped lines that share an axis, one SVG panel."""

import html
from collections.abc import Mapping, Sequence

from cislens.report import curves

WIDTH, HEIGHT = 420, 250
LEFT, RIGHT, TOP, BOTTOM = 46, 12, 44, 32
COLOURS = ("#2057a7", "#d0770b", "#1b8a5a", "#b3232f")
"""Of the series, in their order; they differ in lightness too."""


def svg(
    series: Mapping[str, Sequence[int]],
    *,
    title: str,
    axis: str,
    limits: tuple[float, float],
    percent: bool = False,
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
        _grid((low, high), top, percent=percent),
        f'<text x="{(LEFT + WIDTH - RIGHT) / 2}" y="{HEIGHT - 3}" text-anchor="middle" '
        f'opacity=".75">{html.escape(axis)}</text>',
        *(
            _series(name, row[first:last], top, place)
            for place, (name, row) in enumerate(shares.items())
        ),
        "</svg>",
    ]
    return "".join(parts)


def _shares(counts: Sequence[int]) -> list[float]:
    total = sum(counts)
    return [count / total for count in counts]


def _reach(rows: Sequence[Sequence[float]]) -> tuple[int, int]:
    """Find the bins from the first to the last that holds anything."""
    held = [place for row in rows for place, share in enumerate(row) if share]
    return (min(held), max(held) + 1) if held else (0, 1)


def _x(part: float) -> float:
    return LEFT + part * (WIDTH - LEFT - RIGHT)


def _y(part: float) -> float:
    return HEIGHT - BOTTOM - part * (HEIGHT - BOTTOM - TOP)


def _grid(limits: tuple[float, float], top: float, *, percent: bool) -> str:
    low, high = limits
    parts = []
    for tick in curves.ticks(low, high):
        x = _x((tick - low) / (high - low))
        text = f"{100 * tick:.4g}%" if percent else f"{tick:.6g}"
        parts.append(
            f'<path d="M{x:.1f} {HEIGHT - BOTTOM}v4" stroke="currentColor" stroke-opacity=".5"/>'
            f'<text x="{x:.1f}" y="{HEIGHT - BOTTOM + 15}" text-anchor="middle" '
            f'opacity=".75">{text}</text>'
        )
    for tick in curves.ticks(0.0, top):
        y = _y(tick / top)
        parts.append(
            f'<path d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}" stroke="currentColor" '
            f'stroke-opacity=".13"/><text x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end" '
            f'opacity=".75">{100 * tick:.3g}%</text>'
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
