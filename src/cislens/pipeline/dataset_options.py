"""Options of the verbs that look at datasets and get published ones."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Inspect:
    """Options of `cislens data inspect`.

    Attributes
    ----------
    data
        A dataset (.zarr).
    out
        A page to write (.html) with tables and figures; only text is printed without it.
    overwrite
        Replace an existing page.
    """

    data: Path
    out: Path | None = None
    overwrite: bool = False
