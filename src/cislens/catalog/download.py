"""Files over http: checked by size and SHA-256, resumed where they broke off."""

import hashlib
import http.client
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from cislens.catalog.card import Remote
from cislens.errors import UserError

BLOCK = 1 << 18
"""Bytes read at once."""
TIMEOUT = 30.0
"""Seconds without a byte after which a connection counts as broken."""
PAUSES = (1.0, 4.0)
"""Seconds waited before each further attempt after a broken connection."""

Tell = Callable[[int, int], None]


class _BrokenError(Exception):
    """The connection broke; what came is kept."""


class Paths(NamedTuple):
    """Where a download lies while it is not complete."""

    part: Path
    mark: Path
    """The validator that the server gave for it (ETag or date)."""


def fetch(file: Remote, out: Path, *, tell: Tell, wanted: str | None = None) -> str:
    """Download a file; what an earlier attempt left is gone on with.

    Parameters
    ----------
    file
        Its address, and its size if that is known.
    out
        Where it goes; it appears there when it is complete and right.
    tell
        Called with the bytes that are there and those in all, 0 where these are not known.
    wanted
        SHA-256 it must have; any without.

    Returns
    -------
    str
        Its SHA-256.

    Raises
    ------
    UserError
        If the server cannot be reached, refuses, breaks off again and again, or sends another
        file than the one wanted.
    """
    if not file.url.startswith(("http://", "https://")):
        raise UserError(f"{file.url}: an address of http or https is wanted")
    places = Paths(out.with_name(f"{out.name}.part"), out.with_name(f"{out.name}.part.mark"))
    for pause in (*PAUSES, None):
        try:
            _go_on(file.url, places, tell)
            break
        except _BrokenError as error:
            if pause is None:
                raise UserError(
                    f"{file.url}: broken off at {_size(places.part):,} bytes ({error}); the same "
                    "command goes on from there"
                ) from error
            time.sleep(pause)
    return _accept(file, places, out, wanted)


def sha256(path: Path) -> str:
    """Compute the checksum of a file.

    Parameters
    ----------
    path
        The file.

    Returns
    -------
    str
        SHA-256 in hexadecimal digits.
    """
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _go_on(url: str, places: Paths, tell: Tell) -> None:
    """Ask for what is still missing, and add it to the part."""
    there = _size(places.part)
    mark = places.mark.read_text() if there and places.mark.exists() else ""
    # Without a validator nobody can tell whether the rest belongs to the same file.
    asked = {"Range": f"bytes={there}-", "If-Range": mark} if mark else {}
    request = urllib.request.Request(url, headers={"User-Agent": "cislens", **asked})  # noqa: S310
    try:
        response = urllib.request.urlopen(request, timeout=TIMEOUT)  # noqa: S310
    except urllib.error.HTTPError as error:
        if error.code == 416 and error.headers.get("Content-Range") == f"bytes */{there}":
            return
        raise UserError(
            f"{url}: the server says {error.code} {error.reason}; give a local copy with --from DIR"
        ) from error
    except urllib.error.URLError as error:
        raise UserError(
            f"{url}: cannot be reached ({error.reason}); without a network give a local copy with "
            "--from DIR"
        ) from error
    except (OSError, http.client.HTTPException) as error:
        raise _BrokenError(str(error) or type(error).__name__) from error
    with response:
        rest = response.headers.get("Content-Range", "").startswith(f"bytes {there}-")
        _receive(response, places, tell, there=there if response.status == 206 and rest else 0)


def _receive(response: http.client.HTTPResponse, places: Paths, tell: Tell, *, there: int) -> None:
    """Write the body behind what is there, and check that all of it came."""
    length = int(response.headers.get("Content-Length") or 0)
    total = there + length if length else 0
    places.mark.write_text(_validator(response))
    with places.part.open("ab" if there else "wb") as stream:
        for block in _blocks(response):
            stream.write(block)
            tell(stream.tell(), total)
    if total and _size(places.part) != total:
        raise _BrokenError(f"{total:,} bytes were promised")


def _blocks(response: http.client.HTTPResponse) -> Iterator[bytes]:
    """Read the body; only what the network does counts as broken, not a full disk."""
    while True:
        try:
            block = response.read(BLOCK)
        except (OSError, http.client.HTTPException) as error:
            raise _BrokenError(str(error) or type(error).__name__) from error
        if not block:
            return
        yield block


def _validator(response: http.client.HTTPResponse) -> str:
    """Take what tells this version of the file from others; weak tags do not."""
    tag = response.headers.get("ETag", "")
    return tag if tag and not tag.startswith("W/") else response.headers.get("Last-Modified", "")


def _accept(file: Remote, places: Paths, out: Path, wanted: str | None) -> str:
    """Put a complete part to its place if it is the file that is wanted."""
    size, found = _size(places.part), sha256(places.part)
    fault = ""
    if file.size is not None and size != file.size:
        fault = f"has {size:,} bytes, {file.size:,} are wanted"
    if wanted is not None and found != wanted:
        fault = f"has SHA-256 {found}, {wanted} is wanted"
    if fault:
        places.part.unlink()
        places.mark.unlink(missing_ok=True)
        raise UserError(
            f"{file.url}: what came {fault}; the file there has changed or is no longer that file"
        )
    places.part.replace(out)
    places.mark.unlink(missing_ok=True)
    return found


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0
