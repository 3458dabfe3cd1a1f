"""What is known of a store of maps: where they come from, and the attributes it carries."""

from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import zarr
import zarr.errors

from cislens.errors import UserError
from cislens.sequence import alphabet as alphabets
from cislens.sequence.alphabet import Alphabet

FORMAT_VERSION = 1
KEY = "cislens_maps"
STRANDS = ("+", "-", ".")
SAME = (
    "model", "method", "options", "target", "gauge", "both_strands", "sequences", "seed", "cislens",
)  # fmt: skip
"""What two pieces of work must have in common for one to go on where the other stopped."""


@dataclass(frozen=True)
class Provenance:
    """Where maps come from.

    Attributes
    ----------
    method
        Name of the method.
    options
        Its options, as JSON values.
    target
        The explained output, in words.
    gauge
        The gauge that was asked for; "own" is that of the method.
    both_strands
        Whether the outputs were averaged over both strands.
    model
        Hash of the recipe and the weights.
    sequences
        Hash of names and bases of the sequences, in their order.
    seed
        Seed of everything random.
    cislens
        Version that computed the maps.
    model_name
        What the model is called.
    dataset
        The dataset the sequences come from.
    selection
        Which of its sequences, in words.
    settings
        What has no effect on the maps beyond rounding, such as the batch size.
    """

    method: str
    options: dict[str, Any]
    target: str
    gauge: str
    both_strands: bool
    model: str
    sequences: str
    seed: int
    cislens: str
    model_name: str = ""
    dataset: str = ""
    selection: str = ""
    settings: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Note:
    """What a reader of some maps must know.

    Attributes
    ----------
    text
        The note.
    rows
        Stretches of sequences that it is of: first, and one past the last.
    """

    text: str
    rows: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Header:
    """The attributes of a store, all that is known before a map is read.

    Attributes
    ----------
    sequences
        Number of sequences.
    length
        Their length, in bp.
    alphabet
        DNA or RNA.
    block
        Sequences written at once; chunks hold as many.
    chromosomes
        Names of the chromosomes that intervals lie on.
    motifs
        Motifs planted in the sequences: name, label, and information of each column, in bits.
    provenance
        Where the maps come from.
    complete
        Whether all blocks are there.
    gauge
        Gauge of the values, once a block is there.
    reference
        What the sequences were compared with, once a block is there.
    notes
        What a reader must know, once all blocks are there.
    """

    sequences: int
    length: int
    alphabet: Alphabet
    block: int
    chromosomes: tuple[str, ...]
    motifs: tuple[dict[str, Any], ...]
    provenance: Provenance
    complete: bool = False
    gauge: str = ""
    reference: str = ""
    notes: tuple[Note, ...] = ()


def to_attributes(header: Header) -> dict[str, Any]:
    """Turn a header into the JSON that a store carries.

    Parameters
    ----------
    header
        What is known.

    Returns
    -------
    dict[str, Any]
        Attributes of the Zarr group.
    """
    return {
        **asdict(header),
        "format_version": FORMAT_VERSION,
        "alphabet": header.alphabet.name,
        "channels": [*header.alphabet.letters],
        "code_of_n": alphabets.N_CODE,
        "strands": [*STRANDS],
    }


def read(path: Path) -> tuple[zarr.Group, Header]:
    """Open a store and read its header.

    Parameters
    ----------
    path
        Folder of the store, finished or not.

    Returns
    -------
    zarr.Group
        The open group, read-only.
    Header
        Its attributes.

    Raises
    ------
    UserError
        If the folder is missing, no store of maps, of a newer format, or in another order of
        channels.
    """
    if not path.exists():
        raise UserError(f"{path}: no such store of maps; write one with `cislens attribute`")
    try:
        group = zarr.open_group(path, mode="r", zarr_format=3)
        attributes: dict[str, Any] = dict(group.attrs)[KEY]
    except (OSError, KeyError, ValueError, zarr.errors.BaseZarrError) as error:
        raise UserError(
            f"{path}: this is no store of maps; write one with `cislens attribute`"
        ) from error
    version = attributes.get("format_version")
    if not isinstance(version, int) or version > FORMAT_VERSION:
        raise UserError(
            f"{path}: format_version={version}, this cislens reads up to {FORMAT_VERSION}; "
            "install a newer cislens"
        )
    try:
        return group, _to_header(path, attributes)
    except (KeyError, TypeError) as error:
        raise UserError(f"{path}: incomplete attributes ({error}); write the maps again") from error


def difference(before: Provenance, now: Provenance) -> str:
    """Say in words in what two pieces of work differ.

    Parameters
    ----------
    before
        What a store holds.
    now
        What is asked for.

    Returns
    -------
    str
        The first difference that has an effect on the maps; empty if there is none.
    """
    for name in SAME:
        old, new = getattr(before, name), getattr(now, name)
        if old != new and name == "options":
            name = next(key for key in [*new, *old] if old.get(key) != new.get(key))
            old, new = old.get(name), new.get(name)
        if old != new:
            return f"{name} was {_short(old)} and is now {_short(new)}"
    return ""


def _short(value: object) -> str:
    text = str(value)
    return f"{text[:12]}…" if len(text) == 64 else repr(value)


def _to_header(path: Path, attributes: dict[str, Any]) -> Header:
    letters = "".join(attributes["channels"])
    alphabet = alphabets.by_name(attributes["alphabet"])
    if letters != alphabet.letters or attributes["strands"] != [*STRANDS]:
        raise UserError(
            f"{path}: channels are stored as {letters}, {alphabet.name} is read as "
            f"{alphabet.letters}; write the maps again"
        )
    return Header(
        sequences=attributes["sequences"],
        length=attributes["length"],
        alphabet=alphabet,
        block=attributes["block"],
        chromosomes=tuple(attributes["chromosomes"]),
        motifs=tuple(attributes["motifs"]),
        provenance=Provenance(**attributes["provenance"]),
        complete=attributes["complete"],
        gauge=attributes["gauge"],
        reference=attributes["reference"],
        notes=tuple(
            Note(note["text"], tuple((start, end) for start, end in note["rows"]))
            for note in attributes["notes"]
        ),
    )
