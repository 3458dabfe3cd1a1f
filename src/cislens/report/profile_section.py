"""The section of predicted against measured profiles: their mean, and windows from good to bad."""

from pathlib import Path
from typing import Any, NamedTuple

from markupsafe import Markup

from cislens.errors import UserError
from cislens.report import files, numerals, strands

NAME = "profiles.json"
WANTED = {"tasks": files.LIST}
TASK = {"task": files.TEXT, "peaks": files.NUMBER, "mean": files.OBJECT, "windows": files.LIST}
WINDOW = {
    "name": files.TEXT,
    "quantile": files.NUMBER,
    "jsd": files.NUMBER,
    "counts": files.NUMBER,
    "expected": files.NUMBER,
    "measured": files.LIST,
    "predicted": files.LIST,
}


class Pair(NamedTuple):
    """Measured and predicted profiles of one window, or of the mean of all."""

    heading: str
    measured: Markup
    predicted: Markup


class Panel(NamedTuple):
    """Profiles of one task of one model."""

    model: str
    task: str
    pairs: list[Pair]


def read(run: Path) -> list[Panel]:
    """Draw the profiles of all models of a run.

    Parameters
    ----------
    run
        The run folder.

    Returns
    -------
    list of Panel
        In order of the models; none if no model predicts profiles.

    Raises
    ------
    UserError
        If a file of them is broken.
    """
    panels = []
    for path in sorted(run.glob(f"models/[!.]*/{NAME}")):
        stored = files.json_object(path, wanted=WANTED)
        for number, task in enumerate(stored["tasks"]):
            place = f"{path}: tasks[{number}]"
            files.check_keys(task, wanted=TASK, place=place)
            panels.append(Panel(path.parent.name, task["task"], _pairs(task, place)))
    return panels


def _pairs(task: dict[str, Any], place: str) -> list[Pair]:
    mean = f"Mean of {numerals.count(task['peaks'])} peaks, each counting alike"
    pairs = [_pair(mean, task["mean"], place)]
    for number, window in enumerate(task["windows"]):
        files.check_keys(window, wanted=WINDOW, place=f"{place}: windows[{number}]")
        heading = (
            f"{window['name']}: {_rank(window['quantile'])}, divergence "
            f"{numerals.fixed(window['jsd'])} nats, {numerals.count(round(window['counts']))} "
            f"counts, {numerals.count(round(window['expected']))} expected"
        )
        pairs.append(_pair(heading, window, place))
    return pairs


def _rank(quantile: float) -> str:
    if quantile == 0.5:
        return "the median window"
    return f"better than {round(100 * (1 - quantile))} % of windows"


def _pair(heading: str, shares: dict[str, Any], place: str) -> Pair:
    try:
        drawn = [
            Markup(strands.svg(shares[name], name=f"{name}: {heading}", axis=name == "predicted"))  # noqa: S704  escapes its texts
            for name in ("measured", "predicted")
        ]
    except (KeyError, TypeError, IndexError) as error:
        raise UserError(
            f"{place}: no profiles of numbers; write them again with `cislens evaluate`"
        ) from error
    return Pair(heading, *drawn)
