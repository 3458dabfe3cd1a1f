"""One number against another as an SVG panel: medians with their ranges, and published values."""

import html
import math
from collections.abc import Sequence
from typing import NamedTuple

from cislens.report import curves, dots, lines

Number = float | int

WIDTH, HEIGHT = 384, 352
LEFT, RIGHT, TOP, BOTTOM = 56, 14, 32, 40
AIR = 0.06
"""Share of the values' range that stays free at the ends of an axis."""


class Point(NamedTuple):
    """What one name comes to on both axes.

    Attributes
    ----------
    name
        Such as an activation.
    x
        Values on the horizontal axis, one a seed; those that are not finite are left out.
    y
        Values on the vertical axis; seeds are not paired.
    published
        The published point.
    """

    name: str
    x: Sequence[Number]
    y: Sequence[Number]
    published: tuple[Number, Number] | None = None


def svg(points: Sequence[Point], *, title: str, across: str, along: str) -> str:
    """Draw one panel.

    Parameters
    ----------
    points
        What is drawn; a point without a value on both axes shows its published one alone.
    title
        Written above the panel.
    across
        What the horizontal axis is of.
    along
        What the vertical axis is of.

    Returns
    -------
    str
        One ``<svg>`` element: a dot is a median, its lines reach from the lowest to the highest
        seed, a diamond is published; dashes are where both axes are equal.
    """
    names = [point.name for point in points]
    entries, rows = lines.legend(names, names)
    place = _Place(_limits(points, 0), _limits(points, 1), TOP + rows * lines.ROW)
    words = html.escape(f"{title}: {along} by {across}; " + "; ".join(map(_said, points)))
    middle = (place.top + HEIGHT - BOTTOM) / 2
    return "".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" class="scatter" role="img" '
            f'aria-label="{words}" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" '
            'font-family="system-ui,sans-serif" font-size="11" fill="currentColor">',
            f'<text x="{LEFT}" y="13" font-size="12.5" font-weight="600">'
            f"{html.escape(title)}</text>",
            entries,
            _grid(place),
            _diagonal(place),
            f'<text x="{(LEFT + WIDTH - RIGHT) / 2}" y="{HEIGHT - 6}" text-anchor="middle" '
            f'opacity=".75">{html.escape(across)}</text>',
            f'<text x="12" y="{middle:.1f}" text-anchor="middle" opacity=".75" '
            f'transform="rotate(-90 12 {middle:.1f})">{html.escape(along)}</text>',
            *(_point(point, lines.colour(point.name, names), place) for point in points),
            "</svg>",
        ]
    )


class _Place(NamedTuple):
    """Where values stand, in px."""

    across: tuple[float, float]
    along: tuple[float, float]
    top: float

    def x(self, value: Number) -> float:
        low, high = self.across
        return LEFT + (value - low) / (high - low) * (WIDTH - LEFT - RIGHT)

    def y(self, value: Number) -> float:
        low, high = self.along
        foot = HEIGHT - BOTTOM
        return foot - (value - low) / (high - low) * (foot - self.top)


def _finite(values: Sequence[Number]) -> list[float]:
    return [float(value) for value in values if math.isfinite(value)]


def _limits(points: Sequence[Point], axis: int) -> tuple[float, float]:
    """Find an axis that holds every value with some air."""
    values = [value for point in points for value in _finite((point.x, point.y)[axis])]
    values += [float(point.published[axis]) for point in points if point.published]
    low, high = min(values, default=0.0), max(values, default=1.0)
    air = AIR * (high - low) or 0.05
    return low - air, high + air


def _said(point: Point) -> str:
    x, y = _finite(point.x), _finite(point.y)
    ours = f"{dots.median(x):.3f} and {dots.median(y):.3f}" if x and y else "not run"
    paper = point.published
    return f"{point.name} {ours}" + (
        f", published {paper[0]:.3f} and {paper[1]:.3f}" if paper else ""
    )


def _grid(place: _Place) -> str:
    foot = HEIGHT - BOTTOM
    parts = [
        f'<path d="M{LEFT} {place.y(tick):.1f}H{WIDTH - RIGHT}" stroke="currentColor" '
        f'stroke-opacity=".13"/><text x="{LEFT - 6}" y="{place.y(tick) + 4:.1f}" '
        f'text-anchor="end" opacity=".75">{round(tick, 6):g}</text>'
        for tick in curves.ticks(*place.along)
    ]
    parts += [
        f'<path d="M{place.x(tick):.1f} {place.top}V{foot}" stroke="currentColor" '
        f'stroke-opacity=".13"/><text x="{place.x(tick):.1f}" y="{foot + 14}" '
        f'text-anchor="middle" opacity=".75">{round(tick, 6):g}</text>'
        for tick in curves.ticks(*place.across)
    ]
    return "".join(parts)


def _diagonal(place: _Place) -> str:
    low = max(place.across[0], place.along[0])
    high = min(place.across[1], place.along[1])
    if low >= high:
        return ""
    return (
        f'<path d="M{place.x(low):.1f} {place.y(low):.1f}L{place.x(high):.1f} '
        f'{place.y(high):.1f}" stroke="currentColor" stroke-opacity=".4" '
        'stroke-dasharray="3 3"/>'
    )


def _point(point: Point, colour: str, place: _Place) -> str:
    parts = []
    xs, ys = _finite(point.x), _finite(point.y)
    if xs and ys:
        x, y = place.x(dots.median(xs)), place.y(dots.median(ys))
        parts.append(
            f'<path d="M{place.x(min(xs)):.1f} {y:.1f}H{place.x(max(xs)):.1f}M{x:.1f} '
            f'{place.y(min(ys)):.1f}V{place.y(max(ys)):.1f}" stroke="{colour}" '
            'stroke-opacity=".6"/>'
            f'<circle class="ours" cx="{x:.1f}" cy="{y:.1f}" r="4.2" fill="{colour}"/>'
        )
    if point.published:
        x, y = place.x(point.published[0]), place.y(point.published[1])
        parts.append(
            f'<path class="paper" d="M{x:.1f} {y - 5:.1f}l5 5l-5 5l-5 -5z" fill="none" '
            f'stroke="{colour}" stroke-width="1.6"/>'
        )
    return "".join(parts)
