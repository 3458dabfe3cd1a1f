"""Overlapping scores along the genome, averaged base by base as they come."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


class Stretch(NamedTuple):
    """Scores of neighbouring bases."""

    chrom: str
    start: int
    """First base, 0-based."""
    scores: NDArray[np.float32]


class Pile:
    """Scores of the sequences that reach the present base."""

    def __init__(self) -> None:
        self._chrom, self._start = "", 0
        self._total = np.zeros(0)
        self._count = np.zeros(0)

    def add(self, chrom: str, start: int, track: NDArray[np.float32]) -> Iterator[Stretch]:
        """Lay a sequence on the pile; yield what no later one can reach.

        Parameters
        ----------
        chrom
            Name of its chromosome; chromosomes come one after the other.
        start
            Its first base, 0-based; not before that of the last one of the chromosome.
        track
            One score a base.

        Yields
        ------
        Stretch
            Means over the sequences that lie there.
        """
        if chrom != self._chrom:
            yield from self.finish()
        yield from self._shift(start - self._start)
        if not len(self._total):
            self._chrom, self._start = chrom, start
        missing = start + len(track) - self._start - len(self._total)
        self._total = np.pad(self._total, (0, max(0, missing)))
        self._count = np.pad(self._count, (0, max(0, missing)))
        here = slice(start - self._start, start - self._start + len(track))
        self._total[here] += track
        self._count[here] += 1

    def finish(self) -> Iterator[Stretch]:
        """Yield all that is left.

        Yields
        ------
        Stretch
            As of `add`.
        """
        yield from self._shift(len(self._total))

    def _shift(self, bases: int) -> Iterator[Stretch]:
        ready = min(bases, len(self._total))
        if ready > 0:
            mean = (self._total[:ready] / self._count[:ready]).astype(np.float32)
            yield Stretch(self._chrom, self._start, mean)
            self._total, self._count = self._total[ready:], self._count[ready:]
            self._start += ready
