"""The folder of a run: results that are whole and prove it, failures, scratch space, one lock."""

import fcntl
import json
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, NamedTuple

from cislens import files
from cislens.errors import UserError
from cislens.jobs import _disk
from cislens.jobs.plan import Piece

State = Literal["done", "failed", "running", "absent", "corrupt", "foreign"]
MANIFEST = "manifest.json"
VALUES = "values.json"


class Result(NamedTuple):
    """What a finished piece left.

    Attributes
    ----------
    values
        What its function gave.
    folder
        Its files.
    seconds
        Processor time it took in the sitting that finished it.
    """

    values: dict[str, Any]
    folder: Path
    seconds: float


@dataclass(frozen=True)
class Place:
    """Where a piece works.

    Attributes
    ----------
    out
        An empty folder; what is in it when the function returns is the piece's result.
    scratch
        A folder that stays from one attempt to the next, until the piece is done.
    needed
        Results of the pieces that it needs, in their order; not to be written to.
    """

    out: Path
    scratch: Path
    needed: tuple[Result, ...] = ()


class Store:
    """Results of pieces under their identities.

    Parameters
    ----------
    folder
        The folder of a run; made when something is written.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = Path(folder)
        self.results = self.folder / "results"
        self.failures = self.folder / "failed"
        self.scratch = self.folder / "scratch"

    def state(self, piece: Piece) -> State:
        """Say how far a piece is.

        Parameters
        ----------
        piece
            The piece.

        Returns
        -------
        State
            "corrupt" where a file of the result is missing, added or changed, "foreign" where the
            result is that of another piece; "running" where a process holds the piece.
        """
        place = self.results / piece.identity
        if place.exists():
            return _judge(place, piece)
        if _disk.held(self.scratch / f"{piece.identity}.lock"):
            return "running"
        return "failed" if self.failure_file(piece).exists() else "absent"

    def read(self, piece: Piece, *, check: bool = True) -> Result:
        """Read a result.

        Parameters
        ----------
        piece
            A piece that is done.
        check
            Whether to hash its files again.

        Returns
        -------
        Result
            Its values and its files.

        Raises
        ------
        UserError
            If it is not done, or what lies there is not its result.
        """
        place = self.results / piece.identity
        state = self.state(piece) if check or not (place / MANIFEST).exists() else "done"
        if state != "done":
            raise UserError(
                f"{place}: {piece.label or piece.function} is {state}; run the benchmark again"
            )
        manifest = json.loads((place / MANIFEST).read_text(encoding="utf-8"))
        values = json.loads((place / VALUES).read_text(encoding="utf-8"))
        return Result(values, place, float(manifest["seconds"]))

    def find(self, identity: str) -> Path | None:
        """Find a result by the identity of its piece alone, for one who has no plan.

        Parameters
        ----------
        identity
            Of the piece.

        Returns
        -------
        Path or None
            The folder of its files; None where the piece is not done.

        Raises
        ------
        UserError
            If a file of the result is missing, added or changed.
        """
        place = self.results / identity
        if not place.exists():
            return None
        try:
            expected = json.loads((place / MANIFEST).read_text(encoding="utf-8"))["files"]
            whole = expected == _disk.hashes(place, but=MANIFEST)
        except (OSError, ValueError, KeyError, TypeError):
            whole = False
        if not whole:
            raise UserError(f"{place}: the result is corrupt; run the benchmark again")
        return place

    def failure(self, piece: Piece) -> str:
        """Read why a piece failed.

        Parameters
        ----------
        piece
            A piece that failed.

        Returns
        -------
        str
            The error and where it came from.
        """
        text: str = json.loads(self.failure_file(piece).read_text(encoding="utf-8"))["error"]
        return text

    def foreign(self, pieces: Sequence[Piece]) -> list[str]:
        """List results of no piece of these.

        Parameters
        ----------
        pieces
            All pieces of the run, the needed ones too.

        Returns
        -------
        list of str
            Names in the folder of results, sorted; they are left alone.
        """
        known = {piece.identity for piece in pieces}
        found = (path.name for path in self.results.glob("*") if not path.name.startswith("."))
        return sorted(name for name in found if name not in known)

    @contextmanager
    def attempt(self, piece: Piece) -> Iterator["Attempt"]:
        """Hold a piece while it is worked on, against a process that an ended run left behind.

        Parameters
        ----------
        piece
            The piece.

        Yields
        ------
        Attempt
            Where to work, and how to finish.
        """
        scratch = self.scratch / piece.identity
        scratch.mkdir(parents=True, exist_ok=True)
        self.results.mkdir(parents=True, exist_ok=True)
        with (self.scratch / f"{piece.identity}.lock").open("w") as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            partial = files.temporary(self.results / piece.identity)
            partial.mkdir()
            try:
                needed = tuple(self.read(one, check=False) for one in piece.needs)
                yield Attempt(self, piece, Place(partial, scratch, needed))
            finally:
                files.remove(partial)

    def failure_file(self, piece: Piece) -> Path:  # numpydoc ignore=PR01,RT01
        """Say where it is noted that a piece failed."""
        return self.failures / f"{piece.identity}.json"

    def keep_failure(self, piece: Piece, error: BaseException | str) -> None:
        """Note that a piece failed.

        Parameters
        ----------
        piece
            The piece.
        error
            What happened.
        """
        self.failures.mkdir(parents=True, exist_ok=True)
        text = error if isinstance(error, str) else "".join(traceback.format_exception(error))
        with files.whole(self.failure_file(piece)) as partial:
            partial.write_text(
                json.dumps(piece.record() | {"label": piece.label, "error": text}, indent=2),
                encoding="utf-8",
            )

    def sweep(self) -> None:
        """Remove what killed processes left half-written; wants the lock."""
        for path in self.results.glob(".*.partial"):
            if not _disk.held(self.scratch / f"{path.name.split('.')[1]}.lock"):
                files.remove(path)
        for path in self.results.glob(".*.former"):
            files.remove(path)


class Attempt(NamedTuple):
    """A piece in work."""

    store: Store
    piece: Piece
    place: Place

    def finish(self, values: dict[str, Any], *, seconds: float) -> None:
        """Put the result in its place, whole.

        Parameters
        ----------
        values
            What the function gave.
        seconds
            Processor time it took.
        """
        out = self.place.out
        (out / VALUES).write_text(
            json.dumps(values, sort_keys=True, allow_nan=False, indent=1) + "\n", encoding="utf-8"
        )
        record = self.piece.record() | {
            "label": self.piece.label,
            "seconds": seconds,
            "files": _disk.hashes(out, but=MANIFEST),
        }
        (out / MANIFEST).write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
        final = self.store.results / self.piece.identity
        files.remove(final)
        files.put(out, final)
        files.remove(self.place.scratch)
        self.store.failure_file(self.piece).unlink(missing_ok=True)


def _judge(place: Path, piece: Piece) -> State:
    try:
        manifest = json.loads((place / MANIFEST).read_text(encoding="utf-8"))
        recorded = {name: manifest[name] for name in piece.record()}
        expected, found = manifest["files"], _disk.hashes(place, but=MANIFEST)
    except (OSError, ValueError, KeyError, TypeError):
        return "corrupt"
    if recorded != piece.record():
        return "foreign"
    return "done" if found == expected and VALUES in found else "corrupt"
