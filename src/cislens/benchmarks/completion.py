"""How far a run folder is."""

from pathlib import Path
from typing import NamedTuple

from cislens.benchmarks.suite import Benchmark
from cislens.jobs import plan
from cislens.jobs.progress import Progress
from cislens.jobs.store import Store


class Completion(NamedTuple):
    """How far a run folder is.

    Attributes
    ----------
    states
        How many pieces are in each state.
    seconds
        Processor time of the pieces that are done.
    left
        What the others may take; None where none is done.
    problems
        Labels and errors of the pieces that failed, are corrupt or foreign.
    foreign
        Results of no piece of the plan.
    """

    states: dict[str, int]
    seconds: float
    left: float | None
    problems: dict[str, str]
    foreign: list[str]


def of(benchmark: Benchmark, out: Path) -> Completion:
    """Look at a run folder without changing it.

    Parameters
    ----------
    benchmark
        What the folder is of.
    out
        The run folder.

    Returns
    -------
    Completion
        Counts and problems.
    """
    store = Store(out)
    pieces = list(plan.complete(benchmark.pieces).values())
    states: dict[str, int] = {}
    seconds = 0.0
    problems = {}
    guess = Progress(len(pieces), waiting={piece.identity: piece.function for piece in pieces})
    for piece in pieces:
        state = store.state(piece)
        states[state] = states.get(state, 0) + 1
        if state == "done":
            took = store.read(piece, check=False).seconds
            seconds += took
            guess.finish(piece.identity, failed=False, seconds=took)
        elif state == "failed":
            problems[piece.label] = store.failure(piece).splitlines()[-1]
        elif state in ("corrupt", "foreign"):
            problems[piece.label] = f"its result is {state}, and will be made again"
    return Completion(states, seconds, guess.seconds_left(), problems, store.foreign(pieces))
