"""Pieces in several processes of this machine, each begun anew and ended with its parent."""

import multiprocessing
import os
import signal
import threading
from collections.abc import Generator
from multiprocessing import connection
from multiprocessing.context import SpawnProcess
from typing import NamedTuple

from cislens.jobs import work
from cislens.jobs.plan import Piece
from cislens.jobs.queue import Queue
from cislens.jobs.work import Outcome


class _Worker(NamedTuple):
    process: SpawnProcess
    pipe: connection.Connection

    def end(self) -> None:
        """End it, whatever it does."""
        self.pipe.close()
        self.process.kill()
        self.process.join()


def outcomes(folder: str, queue: Queue, *, workers: int) -> Generator[Piece | Outcome, None, None]:
    """Give each piece as it starts and its outcome as it ends; a process that dies fails its own.

    Forked processes would inherit threads and locks of torch, so each is spawned.
    """
    idle = [_start(folder) for _ in range(min(workers, len(queue)))]
    busy: dict[object, tuple[_Worker, Piece]] = {}
    try:
        while True:
            while idle and (piece := queue.take()):
                worker = _ready(idle.pop(), folder)
                worker.pipe.send(piece)
                busy[worker.pipe] = (worker, piece)
                yield piece
            if not busy:
                return
            for pipe in connection.wait([worker.pipe for worker, _ in busy.values()]):
                worker, piece = busy.pop(pipe)
                outcome = _received(worker, piece)
                idle.append(worker)
                yield outcome
    finally:
        for worker in [*idle, *(worker for worker, _ in busy.values())]:
            worker.end()


def _received(worker: _Worker, piece: Piece) -> Outcome:
    try:
        outcome: Outcome = worker.pipe.recv()
    except EOFError:
        worker.process.join()
        code = worker.process.exitcode or 0
        how = f"signal {-code}" if code < 0 else f"status {code}"
        why = f"its process ended with {how}, as for lack of memory or a crash"
        return Outcome(piece.identity, "dead", why)
    return outcome


def _start(folder: str) -> _Worker:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(folder, theirs), daemon=True)
    process.start()
    theirs.close()
    return _Worker(process, ours)


def _ready(worker: _Worker, folder: str) -> _Worker:
    """Put a new process in the place of one that is gone."""
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
