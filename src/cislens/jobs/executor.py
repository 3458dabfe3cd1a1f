"""Do the pieces of a plan that are not done: here, in several processes, or on a cluster."""

from collections.abc import Callable, Generator, Iterable
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

from cislens.errors import UserError
from cislens.jobs import _disk, _processes, _ray, plan, work
from cislens.jobs.plan import Piece
from cislens.jobs.progress import Progress, Tell
from cislens.jobs.queue import Queue
from cislens.jobs.store import State, Store
from cislens.jobs.work import Outcome

KINDS = ("serial", "processes", "ray")


@dataclass(frozen=True)
class ExecutorOptions:
    """Where pieces are worked on.

    Attributes
    ----------
    kind
        "serial" in this process, one after the other; "processes" in several of this machine;
        "ray" on a Ray cluster, whose machines must share the run folder.
    workers
        How many pieces at once.
    address
        Of a running Ray cluster; empty starts Ray on this machine.
    gpus
        Share of a GPU that Ray gives each piece, such as 0.25; 0 asks for none.

    Raises
    ------
    UserError
        If an option is out of its range.
    """

    kind: str = "serial"
    workers: int = 1
    address: str = ""
    gpus: float = 0.0

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise UserError(f"kind={self.kind!r}; known are {', '.join(KINDS)}")
        if self.workers < 1:
            raise UserError(f"workers={self.workers}; wants at least 1")
        if self.kind == "serial" and self.workers > 1:
            raise UserError(
                f"workers={self.workers}; kind 'serial' has 1: take 'processes' or 'ray'"
            )
        if self.gpus < 0:
            raise UserError(f"gpus={self.gpus}; wants 0 or more, such as 0.5 for two on a GPU")
        if self.kind != "ray" and (self.address or self.gpus):
            raise UserError(f"address and gpus are for kind 'ray'; kind is {self.kind!r}")


class Sitting(NamedTuple):
    """What one call of `run` did.

    Attributes
    ----------
    done
        Identities of the pieces that were done in it.
    failed
        Why others failed, by identity.
    redone
        Pieces whose results were there but corrupt or foreign, and which of both.
    blocked
        Labels of pieces that were not begun because one that they need failed.
    before
        How many were done before.
    """

    done: list[str]
    failed: dict[str, str]
    redone: dict[str, State]
    blocked: list[str]
    before: int


def run(
    pieces: Iterable[Piece],
    store: Store,
    *,
    options: ExecutorOptions | None = None,
    tell: Tell | None = None,
) -> Sitting:
    """Do what is not done, with all that it needs.

    A piece that raises an error is noted with it and does not stop the others; the next run tries
    it again. Results are those of the function and its options alone, whatever the executor.

    Parameters
    ----------
    pieces
        The plan.
    store
        The folder of the run.
    options
        Where to work; None is this process.
    tell
        Called when something changes.

    Returns
    -------
    Sitting
        What was done.

    Raises
    ------
    UserError
        If another run holds the folder, or it cannot be written.
    """
    options = options or ExecutorOptions()
    by_identity = plan.complete(pieces)
    with _disk.locked(store.folder):
        with _disk.writing(store.folder):
            store.sweep()
        states = {name: store.state(piece) for name, piece in by_identity.items()}
        done = [name for name, state in states.items() if state == "done"]
        queue = Queue(by_identity, done)
        progress = _progress(by_identity, done, store, workers=options.workers)
        sitting = Sitting(
            done=[],
            failed={},
            redone={n: s for n, s in states.items() if s in ("corrupt", "foreign")},
            blocked=[],
            before=len(done),
        )
        with closing(_way(options)(str(store.folder), queue)) as events:
            for event in events:
                if isinstance(event, Piece):
                    progress.start(event.identity, event.label or event.function)
                else:
                    _note(event, by_identity, store, sitting=sitting, progress=progress)
                    if event.state == "done":
                        queue.finish(event.identity)
                if tell is not None:
                    tell(progress)
        sitting.blocked.extend(piece.label or piece.function for piece in queue.rest())
    return sitting


def _progress(
    by_identity: dict[str, Piece], done: list[str], store: Store, *, workers: int
) -> Progress:
    waiting = {name: piece.function for name, piece in by_identity.items() if name not in done}
    progress = Progress(len(by_identity), len(done), workers=workers, waiting=waiting)
    for name in done:
        piece = by_identity[name]
        progress.learn(piece.function, store.read(piece, check=False).seconds)
    return progress


def _note(
    event: Outcome,
    by_identity: dict[str, Piece],
    store: Store,
    *,
    sitting: Sitting,
    progress: Progress,
) -> None:
    if event.state == "refused":
        raise UserError(event.error)
    if event.state == "done":
        sitting.done.append(event.identity)
    else:
        sitting.failed[event.identity] = event.error
        if event.state == "dead":
            store.keep_failure(by_identity[event.identity], event.error)
    progress.finish(event.identity, failed=event.state != "done", seconds=event.seconds)


def _way(
    options: ExecutorOptions,
) -> Callable[[str, Queue], Generator[Piece | Outcome, None, None]]:
    if options.kind == "processes":
        return partial(_processes.outcomes, workers=options.workers)
    if options.kind == "ray":
        return partial(
            _ray.outcomes, workers=options.workers, address=options.address, gpus=options.gpus
        )
    return _serial


def _serial(folder: str, queue: Queue) -> Generator[Piece | Outcome, None, None]:
    while piece := queue.take():
        yield piece
        yield work.perform(folder, piece)
