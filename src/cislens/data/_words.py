"""Words that any two sequences have both chosen if they share a stretch, compiled.

A word is chosen if it comes first, in a shuffled order of all words, among some neighbours: its
minimiser. A word and its reverse complement count as one (of odd length, so that none is its own).
Two sequences that share ``WIDTH + NEIGHBOURS - 1`` bases on either strand have chosen a word there.
"""

from typing import NamedTuple, no_type_check

import numba
import numpy as np

WIDTH = 13
"""Length of a word, in bp."""
NEIGHBOURS = 7
"""Words among which one at least is chosen."""
STRETCH = WIDTH + NEIGHBOURS - 1
"""Bases that two sequences must share in a row to be sure of a chosen word in common."""
_NONE = -1


class Words(NamedTuple):
    """Chosen words of some sequences."""

    word: np.ndarray
    """Number of the word, int32; that of its reverse complement is the same on both strands."""
    row: np.ndarray
    """Sequence, int32."""
    start: np.ndarray
    """Its first base, int32."""
    turned: np.ndarray
    """Whether the number was read from the other strand."""

    def sorted(self) -> "Words":
        """Sort by number of the word."""
        order = np.argsort(self.word, kind="stable")
        return Words(*(column[order] for column in self))


def chosen(codes: np.ndarray, *, both_strands: bool) -> Words:
    """Choose words of sequences (batch, length); those with an N are none."""
    room = (np.empty(codes.size, np.int32) for _ in range(3))
    word, row, start = room
    turned = np.empty(codes.size, np.bool_)
    count = _choose(codes, both_strands, word, row, start, turned)
    return Words(*(column[:count].copy() for column in (word, row, start, turned)))


@numba.njit(nogil=True, cache=True)
@no_type_check
def _choose(
    codes: np.ndarray,
    both: bool,
    word: np.ndarray,
    row: np.ndarray,
    start: np.ndarray,
    turned: np.ndarray,
) -> int:
    rows, length = codes.shape
    places = max(0, length - WIDTH + 1)
    numbers, others, ranks = (
        np.empty(places, np.int64),
        np.empty(places, np.bool_),
        np.empty(places, np.uint64),
    )
    count = 0
    for number in range(rows):
        _read(codes[number], both, numbers, others, ranks)
        last = -1
        for first in range(places - NEIGHBOURS + 1):
            least = ranks[first]
            for place in range(first + 1, first + NEIGHBOURS):
                least = min(least, ranks[place])
            # All that tie are chosen: which of them is the first depends on the strand.
            for place in range(max(first, last + 1), first + NEIGHBOURS):
                if ranks[place] == least and numbers[place] != _NONE:
                    word[count], row[count], start[count] = numbers[place], number, place
                    turned[count] = others[place]
                    count += 1
                    last = place
    return count


@numba.njit(nogil=True, cache=True)
@no_type_check
def _read(
    bases: np.ndarray, both: bool, numbers: np.ndarray, others: np.ndarray, ranks: np.ndarray
) -> None:
    """Give the words of one sequence their numbers, and a shuffled order."""
    forward, backward, known = 0, 0, 0
    mask = (1 << 2 * WIDTH) - 1
    for place in range(len(bases)):
        base = np.int64(bases[place])
        known = known + 1 if base < 4 else 0
        forward = (forward << 2 | (base & 3)) & mask
        backward = backward >> 2 | (3 - (base & 3)) << 2 * (WIDTH - 1)
        first = place - WIDTH + 1
        if first < 0:
            continue
        if known < WIDTH:
            numbers[first], ranks[first] = _NONE, np.uint64(0xFFFFFFFFFFFFFFFF)
            continue
        others[first] = both and backward < forward
        numbers[first] = backward if others[first] else forward
        # The finaliser of MurmurHash3, one to one.
        rank = np.uint64(numbers[first])
        rank = (rank ^ rank >> np.uint64(33)) * np.uint64(0xFF51AFD7ED558CCD)
        rank = (rank ^ rank >> np.uint64(33)) * np.uint64(0xC4CEB9FE1A85EC53)
        ranks[first] = rank ^ rank >> np.uint64(33)
