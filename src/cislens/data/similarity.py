"""Sequences of one split that are much like one of another: what a test score may remember."""

from collections.abc import Callable
from typing import NamedTuple, no_type_check

import numba
import numpy as np
from numpy.typing import NDArray

from cislens.data import _words
from cislens.data._words import Words
from cislens.data.dataset import SequenceView
from cislens.errors import UserError
from cislens.sequence.shapes import Codes

IDENTITY = 0.9
OVERLAP = 0.5
_BLOCK = 1024
_WIDTH = _words.WIDTH
_TAIL = 6
"""Bits of a word that its place in the table of first places does not tell."""
_INDEXED = 2**25
"""Bases whose words are held at once."""
_COMPARED = 200
"""Sequences that one word of another is followed to at most, where repeats have it everywhere."""


class Similar(NamedTuple):
    """Sequences that have a likeness, and one for each."""

    rows: NDArray[np.int64]
    """Positions in the first view, in order."""
    partners: NDArray[np.int64]
    """Positions in the second view: a sequence that is like it, not always the likest."""
    identity: NDArray[np.float64]
    """Share of equal bases where the two lie over each other."""


def _silent(done: int, total: int) -> None:
    """Show no progress."""


def find(
    here: SequenceView,
    there: SequenceView,
    *,
    identity: float = IDENTITY,
    overlap: float = OVERLAP,
    tell: Callable[[int, int], None] = _silent,
) -> Similar:
    """Find the sequences of one view that are like one of another.

    Two are alike if, laid over each other without gaps, on either strand for DNA, they cover
    ``overlap`` of their length and are equal in ``identity`` of the bases there. Pairs are compared
    base by base along each diagonal on which they share a chosen word of 13 bp, so that no pair is
    called alike that is not, and every pair is compared that shares 19 bases in a row. Of 2,000
    pairs at the limits, 200 bp of which half overlap with 10 % changed at random, 33 were missed;
    none of 500 bp, and none with 5 % changed. N equals nothing. Memory does not grow with the
    sequences, but for 16 bytes for each of `here`.

    Parameters
    ----------
    here
        Sequences that are looked up, such as those of the test split.
    there
        Sequences they are held against, such as those of the training split.
    identity
        Least share of equal bases, above 0.
    overlap
        Least share of the length, above 0.
    tell
        Called with the number of sequences read and to be read.

    Returns
    -------
    Similar
        Those of `here` that have a likeness.

    Raises
    ------
    UserError
        If a share is not above 0 and at most 1, or the views differ in length or alphabet.
    """
    _check(here, there, identity, overlap)
    partners = np.full(len(here), -1, np.int64)
    alike = np.zeros(len(here))
    step = max(1, _INDEXED // here.length)
    passes = -(-len(here) // step)
    for number in range(passes):
        rows = slice(number * step, (number + 1) * step)
        wanted = _Wanted(here[rows], identity, overlap, both=here.dataset.alphabet.name == "DNA")
        for start in range(0, len(there), _BLOCK):
            wanted.meet(there[start : start + _BLOCK], start)
            done = number * len(there) + min(start + _BLOCK, len(there))
            tell(done, passes * len(there))
        partners[rows], alike[rows] = wanted.partners, wanted.alike
    found = np.flatnonzero(partners >= 0)
    return Similar(found, partners[found], alike[found])


class _Wanted:
    """Sequences that await one that is like them."""

    def __init__(self, codes: Codes, identity: float, overlap: float, *, both: bool) -> None:
        self.partners = np.full(len(codes), -1, np.int64)
        self.alike = np.zeros(len(codes))
        self._codes, self._both = codes, both
        self._limits = (identity, overlap * codes.shape[1])
        blocks = range(0, len(codes), _BLOCK)
        parts = [
            _words.chosen(codes[first : first + _BLOCK], both_strands=both) for first in blocks
        ]
        moved = [
            part._replace(row=part.row + first) for first, part in zip(blocks, parts, strict=True)
        ]
        self._words = Words(*(np.concatenate(c) for c in zip(*moved, strict=True))).sorted()
        numbers = np.arange(4**_WIDTH + 1, step=1 << _TAIL)
        self._heads = np.searchsorted(self._words.word, numbers).astype(np.int32)

    def meet(self, codes: Codes, first: int) -> None:
        """Compare with other sequences, of which the first has this position."""
        _meet(
            self._codes,
            (*self._words, self._heads),
            codes,
            tuple(_words.chosen(codes, both_strands=self._both)),
            self._limits,
            first,
            (self.partners, self.alike),
        )


def _check(here: SequenceView, there: SequenceView, identity: float, overlap: float) -> None:
    for name, share in (("identity", identity), ("overlap", overlap)):
        if not 0 < share <= 1:
            raise UserError(f"{name}={share:g}: a share above 0 and at most 1 is wanted")
    pairs = [(view.length, view.dataset.alphabet.name) for view in (here, there)]
    if pairs[0] != pairs[1]:
        raise UserError(
            f"views: {pairs[0][0]} bp of {pairs[0][1]} and {pairs[1][0]} bp of {pairs[1][1]}; "
            "sequences of one length and alphabet are wanted"
        )


@numba.njit(nogil=True, cache=True)
@no_type_check
def _meet(
    here: np.ndarray,
    held: tuple,
    there: np.ndarray,
    met: tuple,
    limits: tuple,
    first: int,
    found: tuple,
) -> None:
    """Follow each word to where it is held, and compare the two sequences there."""
    words, rows, starts, turned, heads = held
    partners, alike = found
    length = here.shape[1]
    for number in range(len(met[0])):
        word = met[0][number]
        begin, end = heads[word >> _TAIL], heads[(word >> _TAIL) + 1]
        while begin < end and words[begin] < word:
            begin += 1
        while begin < end and words[end - 1] > word:
            end -= 1
        left, count = _COMPARED, end - begin
        # Begun at another place for each sequence, so that repeats come round to all.
        other = met[1][number]
        for step in range(count):
            place = begin + (step + (first + other) * 7919) % count
            row = rows[place]
            if partners[row] >= 0:
                continue
            is_turned = turned[place] != met[3][number]
            start = length - _WIDTH - starts[place] if is_turned else starts[place]
            share = _share(here[row], there[other], met[2][number] - start, is_turned, limits)
            if share > 0:
                partners[row], alike[row] = first + other, share
            left -= 1
            if not left:
                break


@numba.njit(nogil=True, cache=True)
@no_type_check
def _share(one: np.ndarray, other: np.ndarray, shift: int, is_turned: bool, limits: tuple) -> float:
    """Give the share of equal bases along a diagonal; 0 if too few overlap or are equal."""
    length = len(one)
    overlap = length - abs(shift)
    if overlap < limits[1]:
        return 0.0
    # A little slack, so that 9 of 10 are 0.9 whatever the rounding.
    allowed = int((1 - limits[0]) * overlap + 1e-9)
    different = 0
    for place in range(max(0, -shift), min(length, length - shift)):
        base = 3 - one[length - 1 - place] if is_turned else one[place]
        if base != other[place + shift] or base > 3:
            different += 1
            if different > allowed:
                return 0.0
    return (overlap - different) / overlap
