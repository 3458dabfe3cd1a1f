"""Pieces in several processes of this machine, each begun anew and ended with its parent."""

import multiprocessing
import os
import signal
import threading
from collections.abc import Generator, Sequence
from multiprocessing import connection
from multiprocessing.context import SpawnProcess
from typing import NamedTuple

from cislens.jobs import work
from cislens.jobs.plan import Piece
from cislens.jobs.work import Outcome


class _Worker(NamedTuple):
    process: SpawnProcess
    pipe: connection.Connection

    def end(self) -> None:
        """End it, whatever it does."""
        self.pipe.close()
        self.process.kill()
        self.process.join()


def outcomes(
    folder: str, pieces: Sequence[Piece], *, workers: int
) -> Generator[Piece | Outcome, None, None]:
    """Give each piece as it starts and its outcome as it ends; a process that dies fails its own.

    Forked processes would inherit threads and locks of torch, so each is spawned.
    """
    waiting = list(pieces)[::-1]
    idle = [_start(folder) for _ in range(min(workers, len(waiting)))]
    busy: dict[object, tuple[_Worker, Piece]] = {}
    try:
        while waiting or busy:
            while waiting and idle:
                worker, piece = _ready(idle.pop(), folder), waiting.pop()
                worker.pipe.send(piece)
                busy[worker.pipe] = (worker, piece)
                yield piece
            for pipe in connection.wait([worker.pipe for worker, _ in busy.values()]):
                worker, piece = busy.pop(pipe)
                try:
                    outcome: Outcome = worker.pipe.recv()
                    idle.append(worker)
                except EOFError:
                    outcome = _dead(worker, piece)
                    worker.end()
                    if waiting:
                        idle.append(_start(folder))
                yield outcome
    finally:
        for worker in [*idle, *(worker for worker, _ in busy.values())]:
            worker.end()


def _start(folder: str) -> _Worker:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(folder, theirs), daemon=True)
    process.start()
    theirs.close()
    return _Worker(process, ours)


def _ready(worker: _Worker, folder: str) -> _Worker:
    """Put a new process in the place of one that was killed while it had nothing to do."""
    if worker.process.is_alive():
        return worker
    worker.end()
    return _start(folder)


def _serve(folder: str, pipe: connection.Connection) -> None:
    """Work until the parent closes the pipe or is gone."""
    # Ctrl-C reaches the whole group; the parent says what happens then.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    assert parent is not None
    threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()
    while True:
        try:
            piece: Piece = pipe.recv()
        except EOFError:
            return
        pipe.send(work.perform(folder, piece))


def _end_with(sentinel: int) -> None:
    connection.wait([sentinel])
    os._exit(1)


def _dead(worker: _Worker, piece: Piece) -> Outcome:
    worker.process.join()
    code = worker.process.exitcode or 0
    how = f"signal {-code}" if code < 0 else f"status {code}"
    return Outcome(
        piece.identity, "dead", f"its process ended with {how}, as for lack of memory or a crash"
    )
