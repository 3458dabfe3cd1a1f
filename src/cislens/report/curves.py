"""Learning curves as small SVG panels that share their axes."""

import html
import itertools
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from cislens.report import numerals

Row = Mapping[str, float]
"""One epoch: ``epoch``, ``train_loss``, ``validation_loss`` and ``learning_rate``."""

WIDTH, HEIGHT = 420, 236
LEFT, RIGHT, TOP, BOTTOM = 46, 12, 26, 32
LOG_RATIO = 30.0
"""Losses that span more than this factor are drawn on a logarithmic axis."""
LABEL_GAP = 44.0
"""Learning rates are written only where the one before is this many px away."""


@dataclass(frozen=True)
class Axes:
    """The common range of several panels."""

    epochs: tuple[float, float]
    """First and last epoch."""
    losses: tuple[float, float]
    """Lowest and highest loss shown."""
    logarithmic: bool
    """Whether the loss axis is logarithmic."""

    def x(self, epoch: float) -> float:
        """Place an epoch.

        Parameters
        ----------
        epoch
            The epoch.

        Returns
        -------
        float
            Distance from the left edge of the panel, in px.
        """
        first, last = self.epochs
        return LEFT + (epoch - first) / max(last - first, 1e-9) * (WIDTH - LEFT - RIGHT)

    def y(self, loss: float) -> float:
        """Place a loss.

        Parameters
        ----------
        loss
            The loss; positive where the axis is logarithmic.

        Returns
        -------
        float
            Distance from the top edge of the panel, in px.
        """
        bend: Callable[[float], float] = math.log10 if self.logarithmic else float
        low, high = (bend(limit) for limit in self.losses)
        return HEIGHT - BOTTOM - (bend(loss) - low) / (high - low) * (HEIGHT - BOTTOM - TOP)


def axes(histories: Iterable[Sequence[Row]]) -> Axes:
    """Find axes that hold every history.

    Parameters
    ----------
    histories
        The epochs of each model.

    Returns
    -------
    Axes
        Round limits around all finite losses; from 0 to 1 where there is none.
    """
    rows = [row for history in histories for row in history]
    return around(rows, [loss for row in rows for loss in _losses(row)])


def around(rows: Sequence[Row], values: Iterable[float]) -> Axes:
    """Find axes that hold some epochs and some values.

    Parameters
    ----------
    rows
        The epochs.
    values
        What is drawn at them.

    Returns
    -------
    Axes
        Round limits around all finite values; from 0 to 1 where there is none.
    """
    epochs = [row["epoch"] for row in rows] or [1.0]
    known = [value for value in values if math.isfinite(value)] or [0.0, 1.0]
    low, high = min(known), max(known)
    if low > 0 and high / low > LOG_RATIO:
        limits = (10.0 ** math.floor(math.log10(low)), 10.0 ** math.ceil(math.log10(high)))
        return Axes((min(epochs), max(epochs)), limits, logarithmic=True)
    step = _step(high - low or abs(high) or 1.0)
    floor = math.floor(low / step + 1e-9) * step
    ceiling = max(math.ceil(high / step - 1e-9) * step, floor + step)
    return Axes((min(epochs), max(epochs)), (floor, ceiling), logarithmic=False)


def svg(history: Sequence[Row], *, name: str, best_epoch: float | int | None, frame: Axes) -> str:
    """Draw the losses of one model by epoch.

    Parameters
    ----------
    history
        One row an epoch; losses that are not finite leave a gap.
    name
        Name of the model, written above the panel.
    best_epoch
        The epoch whose weights were kept, marked with a ring; None marks nothing.
    frame
        The axes, from ``axes`` of all models that stand side by side.

    Returns
    -------
    str
        One ``<svg>`` element. Colours follow the classes ``train`` and ``validation`` of a page
        and fall back to grey and blue.
    """
    words = html.escape(f"Learning curves of {name}: training and validation loss by epoch")
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="curves" role="img" aria-label="{words}" '
        f'viewBox="0 0 {WIDTH} {HEIGHT}" font-family="system-ui,sans-serif" font-size="11" '
        'fill="currentColor">',
        f'<text x="{LEFT}" y="13" font-size="12.5" font-weight="600">{html.escape(name)}</text>',
        grid(frame),
        _drops(history, frame),
        line(history, "train_loss", frame, look='class="train" stroke="#8d96a3"'),
        line(history, "validation_loss", frame, look='class="validation" stroke="#2057a7"'),
        _best(history, best_epoch, frame),
        "</svg>",
    ]
    return "".join(parts)


def ticks(low: float, high: float, *, about: int = 4) -> list[float]:
    """Place ticks at round distances.

    Parameters
    ----------
    low
        Lower end of the axis.
    high
        Its upper end.
    about
        How many ticks there are, roughly.

    Returns
    -------
    list of float
        Multiples of 1, 2 or 5 times a power of ten within the axis; none where it has no extent.
    """
    return _ticks(low, high, _step(high - low, about=about)) if high > low else []


