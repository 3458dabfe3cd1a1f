"""The sites of every filter, gathered batch by batch in bounded memory."""

import concurrent.futures
import dataclasses
import itertools
from collections.abc import Iterable

import numpy as np
import torch

from cislens.motifs import _scan, _store
from cislens.motifs.options import FilterOptions
from cislens.sequence.shapes import Codes

# Counts of a batch may not run over 32 bits: tables are emptied into float64 before they can.
_MOST_POSITIONS = 2**31 - 1


@dataclasses.dataclass(frozen=True)
class Windows:
    """Where the window of each position of a map lies: ``start + position * jump``, in bp."""

    start: int
    jump: int
    width: int
    filters: int
    positions: int
    length: int

    @property
    def parts(self) -> int:
        """Count the triplets of a window."""
        return -(-self.width // _store.TRIPLET)

    def whole(self) -> tuple[int, int]:
        """Give the first position whose window is inside the sequence, and one past the last."""
        first = max(0, -(self.start // self.jump))
        last = (self.length - self.width - self.start) // self.jump
        return first, max(first, min(self.positions, last + 1))


class Collector:
    """Takes maps, gives counts."""

    def __init__(
        self, windows: Windows, options: FilterOptions, thresholds: np.ndarray | None = None
    ) -> None:
        first, end = (0, windows.positions) if options.ends == "background" else windows.whole()
        by_rule = thresholds is None
        self.windows = windows
        self.plan = _store.Plan(
            fraction=options.level if by_rule and options.rule == "fraction-of-maximum" else -1.0,
            best=int(options.level) if by_rule and options.rule == "top" else 0,
            cap=options.sites_per_sequence or 0,
            weighted=options.weighting == "activation",
            strands=1 + options.both_strands,
            jump=windows.jump,
            first=first,
            end=end,
        )
        self.state = _blank(windows, self.plan, options, thresholds)
        self._counts = np.zeros((windows.filters, _store.BASE, _store.TRIPLET * windows.parts))
        self._taken = 0

    def gather(self, stream: Iterable[tuple[Codes, np.ndarray]]) -> None:
        """Take base codes and maps (row, filter, position) in float32, batch by batch."""
        workers = torch.get_num_threads()
        # Threads of Python around a kernel that frees the lock: numba's own would wait in a busy
        # loop between batches, on the cores that the network needs.
        with concurrent.futures.ThreadPoolExecutor(workers) as threads:
            edges = np.linspace(0, self.windows.filters, workers + 1).astype(int).tolist()
            for codes, maps in stream:
                triplets = self._prepare(codes, maps)
                jobs = [
                    threads.submit(_scan.collect, maps, triplets, self.plan, self.state, part)
                    for part in itertools.pairwise(edges)
                ]
                for job in jobs:
                    job.result()
        self._settle()

    def _prepare(self, codes: Codes, maps: np.ndarray) -> np.ndarray:
        """Make room in the tables, and give the triplets of the codes."""
        positions = maps.shape[0] * maps.shape[2]
        if self._taken + positions > _MOST_POSITIONS:
            self._empty_tables()
        self._taken += positions
        span = (maps.shape[2] - 1) * self.windows.jump + _store.TRIPLET * self.windows.parts
        triplets = np.empty((maps.shape[0], span), np.uint8)
        _store.triplets(codes, self.windows.start, triplets)
        return triplets

    def _settle(self) -> None:
        """Decide on the sites that wait, now that every threshold is final."""
        for f in range(self.windows.filters):
            if self.plan.best:
                _store.keep_best(f, self.plan.best, self.state)
                stored = self.state.values[f, : self.state.stored[f]]
                self.state.threshold[f] = stored.min() if len(stored) else np.nan
                self.state.ceiling[f] = -np.inf
            else:
                self.state.ceiling[f] = self.state.threshold[f]
            _store.sweep(f, self.plan, self.state)
        self._empty_tables()

    def counts(self) -> np.ndarray:
        """Give the weight of each code, A C G T N outside, at each column: (filter, 6, width)."""
        return self._counts[:, :, : self.windows.width]

    def _empty_tables(self) -> None:
        """Add the tables of triplets to the counts of columns."""
        shape = (self.windows.filters, self.windows.parts, *[_store.BASE] * _store.TRIPLET)
        tables = self.state.tables.reshape(shape)
        for column in range(_store.TRIPLET):
            others = tuple(2 + other for other in range(_store.TRIPLET) if other != column)
            sums = tables.sum(axis=others, dtype=np.float64)
            self._counts[:, :, column :: _store.TRIPLET] += sums.transpose(0, 2, 1)
        self.state.tables[:] = 0
        self._taken = 0


def _blank(
    windows: Windows,
    plan: _store.Plan,
    options: FilterOptions,
    thresholds: np.ndarray | None,
) -> _store.State:
    filters = windows.filters
    # A full store keeps at most seven eighths, and then a whole row of sites must fit.
    room = 8 * windows.positions
    if plan.best:
        room = max(room, 2 * plan.best + windows.positions)
    elif thresholds is None:
        room = max(room, options.buffer_bytes // (filters * (4 + windows.parts)))
    limits = np.full(filters, -np.inf, np.float32) if thresholds is None else thresholds
    ceiling = np.full(filters, np.inf, np.float32) if thresholds is None else thresholds
    return _store.State(
        maximum=np.full(filters, -np.inf, np.float32),
        reached=np.zeros(filters, np.int64),
        minimum=np.full(filters, np.inf, np.float32),
        undefined=np.zeros(filters, bool),
        threshold=limits.copy(),
        ceiling=ceiling.copy(),
        stale=np.zeros(filters, bool),
        sites=np.zeros(filters, np.int64),
        tables=np.zeros(
            (filters, windows.parts, _store.BASE**_store.TRIPLET),
            np.float64 if plan.weighted else np.int32,
        ),
        stored=np.zeros(filters, np.int64),
        values=np.empty((filters, room), np.float32),
        windows=np.empty((filters, room, windows.parts), np.uint8),
    )
