"""What is known of a published dataset before it is fetched."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Remote:
    """A file to be fetched.

    Attributes
    ----------
    name
        Its name in the folder of the dataset, and in a local copy.
    url
        Its address, http or https.
    sha256
        Checksum of the file; None where nobody who wrote this catalogue could read the file.
    size
        Bytes, where they are known.
    """

    name: str
    url: str
    sha256: str | None = None
    size: int | None = None


Prepare = Callable[[Path, Path | None], None]
"""Makes of the files in a folder (and of a genome) what `cislens data` reads."""


def as_it_is(folder: Path, genome: Path | None) -> None:
    """Leave the files as they came.

    Parameters
    ----------
    folder
        Where they are.
    genome
        Not needed.
    """


@dataclass(frozen=True)
class Card:
    """A published dataset.

    Attributes
    ----------
    title
        One line.
    citation
        The article, with its DOI.
    licence
        Licence of the files, as far as it is stated.
    layout
        What is in the files.
    size
        About how much is fetched, or "not known".
    files
        What is fetched.
    verb
        The verb that reads what `prepare` makes: "data import" or "data build".
    options
        Its options, without `out`; "{folder}" stands for the folder of the dataset.
    prepare
        Makes of the fetched files what the verb reads.
    targets_after
        Column of the prepared table behind which all columns are measurements, where their names
        are known only then.
    wants_genome
        Name of the genome without whose FASTA file nothing can be prepared.
    """

    title: str
    citation: str
    licence: str
    layout: str
    size: str
    files: tuple[Remote, ...]
    verb: str
    options: Mapping[str, Any] = field(default_factory=dict)
    prepare: Prepare = as_it_is
    targets_after: str | None = None
    wants_genome: str | None = None
