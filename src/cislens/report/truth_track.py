"""Planted motifs of a sequence, above the tracks of its maps."""

import html
from collections.abc import Sequence

from cislens.maps.sequences import Site
from cislens.report import _frame
from cislens.report._frame import Stretch

LANE = 15.0
"""Height of a row of planted motifs, in px."""
LETTER = 7.0
"""Width of a letter of a label, in px, about."""


def svg(sites: Sequence[Site], *, length: int, shown: Stretch, mine: set[int]) -> str:
    """Draw where motifs were planted, on the axes of the tracks below, with positions.

    Parameters
    ----------
    sites
        The planted motifs; may be empty.
    length
        Length of the sequence.
    shown
        The stretch that is drawn in letters.
    mine
        Places in ``sites`` of those that the target stands for, drawn stronger.

    Returns
    -------
    str
        One ``<svg>`` element.
    """
    start, end = shown
    rows = _rows(sites)
    head = _frame.head(length, shown)
    foot = head + LANE * (max(rows, default=-1) + 1)
    words = "Planted: " + (", ".join(f"{s.label} at {s.start + 1}" for s in sites) or "nothing")
    return "".join(
        [
            _frame.opening("truth", foot + 17, columns=end - start, words=words),
            _planted_bar(sites, length, shown, mine),
            *(
                _site(site, shown, top=head + LANE * row, strong=number in mine)
                for number, (site, row) in enumerate(zip(sites, rows, strict=True))
                if site.end > start and site.start < end
            ),
            _positions(shown, foot),
            "</svg>",
        ]
    )


def _planted_bar(sites: Sequence[Site], length: int, shown: Stretch, mine: set[int]) -> str:
    if shown == (0, length):
        return ""
    scale = (shown[1] - shown[0]) * _frame.STEP / length
    return _frame.zoom(length, shown) + "".join(
        f'<rect x="{_frame.LEFT + site.start * scale:.1f}" y="4" '
        f'width="{max(1.5, (site.end - site.start) * scale):.1f}" height="8" '
        f'fill-opacity="{0.8 if number in mine else 0.3}"/>'
        for number, site in enumerate(sites)
    )


def _rows(sites: Sequence[Site]) -> list[int]:
    """Give each site the first row in which it meets no other."""
    ends: list[int] = []
    rows: list[int] = []
    for site in sites:
        row = next((row for row, end in enumerate(ends) if end <= site.start), len(ends))
        ends[row : row + 1] = [site.end]
        rows.append(row)
    return rows


def _site(site: Site, shown: Stretch, *, top: float, strong: bool) -> str:
    """Draw a box that points along the strand of its motif, with its name."""
    first, last = max(site.start, shown[0]), min(site.end, shown[1])
    x, wide = (
        _frame.x(first - shown[0]),
        (last - first) * _frame.STEP,
    )
    cut = site.end > shown[1] if site.strand == "+" else site.start < shown[0]
    tip = 0.0 if cut else min(4.0, wide / 2)
    middle, foot = top + (LANE - 3) / 2, top + LANE - 3
    near, far = (x, x + wide) if site.strand == "+" else (x + wide, x)
    neck = far - tip if site.strand == "+" else far + tip
    outline = f"M{near:g} {top:g}H{neck:g}L{far:g} {middle:g}L{neck:g} {foot:g}H{near:g}Z"
    label = site.label or site.name
    words = html.escape(f"{label} ({site.name}), {site.start + 1} to {site.end}, {site.strand}")
    fits = len(label) * LETTER <= wide
    text = (
        f'<text x="{x + wide / 2:g}" y="{foot - 2.6:.1f}" text-anchor="middle" '
        f'font-weight="600">{html.escape(label)}</text>'
        if fits
        else ""
    )
    weight = ".28" if strong else ".1"
    return f'<g><title>{words}</title><path d="{outline}" fill-opacity="{weight}"/>{text}</g>'


def _positions(shown: Stretch, top: float) -> str:
    start, end = shown
    tens = [place for place in range(start, end) if (place + 1) % 10 == 0 and place - start > 3]
    return "".join(
        f'<path d="M{x:g} {top + 1:g}v3" stroke="currentColor" stroke-opacity=".5"/>'
        f'<text x="{x:g}" y="{top + 13:g}" text-anchor="middle" opacity=".75">{place + 1}</text>'
        for place in [start, *tens]
        if (x := _frame.x(place - start + 0.5))
    )
