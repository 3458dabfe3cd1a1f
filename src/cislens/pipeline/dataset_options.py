"""Options of the verbs that look at datasets and get published ones."""

from dataclasses import dataclass, field
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


@dataclass(frozen=True)
class Fetch:
    """Options of `cislens data fetch`.

    Attributes
    ----------
    name
        A published dataset; without one the catalogue is listed.
    out
        The folder it goes to; data/NAME where it is not given.
    from_
        A folder that holds the files already; nothing is downloaded.
    genome
        The genome that the dataset's sequences are cut out of, for those that bring none.
    sha256
        Checksums that files must have, by name, over those of the catalogue.
    list
        List the catalogue.
    """

    name: str | None = None
    out: Path | None = None
    from_: Path | None = None
    genome: Path | None = None
    sha256: dict[str, str] = field(default_factory=dict)
    list: bool = False
