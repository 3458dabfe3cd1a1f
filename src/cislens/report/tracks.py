"""Maps as tracks: signed letters of a stretch below a bar of the whole sequence, and the truth."""

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float, UInt8
from numpy.typing import NDArray

from cislens.errors import UserError
from cislens.report import _frame
from cislens.report._frame import Stretch

Scores = Float[np.ndarray, " length"]

HEIGHT, MARGIN = 54.0, 5.0
"""Height of the letters and of the room around them, in px."""
ALIKE = 0.98
"""Share of the most importance that a stretch may hold and still count as good."""
INVISIBLE = 0.25
"""Letters lower than this, in px, are left out."""


def stretch(tracks: Sequence[Scores], *, width: int = _frame.WIDTH) -> Stretch:
    """Find the stretch that holds most of the importance.

    Parameters
    ----------
    tracks
        Maps of one sequence; each counts alike, whatever its unit.
    width
        Bases to find; a shorter sequence is taken whole.

    Returns
    -------
    tuple of int
        First base, and one past the last.
    """
    length = len(tracks[0])
    if length <= width:
        return 0, length
    total = np.zeros(length)
    for scores in tracks:
        weight = np.abs(scores).astype(np.float64)
        total += weight / (weight.sum() or 1.0)
    sums = np.convolve(total, np.ones(width), mode="valid")
    best = int(np.argmax(sums))
    # Of neighbours that hold nearly as much, the middle one: what matters stands off the ends.
    poor = np.flatnonzero(sums < ALIKE * sums[best])
    first = int(poor[poor < best].max(initial=-1)) + 1
    last = int(poor[poor > best].min(initial=len(sums))) - 1
    start = (first + last) // 2
    return start, start + width


def svg(
    scores: Scores,
    codes: UInt8[np.ndarray, " length"],
    *,
    shown: Stretch,
    words: str,
    letters: str = "ACGT",
) -> str:
    """Draw one map: a bar of the whole sequence, and the letters of a stretch below it.

    Letters are as high as their score, upwards where it is positive and below the axis where it is
    negative; the highest fills the track. Without a bar if the stretch is the whole sequence.

    Parameters
    ----------
    scores
        One number a base.
    codes
        The bases, A C G T N = 0..4.
    shown
        First base of the stretch, and one past the last.
    words
        What a screen reader says.
    letters
        One letter for each code below 4.

    Returns
    -------
    str
        One ``<svg>`` element that points to the letters of ``glyphs.sheet()`` on the same page.

    Raises
    ------
    UserError
        If the stretch does not lie in the sequence, or a score is not finite.
    """
    start, end = shown
    _check(scores, shown)
    here = scores[start:end].astype(np.float64)
    top, bottom = max(float(here.max()), 0.0), min(float(here.min()), 0.0)
    span = (top - bottom) or 1.0
    head = _frame.head(len(scores), shown)
    foot = head + MARGIN
    axis = foot + top / span * HEIGHT
    height = foot + HEIGHT + MARGIN
    parts = [
        _frame.opening("track", height, columns=end - start, words=words),
        _bar(scores, shown),
        _scale(foot, top=top, bottom=bottom, axis=axis),
        f'<path d="M{_frame.LEFT:g} {axis:.1f}H{_frame.x(end - start):g}" stroke="currentColor" '
        'stroke-opacity=".4"/>',
        *(
            _letter(letters[code], place, score, axis=axis, scale=HEIGHT / span)
            for place, (code, score) in enumerate(zip(codes[start:end], here, strict=True))
            if code < len(letters) and abs(score) / span * HEIGHT >= INVISIBLE
        ),
        "</svg>",
    ]
    return "".join(parts)


def _check(scores: NDArray, shown: Stretch) -> None:
    start, end = shown
    if not 0 <= start < end <= len(scores):
        raise UserError(
            f"shown={shown}: the sequence has {len(scores)} bp; a stretch of it is wanted"
        )
    if not np.isfinite(scores).all():
        raise UserError("scores: hold NaN or infinity; the map cannot be drawn")


def _letter(letter: str, place: int, score: float, *, axis: float, scale: float) -> str:
    """Letters stand in a unit square, y upwards; those below the axis stand upright, too."""
    high = abs(score) * scale
    bottom = axis if score > 0 else axis + high
    x = _frame.x(place)
    return (
        f'<use href="#base-{letter}" transform="matrix({_frame.STEP:g} 0 0 {-high:.2f} {x:g} '
        f'{bottom:.2f})"/>'
    )


def _scale(foot: float, *, top: float, bottom: float, axis: float) -> str:
    """Write the highest, the lowest and the zero, where they do not meet."""
    left = _frame.LEFT
    marks = [(0.0, axis)]
    if top:
        marks.append((top, foot))
    if bottom and foot + HEIGHT - axis > 11:
        marks.append((bottom, foot + HEIGHT))
    if top and axis - foot < 11:
        marks.pop(1)
    return "".join(
        f'<path d="M{left - 4:g} {y:.1f}h4" stroke="currentColor" stroke-opacity=".5"/>'
        f'<text x="{left - 7:g}" y="{y + 3.3:.1f}" text-anchor="end" opacity=".75">'
        f"{_number(value)}</text>"
        for value, y in marks
    )


def _number(value: float) -> str:
    return f"{value:.2g}".replace("-", "−") if value else "0"


def _bar(scores: NDArray, shown: Stretch) -> str:
    """Draw the whole sequence in one row: highest and lowest score of each px."""
    if shown == (0, len(scores)):
        return ""
    pixels = int((shown[1] - shown[0]) * _frame.STEP)
    count = min(pixels, len(scores))
    edges = np.linspace(0, len(scores), count + 1).astype(int)[:-1]
    high = np.maximum(np.maximum.reduceat(scores, edges), 0)
    low = np.minimum(np.minimum.reduceat(scores, edges), 0)
    span = float(high.max() - low.min()) or 1.0
    axis = float(high.max()) / span * _frame.BAR
    wide = pixels / count
    lines = "".join(
        f"M{_frame.LEFT + (place + 0.5) * wide:.1f} {axis - up / span * _frame.BAR:.1f}"
        f"V{axis - down / span * _frame.BAR:.1f}"
        for place, (up, down) in enumerate(zip(high, low, strict=True))
        if (up - down) / span * _frame.BAR >= INVISIBLE
    )
    return (
        f"{_frame.zoom(len(scores), shown)}"
        f'<path class="bar" d="{lines}" stroke="currentColor" stroke-width="{max(1, wide):.2f}" '
        'fill="none"/>'
    )