def _losses(row: Row) -> tuple[float, float]:
    return row["train_loss"], row["validation_loss"]


def _step(span: float, *, about: int = 4) -> float:
    """Round distance between ticks: 1, 2 or 5 times a power of ten."""
    rough = span / about
    power = 10.0 ** math.floor(math.log10(rough))
    return next(power * factor for factor in (1, 2, 5, 10) if power * factor >= rough * 0.999)


def _ticks(low: float, high: float, step: float) -> list[float]:
    first = math.ceil(low / step - 1e-9)
    return [index * step for index in range(first, math.floor(high / step + 1e-9) + 1)]


def _loss_ticks(frame: Axes) -> list[float]:
    low, high = frame.losses
    if not frame.logarithmic:
        return _ticks(low, high, _step(high - low))
    decades = range(round(math.log10(low)), round(math.log10(high)) + 1)
    return [10.0**power for power in decades[:: 1 + len(decades) // 8]]


def grid(frame: Axes) -> str:
    """Draw the axes of a panel.

    Parameters
    ----------
    frame
        The axes.

    Returns
    -------
    str
        Parts of an ``<svg>`` element.
    """
    bottom, right = HEIGHT - BOTTOM, WIDTH - RIGHT
    first, last = frame.epochs
    lines = "".join(
        f'<path d="M{LEFT} {frame.y(loss):.1f}H{right}" stroke="currentColor" '
        f'stroke-opacity=".13"/><text x="{LEFT - 7}" y="{frame.y(loss) + 4:.1f}" '
        f'text-anchor="end" opacity=".75">{loss:g}</text>'
        for loss in (round(tick, 12) for tick in _loss_ticks(frame))
    )
    epochs = "".join(
        f'<text x="{frame.x(epoch):.1f}" y="{bottom + 15}" text-anchor="middle" '
        f'opacity=".75">{epoch:g}</text>'
        for epoch in _epoch_ticks(first, last)
    )
    middle = (LEFT + right) / 2
    return (
        f'{lines}<path d="M{LEFT} {bottom}H{right}" stroke="currentColor" stroke-opacity=".5"/>'
        f'{epochs}<text x="{middle}" y="{HEIGHT - 3}" text-anchor="middle" opacity=".75">'
        "epoch</text>"
    )


def _epoch_ticks(first: float, last: float) -> list[float]:
    step = max(1.0, _step(max(last - first, 1.0), about=6))
    inner = [tick for tick in _ticks(first, last, step) if tick - first >= step / 2]
    return [first, *inner]


def _drops(history: Sequence[Row], frame: Axes) -> str:
    """Mark where the learning rate falls."""
    parts, written = [], -math.inf
    for before, row in itertools.pairwise(history):
        if not row["learning_rate"] < before["learning_rate"]:
            continue
        x = frame.x(row["epoch"])
        parts.append(
            f'<path class="drop" d="M{x:.1f} {TOP}V{HEIGHT - BOTTOM}" stroke="currentColor" '
            'stroke-opacity=".4" stroke-dasharray="2 3"/>'
        )
        if x - written >= LABEL_GAP and x + LABEL_GAP <= WIDTH:
            written = x
            parts.append(
                f'<text x="{x + 3:.1f}" y="{TOP + 9}" font-size="9.5" opacity=".75">'
                f"lr {numerals.rate(row['learning_rate'])}</text>"
            )
    return "".join(parts)


def line(history: Sequence[Row], column: str, frame: Axes, *, look: str) -> str:
    """Draw a column of a history.

    Parameters
    ----------
    history
        One row an epoch; values that are not finite leave a gap.
    column
        Which.
    frame
        The axes.
    look
        Attributes of the line.

    Returns
    -------
    str
        One ``<path>`` element; nothing where there is nothing to draw.
    """
    path, pen = [], "M"
    for row in history:
        if not math.isfinite(row[column]):
            pen = "M"
            continue
        path.append(f"{pen}{frame.x(row['epoch']):.1f} {frame.y(row[column]):.1f}")
        pen = "L"
    if not path:
        return ""
    return (
        f'<path {look} d="{"".join(path)}" fill="none" stroke-width="2" stroke-linejoin="round" '
        'stroke-linecap="round"/>'
    )


def _best(history: Sequence[Row], best_epoch: float | int | None, frame: Axes) -> str:
    for row in history:
        if row["epoch"] == best_epoch and math.isfinite(row["validation_loss"]):
            x, y = frame.x(row["epoch"]), frame.y(row["validation_loss"])
            above = y - TOP > 24
            anchor = "end" if x > WIDTH - RIGHT - 40 else "middle"
            return (
                f'<circle class="best" cx="{x:.1f}" cy="{y:.1f}" r="4.5" fill="none" '
                f'stroke="#b3232f" stroke-width="2"/><text x="{x:.1f}" '
                f'y="{y - 10 if above else y + 18:.1f}" text-anchor="{anchor}" '
                f'font-weight="600">best: epoch {best_epoch:g}</text>'
            )
    return ""
