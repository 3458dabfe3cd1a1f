"""Results are written under a temporary name beside their place and renamed when complete."""

import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def whole(path: str | os.PathLike[str]) -> Iterator[Path]:
    """Give a temporary name beside `path` that takes its place once the block has succeeded.

    Parameters
    ----------
    path
        The file or folder to write; one that stands there is replaced.

    Yields
    ------
    Path
        Where to write. It is removed if the block raises, and `path` stays as it was.
    """
    path = Path(path)
    partial = temporary(path)
    try:
        yield partial
        put(partial, path)
    finally:
        remove(partial)


def temporary(path: Path) -> Path:
    """Name a hidden sibling that no one else uses.

    Parameters
    ----------
    path
        Where the result will stand.

    Returns
    -------
    Path
        The sibling; nothing is made.
    """
    return path.with_name(f".{path.name}.{uuid.uuid4().hex[:8]}.partial")


def put(partial: Path, path: Path) -> None:
    """Move a complete file or folder to its place, over what stands there.

    Parameters
    ----------
    partial
        What was written.
    path
        Its place.
    """
    if path.is_dir():
        former = partial.with_suffix(".former")
        path.rename(former)
        partial.rename(path)
        shutil.rmtree(former)
    else:
        partial.replace(path)


def remove(path: Path) -> None:
    """Delete a file or a folder, if it is there.

    Parameters
    ----------
    path
        What is to go.
    """
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
