"""Places for results: free, or to be replaced when the result is complete."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cislens import files
from cislens.errors import UserError


def check_free(path: Path, *, overwrite: bool) -> None:
    """Refuse a place that is taken or whose folder is missing."""
    if not path.parent.is_dir():
        raise UserError(f"{path}: the folder {path.parent} does not exist; make it first")
    if path.exists() and not overwrite:
        raise UserError(f"{path}: exists already; choose another name, or ask to overwrite it")


@contextmanager
def replacing(path: Path, *, overwrite: bool) -> Iterator[Path]:
    """Give a temporary file to write; rename it to `path` on success, remove it on failure."""
    check_free(path, overwrite=overwrite)
    with files.whole(path) as partial:
        yield partial


def leave(path: Path, data: bytes) -> None:
    """Leave what was found out beside a file for the next time, if its folder may be written."""
    try:
        with files.whole(path) as partial:
            partial.write_bytes(data)
    except OSError:
        # It was of use this time all the same; folders of shared genomes are often read-only.
        return
