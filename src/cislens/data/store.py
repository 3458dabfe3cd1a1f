"""What a dataset looks like on disk: names, versions, and the checks made when one is opened."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import zarr
import zarr.errors

from cislens.data.splits import SPLITS
from cislens.errors import UserError
from cislens.sequence import alphabet as alphabets
from cislens.sequence.alphabet import Alphabet

FORMAT_VERSION = 2
KEY = "cislens"
STRANDS = ("+", "-", ".")
COLUMNS = ("codes", "targets", "split", "ids", "chrom", "start", "end", "strand")
COUNTS, CONTROL, IS_PEAK = "counts", "control", "is_peak"
PLACEMENTS = "placements"


class ProfileLayout(NamedTuple):
    """How the tracks of a dataset of profiles lie."""

    positions: int
    """Positions of a profile, in bp, in the middle of the sequence."""
    strands: int
    """Tracks of a task, 1 or 2, which stand side by side."""
    jitter: int
    """By how many bp a window may be moved: so much more is stored on each side."""
    control: str
    """"none"; "shared", where one pair of control tracks serves all tasks; or "matched"."""


class Header(NamedTuple):
    """The attributes of a store, all that is known before a row is read."""

    sequences: int
    length: int
    alphabet: Alphabet
    tasks: tuple[str, ...]
    target_kind: str
    chromosomes: tuple[str, ...]
    provenance: dict[str, Any]
    profile: ProfileLayout | None = None
    """Of datasets of profiles only."""

    @property
    def margin(self) -> int:
        """Tell how much is stored on each side of a window.

        Returns
        -------
        int
            In bp.
        """
        return self.profile.jitter if self.profile else 0


def to_attributes(header: Header) -> dict[str, Any]:
    """Turn a header into the JSON that a store carries.

    Parameters
    ----------
    header
        What is known about the dataset.

    Returns
    -------
    dict[str, Any]
        Attributes of the Zarr group.
    """
    profile = {"profile": header.profile._asdict()} if header.profile else {}
    return profile | {
        # Readers of the first version take a dataset of profiles for one of totals.
        "format_version": FORMAT_VERSION if profile else 1,
        "sequences": header.sequences,
        "length": header.length,
        "alphabet": header.alphabet.name,
        "channels": [*header.alphabet.letters],
        "code_of_n": alphabets.N_CODE,
        "tasks": [*header.tasks],
        "target_kind": header.target_kind,
        "splits": [*SPLITS],
        "strands": [*STRANDS],
        "chromosomes": [*header.chromosomes],
        "provenance": header.provenance,
    }


def open_group(path: Path) -> tuple[zarr.Group, Header]:
    """Open a store for reading and check that it is one this version reads.

    Parameters
    ----------
    path
        Folder of the store.

    Returns
    -------
    zarr.Group
        The open group, read-only.
    Header
        Its attributes.

    Raises
    ------
    UserError
        If the folder is missing, no dataset of cislens, incomplete, of a newer format, or in
        another order of channels.
    """
    if not path.exists():
        raise UserError(f"{path}: no such dataset; write one with `cislens data import`")
    try:
        group = zarr.open_group(path, mode="r", zarr_format=3)
        attributes: dict[str, Any] = dict(group.attrs)[KEY]
    except (OSError, KeyError, ValueError, zarr.errors.BaseZarrError) as error:
        raise UserError(
            f"{path}: this is no cislens dataset; write one with `cislens data import`"
        ) from error
    _check_version(path, attributes)
    _check_complete(path, group, attributes)
    try:
        return group, _to_header(path, attributes)
    except KeyError as missing:
        raise UserError(
            f"{path}: incomplete dataset, {missing} is missing; write the dataset again"
        ) from missing


def profile_columns(layout: Mapping[str, Any] | None) -> tuple[str, ...]:
    """Name the arrays that a dataset of profiles has beside the others.

    Parameters
    ----------
    layout
        Fields of its `ProfileLayout`; None for another dataset.

    Returns
    -------
    tuple of str
        Perhaps none.
    """
    if layout is None:
        return ()
    return (COUNTS, IS_PEAK) if layout["control"] == "none" else (COUNTS, IS_PEAK, CONTROL)


def is_dataset(path: Path) -> bool:
    """Tell whether a folder is a dataset of cislens, of any version, complete or not.

    Parameters
    ----------
    path
        The folder.

    Returns
    -------
    bool
        True if it carries the attributes of one.
    """
    try:
        return KEY in zarr.open_group(path, mode="r", zarr_format=3).attrs
    except (OSError, ValueError, zarr.errors.BaseZarrError):
        return False


def _check_version(path: Path, attributes: dict[str, Any]) -> None:
    """Refuse stores of a newer cislens."""
    version = attributes.get("format_version")
    if not isinstance(version, int) or version > FORMAT_VERSION:
        raise UserError(
            f"{path}: format_version={version}, this cislens reads up to {FORMAT_VERSION}; "
            "install a newer cislens"
        )


def _check_complete(path: Path, group: zarr.Group, attributes: dict[str, Any]) -> None:
    """Refuse stores that lack an array, rows of one, or an attribute."""
    rows = attributes.get("sequences")
    for name in (*COLUMNS, *profile_columns(attributes.get("profile"))):
        if name not in group or (name != "ids" and group[name].shape[0] != rows):
            got = f"{group[name].shape[0]} rows" if name in group else "no such array"
            raise UserError(
                f"{path}: incomplete dataset, {name} has {got} where {rows} rows are wanted; "
                "write the dataset again"
            )


def _to_header(path: Path, attributes: dict[str, Any]) -> Header:
    """Read the attributes, refusing another alphabet or order of channels."""
    channels = "".join(attributes["channels"])
    name = attributes["alphabet"]
    try:
        alphabet = alphabets.by_name(name)
    except UserError as error:
        raise UserError(f"{path}: alphabet={name!r}, DNA or RNA is wanted") from error
    if channels != alphabet.letters or attributes["splits"] != [*SPLITS]:
        raise UserError(
            f"{path}: channels are stored as {channels}, {alphabet.name} is read as "
            f"{alphabet.letters}; import the source again"
        )
    return Header(
        sequences=attributes["sequences"],
        length=attributes["length"],
        alphabet=alphabet,
        tasks=tuple(attributes["tasks"]),
        target_kind=attributes["target_kind"],
        chromosomes=tuple(attributes["chromosomes"]),
        provenance=attributes["provenance"],
        profile=ProfileLayout(**attributes["profile"]) if "profile" in attributes else None,
    )
