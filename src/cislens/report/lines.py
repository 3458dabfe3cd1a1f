"""Lines in one panel of SVG, each in the colour of its name."""

import html
import math
from collections.abc import Sequence
from typing import NamedTuple

from cislens.report import curves

WIDTH, HEIGHT = 384, 260
LEFT, RIGHT, TOP, BOTTOM = 52, 12, 32, 38
ROW = 16
"""Height of a row of the legend, in px."""
COLOURS = (
    "#2057a7",
    "#d0770b",
    "#1b8a5a",
    "#b3232f",
    "#7a4fb5",
    "#0f8b9a",
    "#c2568f",
    "#6b7280",
    "#8a6d1f",
    "#3f51d1",
    "#4a7a1f",
)
"""By the order in which names come."""


Number = float | int
Range = tuple[Number, Number]


class Line(NamedTuple):
    """One line.

    Attributes
    ----------
    name
        Lines of one name have one colour and one entry in the legend.
    x
        Where its points are.
    y
        Their values; the line has a gap where one is not finite, or cannot be on the axis.
    low
        Lower edge of a band around it, if it has one.
    high
        Upper edge of the band.
    """

    name: str
    x: Sequence[Number]
    y: Sequence[Number]
    low: Sequence[Number] = ()
    high: Sequence[Number] = ()


class Axes(NamedTuple):
    """What a panel spans.

    Attributes
    ----------
    across
        Lowest and highest x.
    along
        Lowest and highest value.
    log
        Whether values are on a logarithmic axis.
    """

    across: Range
    along: Range
    log: bool = False


def axes(lines: Sequence[Line], *, log: bool = False, along: Range | None = None) -> Axes:
    """Find axes that hold every line.

    Parameters
    ----------
    lines
        The lines of all panels that share the axes.
    log
        Whether values are on a logarithmic axis; what is not above 0 is not drawn there.
    along
        Lowest and highest value, where they are not those of the lines.

    Returns
    -------
    Axes
        Round limits of the values; 0 to 1 without any.
    """
    xs = [float(x) for line in lines for x in line.x] or [0.0, 1.0]
    values = [
        float(value)
        for line in lines
        for value in (*line.y, *line.low, *line.high)
        if math.isfinite(value) and (value > 0 or not log)
    ] or [0.1, 1.0]
    low, high = (float(edge) for edge in along or (min(values), max(values)))
    if log:
        limits = (10.0 ** math.floor(math.log10(low)), 10.0 ** math.ceil(math.log10(high)))
        limits = (limits[0], max(limits[1], limits[0] * 10))
    elif along is None:
        step = _step(high - low or abs(high) or 1.0)
        limits = (math.floor(low / step + 1e-9) * step, math.ceil(high / step - 1e-9) * step)
        limits = (limits[0], max(limits[1], limits[0] + step))
    else:
        limits = (low, high)
    return Axes((min(xs), max(max(xs), min(xs) + 1e-9)), limits, log)


def svg(
    lines: Sequence[Line],
    *,
    title: str,
    across: str,
    along: str,
    frame: Axes,
    names: Sequence[str] = (),
) -> str:
    """Draw one panel.

    Parameters
    ----------
    lines
        What is drawn.
    title
        Written above the panel.
    across
        What the horizontal axis is of.
    along
        What the vertical axis is of.
    frame
        The axes, from `axes`.
    names
        All names in the order of their colours, where several panels share them; those of these
        lines otherwise.

    Returns
    -------
    str
        One ``<svg>`` element; what lies outside the axes is cut off.
    """
    order = list(names) or list(dict.fromkeys(line.name for line in lines))
    shown = [name for name in order if name and any(line.name == name for line in lines)]
    entries, rows = legend(shown, order)
    top = TOP + rows * ROW
    height = HEIGHT + rows * ROW
    place = _Place(frame, top, height)
    words = html.escape(f"{title}: {along} by {across}, {', '.join(shown) or 'one line'}")
    middle = (top + height - BOTTOM) / 2
    return "".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" class="lines" role="img" '
            f'aria-label="{words}" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" '
            'font-family="system-ui,sans-serif" font-size="11" fill="currentColor">',
            f'<text x="{LEFT}" y="13" font-size="12.5" font-weight="600">'
            f"{html.escape(title)}</text>",
            entries,
            _grid(place),
            f'<text x="{(LEFT + WIDTH - RIGHT) / 2}" y="{height - 4}" text-anchor="middle" '
            f'opacity=".75">{html.escape(across)}</text>',
            f'<text x="11" y="{middle:.1f}" text-anchor="middle" opacity=".75" '
            f'transform="rotate(-90 11 {middle:.1f})">{html.escape(along)}</text>',
            *(_line(line, colour(line.name, order), place) for line in lines),
            "</svg>",
        ]
    )


