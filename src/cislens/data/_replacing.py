"""Results are written under a temporary name beside their place and renamed when complete."""

import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cislens.errors import UserError


def temporary(path: Path) -> Path:
    """Name a hidden sibling of `path` that no one else uses."""
    return path.parent / f".{path.name}.{uuid.uuid4().hex[:8]}.partial"


def check_free(path: Path, *, overwrite: bool) -> None:
    """Refuse a place that is taken or whose folder is missing."""
    if not path.parent.is_dir():
        raise UserError(f"{path}: the folder {path.parent} does not exist; make it first")
    if path.exists() and not overwrite:
        raise UserError(f"{path}: exists already; choose another name or pass overwrite=True")


def remove(path: Path) -> None:
    """Delete a file or a folder, if it is there."""
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def put(temporary: Path, path: Path) -> None:
    """Move a complete result to its place, over what stands there."""
    if path.is_dir():
        former = temporary.with_suffix(".former")
        path.rename(former)
        temporary.rename(path)
        shutil.rmtree(former)
    else:
        temporary.replace(path)


@contextmanager
def replacing(path: Path, *, overwrite: bool) -> Iterator[Path]:
    """Give a temporary file to write; rename it to `path` on success, remove it on failure."""
    check_free(path, overwrite=overwrite)
    partial = temporary(path)
    try:
        yield partial
        put(partial, path)
    finally:
        remove(partial)
