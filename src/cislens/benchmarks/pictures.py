"""Figures drawn from the files of pieces, and scatters of records beside `suite.Figure`."""

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from cislens.jobs.plan import Piece


class Part(NamedTuple):
    """One piece that a picture shows.

    Attributes
    ----------
    name
        What stands beside its drawing, such as an activation.
    piece
        Whose files are drawn.
    panel
        The panel that it stands in; parts of one panel share their axes.
    role
        What its files are to the picture, where a kind wants several, such as "truth".
    settings
        How this part is drawn; what they may be is said by the kind.
    """

    name: str
    piece: Piece
    panel: str = ""
    role: str = ""
    settings: dict[str, Any] = {}  # noqa: RUF012 - never written to


@dataclass(frozen=True)
class Picture:
    """A figure made of files.

    Attributes
    ----------
    title
        Which figure of the paper, and what it shows.
    kind
        How it is drawn: a key of `cislens.report.pictures.KINDS`.
    parts
        What it shows, in order; those that are not done are left out.
    caption
        What to see.
    settings
        How it is drawn; what they may be is said by the kind.
    """

    title: str
    kind: str
    parts: tuple[Part, ...] = ()
    caption: str = ""
    settings: dict[str, Any] = field(default_factory=dict)

    def record(self) -> dict[str, Any]:
        """Give it as JSON holds it, pieces by identity and label.

        Returns
        -------
        dict
            What `cislens.report` reads.
        """
        return {
            "title": self.title,
            "kind": self.kind,
            "caption": self.caption,
            "settings": self.settings,
            "parts": [
                {
                    "name": part.name,
                    "panel": part.panel,
                    "role": part.role,
                    "settings": part.settings,
                    "result": part.piece.identity,
                    "label": part.piece.label,
                }
                for part in self.parts
            ],
        }


@dataclass(frozen=True)
class Scatter:
    """Records against records: one point a name, one axis a model or the like.

    Attributes
    ----------
    title
        Which figure of the paper, and what it shows.
    metric
        Which metric is drawn, on both axes.
    across
        The column whose values are points.
    axes
        The column whose values are axes.
    pair
        The value of the horizontal axis, and that of the vertical one.
    where
        Other columns and the values that are drawn.
    order
        Names in the order of their colours; others follow.
    caption
        What to see.
    """

    title: str
    metric: str
    across: str
    axes: str
    pair: tuple[str, str]
    where: dict[str, list[str]] = field(default_factory=dict)
    order: tuple[str, ...] = ()
    caption: str = ""
