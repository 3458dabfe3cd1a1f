"""Values of single seeds as dots, with their median and the published value, as SVG panels."""

import html
import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

HEIGHT, LEFT, RIGHT, TOP, FOOT = 316, 44, 12, 26, 112
STEP = 46
"""Width of one column, in px."""
LETTER = 7.6
"""Width of a letter of a title, in px, about."""
NAME_LETTER = 6.2
"""The same of a name below a column."""
TILT = 40
"""Angle at which names stand, in degrees."""


class Column(NamedTuple):
    """What stands above one name of the horizontal axis."""

    name: str
    values: Sequence[float]
    """One a seed; those that are not finite are left out."""
    published: float | None = None


def limits(columns: Sequence[Column]) -> tuple[float, float]:
    """Find an axis that holds every value of several panels.

    Parameters
    ----------
    columns
        The columns of all panels.

    Returns
    -------
    tuple
        Lowest and highest value of the axis, multiples of a round step; 0 and 1 without values.
    """
    values = [value for column in columns for value in _shown(column)]
    if not values:
        return 0.0, 1.0
    step = _step(max(values) - min(values))
    low = math.floor(min(values) / step + 1e-9) * step
    high = math.ceil(max(values) / step - 1e-9) * step
    return (low, high) if high > low else (low - step, high + step)


def svg(columns: Sequence[Column], *, title: str, axis: tuple[float, float]) -> str:
    """Draw one panel.

    Parameters
    ----------
    columns
        What is drawn, from left to right.
    title
        Written above the panel.
    axis
        Lowest and highest value, from `limits`.

    Returns
    -------
    str
        One ``<svg>`` element. A dot is a seed, a bar their median, a diamond the published value.
    """
    # A title may be longer than its columns are wide.
    width = max(LEFT + RIGHT + STEP * max(len(columns), 1), LEFT + round(LETTER * len(title)))
    # Names end below their column and begin to the left of it.
    before = max([0, *(_overhang(column.name, place) for place, column in enumerate(columns))])
    words = html.escape(f"{title}: " + "; ".join(_said(column) for column in columns))
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="dots" role="img" aria-label="{words}" '
        f'viewBox="0 0 {width + before} {HEIGHT}" width="{width + before}" '
        'font-family="system-ui,sans-serif" font-size="11" fill="currentColor">',
        f'<g transform="translate({before} 0)">',
        f'<text x="{LEFT}" y="13" font-size="12.5" font-weight="600">{html.escape(title)}</text>',
        _grid(axis, width),
        *(_column(column, place, axis) for place, column in enumerate(columns)),
        "</g></svg>",
    ]
    return "".join(parts)


def median(values: Sequence[float]) -> float:
    """Take the middle of the finite values.

    Parameters
    ----------
    values
        Numbers, of which at least one is finite.

    Returns
    -------
    float
        The mean of the two in the middle where their number is even.
    """
    ordered = sorted(value for value in values if math.isfinite(value))
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def columns_of(
    rows: Sequence[Mapping[str, object]], published: Mapping[str, float], order: Sequence[str]
) -> list[Column]:
    """Put records into columns.

    Parameters
    ----------
    rows
        Records with ``name`` and ``value``.
    published
        Published values by name.
    order
        Names in the order they shall have; others follow by themselves.

    Returns
    -------
    list of Column
        One a name that has a value or a published value.
    """
    values: dict[str, list[float]] = {name: [] for name in order}
    for row in rows:
        values.setdefault(str(row["name"]), []).append(float(str(row["value"])))
    for name in published:
        values.setdefault(name, [])
    kept = (name for name in values if values[name] or name in published)
    return [Column(name, values[name], published.get(name)) for name in kept]


def _shown(column: Column) -> list[float]:
    extra = [] if column.published is None else [column.published]
    return [value for value in (*column.values, *extra) if math.isfinite(value)]


def _said(column: Column) -> str:
    finite = [value for value in column.values if math.isfinite(value)]
    ours = f"median {median(finite):.3f} of {len(finite)}" if finite else "not run"
    paper = "" if column.published is None else f", published {column.published:.3f}"
    return f"{column.name} {ours}{paper}"


def _step(span: float) -> float:
    """Round distance between ticks: 1, 2 or 5 times a power of ten."""
    rough = max(span, 0.01) / 4
    power = 10.0 ** math.floor(math.log10(rough))
    return next(power * factor for factor in (1, 2, 5, 10) if power * factor >= rough * 0.999)


def _y(value: float, axis: tuple[float, float]) -> float:
    return HEIGHT - FOOT - (value - axis[0]) / (axis[1] - axis[0]) * (HEIGHT - FOOT - TOP)


def _grid(axis: tuple[float, float], width: int) -> str:
    step = _step(axis[1] - axis[0])
    first, last = math.ceil(axis[0] / step - 1e-9), math.floor(axis[1] / step + 1e-9)
    digits = max(0, -math.floor(math.log10(step) + 1e-9))
    parts = []
    for tick in range(first, last + 1):
        value = tick * step
        y = _y(value, axis)
        parts.append(
            f'<path d="M{LEFT} {y:.1f}H{width - RIGHT}" stroke="currentColor" opacity=".15"/>'
            f'<text x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{value:.{digits}f}</text>'
        )
    return "".join(parts)


def _overhang(name: str, place: int) -> int:
    """Measure how far a name reaches beyond the left end of the panel, in px."""
    reach = len(name) * NAME_LETTER * math.cos(math.radians(TILT))
    return math.ceil(reach - LEFT - STEP * (place + 0.5))


def _column(column: Column, place: int, axis: tuple[float, float]) -> str:
    x = LEFT + STEP * (place + 0.5)
    finite = [value for value in column.values if math.isfinite(value)]
    parts = [
        # Seeds stand side by side, so that equal values are seen.
        f'<circle cx="{x + 6 * (n - (len(finite) - 1) / 2) / max(len(finite) / 5, 1):.1f}" '
        f'cy="{_y(value, axis):.1f}" r="2.6" class="seed" fill="#2057a7" fill-opacity=".75"/>'
        for n, value in enumerate(finite)
    ]
    if len(finite) > 1:
        y = _y(median(finite), axis)
        parts.append(
            f'<path d="M{x - 16:.1f} {y:.1f}h32" class="seed" stroke="#2057a7" stroke-width="2"/>'
        )
    if column.published is not None and math.isfinite(column.published):
        y = _y(column.published, axis)
        parts.append(
            f'<path d="M{x:.1f} {y - 5:.1f}l5 5l-5 5l-5 -5z" class="paper" fill="none" '
            'stroke="#b3232f" stroke-width="1.6"/>'
        )
    foot = HEIGHT - FOOT + 14
    parts.append(
        f'<text x="{x:.1f}" y="{foot}" text-anchor="end" '
        f'transform="rotate({-TILT} {x:.1f} {foot})">{html.escape(column.name)}</text>'
    )
    return "".join(parts)
