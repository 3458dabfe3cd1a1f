"""Known motifs: the releases of JASPAR, which come with the installation, and any motif file."""

import contextlib
import difflib
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyjaspar

from cislens.errors import UserError
from cislens.sequence import motif_file, pwm
from cislens.sequence.pwm import Pwm

RELEASES = tuple(sorted(name.lower() for name in pyjaspar.jaspar_releases))
"""Names of the JASPAR releases, the oldest first."""

_SELECTED = """
    WITH latest AS (
        SELECT BASE_ID AS base, MAX(CAST(VERSION AS INTEGER)) AS version FROM MATRIX GROUP BY base)
    SELECT m.ID, m.BASE_ID, latest.version, m.NAME
    FROM MATRIX m JOIN latest ON m.BASE_ID = base AND CAST(m.VERSION AS INTEGER) = latest.version
    WHERE m.COLLECTION = :collection COLLATE NOCASE
      AND (:taxon = 'all' OR m.ID IN (
          SELECT ID FROM MATRIX_ANNOTATION
          WHERE TAG = 'tax_group' AND VAL = :taxon COLLATE NOCASE))
    ORDER BY m.BASE_ID
"""
_CELLS = "SELECT instr('ACGT', upper(\"row\")), col, val FROM MATRIX_DATA WHERE ID = ?"


def load(
    name_or_path: str | os.PathLike[str],
    *,
    taxon: str = "vertebrates",
    collection: str = "CORE",
    option: str = "name_or_path",
) -> list[Pwm]:
    """Read known motifs.

    Parameters
    ----------
    name_or_path
        A JASPAR release, "jaspar2014" to "jaspar2026", or a motif file (MEME, JASPAR, HOMER).
    taxon
        For a release: "vertebrates", "plants", "fungi", "insects", "nematodes" or another of its
        taxonomic groups, or "all". A file is read whole.
    collection
        For a release: "CORE" or another of its collections, such as "UNVALIDATED".
    option
        What the user knows ``name_or_path`` by, for errors.

    Returns
    -------
    list[Pwm]
        Of a release: the latest version of each motif, sorted by identifier, with a uniform
        background and the largest column total as ``nsites``. Of a file: its motifs in their order.

    Raises
    ------
    UserError
        If there is neither such a release nor such a file, or the release has no such taxon or
        collection.

    References
    ----------
    Rauluseviciute et al. (2024), doi:10.1093/nar/gkad1059, for JASPAR; read from pyjaspar.
    """
    release = str(name_or_path).lower()
    if release not in RELEASES:
        return motif_file.read(_existing(name_or_path, option))
    with _opened(release) as connection:
        _check(connection, "collection", collection, "SELECT DISTINCT COLLECTION FROM MATRIX")
        if taxon.lower() != "all":
            groups = "SELECT DISTINCT VAL FROM MATRIX_ANNOTATION WHERE TAG = 'tax_group'"
            _check(connection, "taxon", taxon, groups)
        wanted = {"collection": collection, "taxon": taxon.lower()}
        return [
            pwm.from_counts(_counts(connection, key), name=f"{base}.{version}", label=label)
            for key, base, version, label in connection.execute(_SELECTED, wanted)
        ]


def families(release: str) -> dict[str, str]:
    """Look up the structural families of a release's transcription factors.

    Parameters
    ----------
    release
        A JASPAR release, "jaspar2014" to "jaspar2026".

    Returns
    -------
    dict[str, str]
        Motif identifiers, of every collection and version, to families; those of a dimer are
        joined by "::". Motifs without a family are left out.

    Raises
    ------
    UserError
        If there is no such release.
    """
    if release.lower() not in RELEASES:
        raise _unknown("release", release, RELEASES)
    found: dict[str, list[str]] = {}
    with _opened(release.lower()) as connection:
        rows = connection.execute(
            "SELECT m.BASE_ID, m.VERSION, a.VAL FROM MATRIX m JOIN MATRIX_ANNOTATION a "
            "ON a.ID = m.ID WHERE a.TAG = 'family' ORDER BY m.BASE_ID, m.VERSION, a.rowid"
        )
        for base, version, family in rows:
            found.setdefault(f"{base}.{version}", []).append(family)
    return {name: "::".join(parts) for name, parts in found.items()}


@contextlib.contextmanager
def _opened(release: str) -> Iterator[sqlite3.Connection]:
    with contextlib.closing(pyjaspar.jaspardb(release=release.upper()).conn) as connection:
        yield connection


def _counts(connection: sqlite3.Connection, key: int) -> np.ndarray:
    """Read a matrix, whose rows and columns are numbered from 1."""
    cells = np.array(connection.execute(_CELLS, (key,)).fetchall(), dtype=np.float64)
    rows, columns = cells[:, 0].astype(int) - 1, cells[:, 1].astype(int) - 1
    counts = np.zeros((4, columns.max() + 1))
    counts[rows, columns] = cells[:, 2]
    return counts


def _check(connection: sqlite3.Connection, parameter: str, got: str, query: str) -> None:
    known = sorted(row[0] for row in connection.execute(query) if row[0])
    if got.lower() not in [name.lower() for name in known]:
        also = ["all"] if parameter == "taxon" else []
        raise _unknown(parameter, got, known + also)


def _existing(name_or_path: str | os.PathLike[str], option: str) -> Path:
    path = Path(name_or_path)
    if not path.exists():
        error = _unknown(option, str(name_or_path), RELEASES)
        raise UserError(f"{error}; there is no motif file of this name either")
    return path


def _unknown(parameter: str, got: str, known: list[str] | tuple[str, ...]) -> UserError:
    lowered = {name.lower(): name for name in known}
    near = difflib.get_close_matches(got.lower(), lowered, n=1, cutoff=0.5)
    hint = f"did you mean {lowered[near[0]]!r}? " if near else ""
    return UserError(f"{parameter}={got!r}: {hint}known are {', '.join(known)}")
