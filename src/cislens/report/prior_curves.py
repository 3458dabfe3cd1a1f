"""What a network's explanations cost it, epoch by epoch, as panels below its learning curves."""

import html
import math
from collections.abc import Iterable, Sequence

from cislens.report import curves
from cislens.report.curves import HEIGHT, LEFT, RIGHT, WIDTH, Axes, Row

PREFIX, WEIGHT = "prior_", "prior_weight"
COLOURS = ("#b0612a", "#3f8f6b", "#8455a8", "#9a8416", "#5a6b7d")
"""One for each prior, as many as there are."""


def terms(history: Sequence[Row]) -> list[str]:
    """Name the priors of a training.

    Parameters
    ----------
    history
        One row an epoch.

    Returns
    -------
    list of str
        None where it had none.
    """
    columns = history[0] if history else {}
    return [
        name.removeprefix(PREFIX) for name in columns if name.startswith(PREFIX) and name != WEIGHT
    ]


def axes(histories: Iterable[Sequence[Row]]) -> Axes:
    """Find axes that hold the priors of every history.

    Parameters
    ----------
    histories
        The epochs of each model; those without a prior count for the epochs alone.

    Returns
    -------
    Axes
        As `curves.around` finds them; priors that differ much are drawn on a logarithmic axis.
    """
    every = list(histories)
    values = [row[PREFIX + name] for history in every for name in terms(history) for row in history]
    return curves.around([row for history in every for row in history], values)


def svg(history: Sequence[Row], *, name: str, frame: Axes) -> str:
    """Draw the priors of one model by epoch.

    Parameters
    ----------
    history
        One row an epoch; epochs of the warm-up, which have no prior, leave a gap.
    name
        Name of the model, written above the panel.
    frame
        The axes, from `axes` of all models that stand side by side.

    Returns
    -------
    str
        One ``<svg>`` element; empty where the model had no prior.
    """
    mine = terms(history)
    if not mine:
        return ""
    words = html.escape(f"Attribution prior of {name}: {', '.join(mine)} by epoch")
    chosen = list(zip(mine, COLOURS, strict=False))
    names = " ".join(
        f'<tspan style="fill:{colour}">{html.escape(term)}</tspan>' for term, colour in chosen
    )
    lines = "".join(
        curves.line(history, PREFIX + term, frame, look=f'class="prior" stroke="{colour}"')
        for term, colour in chosen
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="curves" role="img" aria-label="{words}" '
        f'viewBox="0 0 {WIDTH} {HEIGHT}" font-family="system-ui,sans-serif" font-size="11" '
        f'fill="currentColor"><text x="{LEFT}" y="13" font-size="12.5" font-weight="600">'
        f"{html.escape(name)}: prior{_weight(history)}</text>"
        f'<text x="{WIDTH - RIGHT}" y="13" text-anchor="end" font-weight="600">{names}</text>'
        f"{curves.grid(frame)}{lines}</svg>"
    )


def _weight(history: Sequence[Row]) -> str:
    """Say what the weights of the priors were multiplied by in the last epoch."""
    weight = history[-1].get(WEIGHT, math.nan)
    return f", weights × {weight:.3g}" if math.isfinite(weight) else ""
