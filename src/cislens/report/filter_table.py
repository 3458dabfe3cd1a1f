"""The filters of a model as rows of a table: what each looks like and what it resembles."""

import math
from collections import defaultdict
from typing import NamedTuple

from markupsafe import Markup

from cislens.report import alignment, files, importance, logo
from cislens.report.folder import ModelFolder

LOGO_HEIGHT = 34.0
"""Height of a logo in the table, in px."""
LIKELY_E = 0.1
"""Matches with a larger E-value are set in grey (the threshold of Koo and Ploenzke 2021)."""


class FilterRow(NamedTuple):
    """One filter with a motif."""

    name: str
    number: float
    state: str
    logo: Markup
    consensus: str
    information: float
    sites: float
    target: str
    label: str
    others: list[str]
    e: float
    q: float
    explained: float
    likely: bool
    factor: str | None
    needed: importance.Needed | None


def rows(model: ModelFolder, *, letters: str) -> list[FilterRow]:
    """Describe every filter that has a motif, the surest match first.

    Parameters
    ----------
    model
        The model's files.
    letters
        Letters of the four rows of a motif.

    Returns
    -------
    list of FilterRow
        By q-value, then by information; filters without a match last.
    """
    matches = defaultdict(list)
    for match in model.matches:
        matches[match["query"]].append(match)
    needed = importance.needed(model)
    found = [
        _row(model, row, matches[row["name"]], letters=letters)._replace(
            needed=needed.get(row["name"])
        )
        for row in model.filters
        if row["name"] in model.motifs
    ]
    return sorted(found, key=lambda row: (_last(row.q), _last(row.e), -row.information))


def silent(model: ModelFolder) -> dict[str, list[str]]:
    """List the filters without a motif by the reason.

    Parameters
    ----------
    model
        The model's files.

    Returns
    -------
    dict
        State, such as "dead", to the names of its filters.
    """
    names = defaultdict(list)
    for row in model.filters:
        if row["name"] not in model.motifs:
            names[row["state"]].append(row["name"])
    return dict(names)


def _row(
    model: ModelFolder, row: files.Row, matches: list[files.Row], *, letters: str
) -> FilterRow:
    best = matches[0] if matches else None
    return FilterRow(
        name=row["name"],
        number=row["filter"],
        state=row["state"],
        logo=Markup(_drawing(model, row["name"], best, letters=letters)),  # noqa: S704  ours
        consensus=row["consensus"],
        information=row["information"],
        sites=row["nsites"],
        target=best["target"] if best else "",
        label=best["target_label"] if best else "",
        others=_others(matches),
        e=best["e"] if best else math.nan,
        q=best["q"] if best else math.nan,
        explained=best["explained"] if best else math.nan,
        likely=best is not None and best["e"] <= LIKELY_E,
        factor=((model.recovery or {}).get("per_filter") or {}).get(row["name"]),
        needed=None,
    )


def _drawing(model: ModelFolder, name: str, best: files.Row | None, *, letters: str) -> str:
    motif = model.motifs[name]
    if best is None:
        return logo.svg(motif, height=LOGO_HEIGHT, letters=letters, shared=True)
    return alignment.svg(
        motif,
        model.matched[best["target"]],
        offset=int(best["offset"]),
        strand=best["strand"],
        height=LOGO_HEIGHT,
        letters=letters,
    )


def _others(matches: list[files.Row]) -> list[str]:
    """Name up to two further matches that are likely, each once."""
    names = [row["target_label"] or row["target"] for row in matches if row["e"] <= LIKELY_E]
    return [name for name in dict.fromkeys(names) if name != (names or [""])[0]][:2]


def _last(value: float) -> float:
    return math.inf if math.isnan(value) else value
