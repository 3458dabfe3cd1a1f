"""What a folder can tell of itself: who holds a lock, what its files hash to, why it is shut."""

import fcntl
import hashlib
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cislens.errors import UserError


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Say in words that a folder cannot be written.

    Parameters
    ----------
    folder
        The folder of the run.

    Yields
    ------
    None
        While something is written.

    Raises
    ------
    UserError
        If the system refuses.
    """
    try:
        yield
    except OSError as error:
        raise UserError(
            f"{folder}: cannot be written ({error.strerror or error}); free space or take another "
            "folder, then run the same command again: nothing that is done is lost"
        ) from error


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the folder for one run; the lock goes with the process, however that ends.

    Parameters
    ----------
    folder
        The folder of the run.

    Yields
    ------
    None
        While no other run works here.

    Raises
    ------
    UserError
        If another run holds it, or the folder cannot be written.
    """
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        file = (folder / "lock").open("a+")
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise UserError(
                f"{folder}: another run works here ({file.read().strip()}); wait for it or end it"
            ) from None
        file.truncate(0)
        file.write(f"process {os.getpid()} on {socket.gethostname()}")
        file.flush()
        yield


def hashes(folder: Path, *, but: str) -> dict[str, str]:
    """Hash every file of a folder but one."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in paths
        if path.relative_to(folder) != Path(but)
    }


def held(path: Path) -> bool:
    """Tell whether a process holds a lock file."""
    try:
        with path.open("r+") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False
