"""Do one piece in whatever process this is, and say how it went."""

import errno
import time
from pathlib import Path
from typing import NamedTuple

from cislens.errors import UserError
from cislens.jobs import _disk, plan
from cislens.jobs.plan import Piece
from cislens.jobs.store import Store

FULL = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EFBIG}
"""Errors of the disk, which would stop every other piece too."""

SHUT = {errno.EACCES, errno.EPERM}
"""Errors that do so where they are of the run folder, and not of what a piece reads."""


class Outcome(NamedTuple):
    """How a piece went."""

    identity: str
    state: str
    """"done", "failed", or "refused" where the disk takes nothing more."""
    error: str = ""
    seconds: float = 0.0


def perform(folder: str, piece: Piece) -> Outcome:
    """Do a piece and keep its result, or why there is none.

    Parameters
    ----------
    folder
        The folder of the run.
    piece
        What is to be done.

    Returns
    -------
    Outcome
        State, error and the time it took; with the result its processor time is kept.
    """
    store = Store(Path(folder))
    began, began_work = time.monotonic(), time.process_time()
    try:
        with _disk.writing(store.folder), store.attempt(piece) as attempt:
            if store.state(piece) == "done":
                # Finished meanwhile by a process that an ended run had left behind.
                return Outcome(piece.identity, "done")
            try:
                values = plan.find(piece.function)(piece.options, attempt.place)
                attempt.finish(values, seconds=time.process_time() - began_work)
            except Exception as error:
                if isinstance(error, OSError) and _is_of_disk(error, store.folder):
                    raise
                store.keep_failure(piece, error)
                return Outcome(piece.identity, "failed", _sentence(error))
    except UserError as error:
        return Outcome(piece.identity, "refused", str(error))
    return Outcome(piece.identity, "done", "", time.monotonic() - began)


def _is_of_disk(error: OSError, folder: Path) -> bool:
    inside = str(error.filename or "").startswith(str(folder))
    return error.errno in FULL or (error.errno in SHUT and inside)


def _sentence(error: Exception) -> str:
    text = str(error) or type(error).__name__
    return text if isinstance(error, UserError) else f"{type(error).__name__}: {text}"
