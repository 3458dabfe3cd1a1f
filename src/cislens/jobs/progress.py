"""How far a run is, for those who wait."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from statistics import fmean

Tell = Callable[["Progress"], None]


@dataclass
class Progress:
    """Counts of pieces, and a guess at the time left.

    Attributes
    ----------
    total
        Pieces of the plan.
    done
        Pieces with a result, those of earlier sittings too.
    failed
        Pieces that raised an error in this sitting.
    running
        Labels of the pieces in work.
    workers
        How many pieces are worked on at once.
    waiting
        Functions of the pieces that have not ended, by identity.
    """

    total: int
    done: int = 0
    failed: int = 0
    running: dict[str, str] = field(default_factory=dict)
    workers: int = 1
    waiting: dict[str, str] = field(default_factory=dict)
    _took: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    def start(self, identity: str, label: str) -> None:
        """Note that a piece began.

        Parameters
        ----------
        identity
            Of the piece.
        label
            What a person calls it.
        """
        self.running[identity] = label

    def finish(self, identity: str, *, failed: bool, seconds: float) -> None:
        """Note that a piece ended.

        Parameters
        ----------
        identity
            Of the piece.
        failed
            Whether with an error.
        seconds
            What it took.
        """
        self.running.pop(identity, None)
        function = self.waiting.pop(identity)
        if failed:
            self.failed += 1
        else:
            self.done += 1
            self.learn(function, seconds)

    def learn(self, function: str, seconds: float) -> None:
        """Note what a piece took, in this sitting or an earlier one.

        Parameters
        ----------
        function
            Of the piece.
        seconds
            What it took.
        """
        self._took[function].append(seconds)

    def seconds_left(self) -> float | None:
        """Guess by pieces of the same function; by all, where none of them has ended.

        Returns
        -------
        float or None
            Seconds; None before the first piece ended.
        """
        if not self._took:
            return None
        means = {function: fmean(seconds) for function, seconds in self._took.items()}
        other = fmean(second for seconds in self._took.values() for second in seconds)
        left = sum(means.get(function, other) for function in self.waiting.values())
        return left / self.workers

    def text(self) -> str:
        """Say it in a line.

        Returns
        -------
        str
            Such as "12 of 40 done, 2 running, 1 failed, about 3 min left".
        """
        parts = [f"{self.done} of {self.total} done", f"{len(self.running)} running"]
        if self.failed:
            parts.append(f"{self.failed} failed")
        left = self.seconds_left()
        if left is not None and self.waiting:
            parts.append(f"about {duration(left)} left")
        return ", ".join(parts)


def duration(seconds: float) -> str:
    """Write a time to the precision of a guess.

    Parameters
    ----------
    seconds
        The time.

    Returns
    -------
    str
        Such as "40 s", "12 min" or "3.5 h".
    """
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"
