"""A picture of a benchmark whose results have been found."""

from pathlib import Path
from typing import Any, NamedTuple


class Part(NamedTuple):
    """One result that a picture shows."""

    name: str
    panel: str
    role: str
    folder: Path
    """Its files."""
    settings: dict[str, Any]


class Picture(NamedTuple):
    """What is drawn, as far as it is there."""

    title: str
    kind: str
    caption: str
    settings: dict[str, Any]
    parts: list[Part]