def legend(shown: Sequence[str], order: Sequence[str]) -> tuple[str, int]:
    """Write names in their colours, in rows below the title of a panel.

    Parameters
    ----------
    shown
        The names; nothing is written for one alone.
    order
        All names in the order of their colours.

    Returns
    -------
    tuple
        SVG markup, and its number of rows of `ROW` px.
    """
    if len(shown) < 2:
        return "", 0
    parts, x, row = [], float(LEFT), 0
    for name in shown:
        wide = 26 + 6.4 * len(name)
        if x > LEFT and x + wide > WIDTH:
            x, row = float(LEFT), row + 1
        y = TOP + row * ROW
        parts.append(
            f'<path d="M{x:.0f} {y - 4}h12" stroke="{colour(name, order)}" stroke-width="3"/>'
            f'<text x="{x + 16:.0f}" y="{y}">{html.escape(name)}</text>'
        )
        x += wide
    return "".join(parts), row + 1


def colour(name: str, order: Sequence[str]) -> str:
    """Give the colour of a name.

    Parameters
    ----------
    name
        The name.
    order
        All names in the order of their colours.

    Returns
    -------
    str
        Such as ``#2057a7``; colours come again where there are more names than colours.
    """
    return COLOURS[list(order).index(name) % len(COLOURS)]


class _Place(NamedTuple):
    """Where values stand, in px."""

    frame: Axes
    top: float
    height: float

    def x(self, value: Number) -> float:
        low, high = self.frame.across
        return LEFT + (value - low) / (high - low) * (WIDTH - LEFT - RIGHT)

    def y(self, value: Number) -> float | None:
        """None where it cannot be on the axis."""
        if not math.isfinite(value) or (self.frame.log and value <= 0):
            return None
        low, high = self.frame.along
        if self.frame.log:
            value, low, high = math.log10(value), math.log10(low), math.log10(high)
        part = (value - low) / (high - low)
        return self.height - BOTTOM - part * (self.height - BOTTOM - self.top)

    def holds(self, value: Number) -> bool:
        low, high = self.frame.along
        return math.isfinite(value) and low - 1e-9 <= value <= high + 1e-9


def _step(span: float) -> float:
    rough = span / 4
    power = 10.0 ** math.floor(math.log10(rough))
    return next(power * factor for factor in (1, 2, 5, 10) if power * factor >= rough * 0.999)


def _grid(place: _Place) -> str:
    low, high = place.frame.along
    if place.frame.log:
        decades = range(round(math.log10(low)), round(math.log10(high)) + 1)
        ticks = [10.0**power for power in decades[:: 1 + len(decades) // 7]]
    else:
        ticks = curves.ticks(low, high)
    parts = []
    for tick in ticks:
        y = place.y(tick)
        assert y is not None, "ticks are on the axis"
        parts.append(
            f'<path d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}" stroke="currentColor" '
            f'stroke-opacity=".13"/><text x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end" '
            f'opacity=".75">{round(tick, 12):g}</text>'
        )
    foot = place.height - BOTTOM
    parts.append(f'<path d="M{LEFT} {foot}H{WIDTH - RIGHT}" stroke="currentColor" opacity=".5"/>')
    parts += [
        f'<text x="{place.x(tick):.1f}" y="{foot + 14}" text-anchor="middle" '
        f'opacity=".75">{round(tick, 12):g}</text>'
        for tick in curves.ticks(*place.frame.across, about=6)
    ]
    return "".join(parts)


def _line(line: Line, colour: str, place: _Place) -> str:
    band = ""
    if len(line.low):
        points = [*zip(line.x, line.high, strict=True)]
        points += reversed([*zip(line.x, line.low, strict=True)])
        inside = [(place.x(x), place.y(y)) for x, y in points if place.holds(y)]
        path = "L".join(f"{x:.1f} {y:.1f}" for x, y in inside if y is not None)
        band = f'<path d="M{path}Z" fill="{colour}" fill-opacity=".15"/>' if path else ""
    steps, pen = [], "M"
    for x, value in zip(line.x, line.y, strict=True):
        y = place.y(value) if place.holds(value) else None
        if y is None:
            pen = "M"
            continue
        steps.append(f"{pen}{place.x(x):.1f} {y:.1f}")
        pen = "L"
    return band + (
        f'<path d="{"".join(steps)}" fill="none" stroke="{colour}" stroke-width="1.6" '
        'stroke-linejoin="round"/>'
        if steps
        else ""
    )
