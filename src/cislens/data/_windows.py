"""Windows cut out of the text of a genome, compiled: many at once, on either strand.

``geometry`` has a row (length, offset, letters a line, bytes a line) for each window. What lies
beyond the ends of a sequence is N. Letters are first gathered line by line and then turned as one
stretch, so that the loop over them is one of vectors.
"""

from typing import no_type_check

import numba
import numpy as np

N_CODE = 4
WRONG = 255
_LOWER = np.uint8(32)
_NONE = np.uint8(ord("N"))
_A, _C, _G, _T, _U = (np.uint8(ord(letter)) for letter in "acgtu")


def table() -> np.ndarray:
    """Give the base code of every byte: letters in either case, ambiguity letters as N."""
    codes = np.full(256, WRONG, np.uint8)
    for letters, code in (("Aa", 0), ("Cc", 1), ("Gg", 2), ("TtUu", 3), ("NnXx", N_CODE)):
        codes[list(letters.encode())] = code
    codes[list(b"RYSWKMBDHVryswkmbdhv")] = N_CODE
    return codes


TABLE = table()


@numba.njit(nogil=True, cache=True)
@no_type_check
def codes(
    text: np.ndarray,
    geometry: np.ndarray,
    starts: np.ndarray,
    minus: np.ndarray,
    known: np.ndarray,
    out: np.ndarray,
) -> int:
    """Fill each row of ``out`` (windows, length) with base codes.

    Gives the first letter that is none of DNA, counted over all windows in the order of their
    chromosomes' plus strand, or -1.
    """
    rows, length = out.shape
    letters = np.empty(length, np.uint8)
    for row in range(rows):
        _gather(text, geometry[row], starts[row], letters)
        for step in range(length):
            code = known[letters[step]]
            if code == WRONG:
                return row * length + step
            if minus[row]:
                out[row, length - 1 - step] = code if code > 3 else 3 - code
            else:
                out[row, step] = code
    return -1


@numba.njit(nogil=True, cache=True)
@no_type_check
def onehot(
    text: np.ndarray,
    geometry: np.ndarray,
    starts: np.ndarray,
    minus: np.ndarray,
    known: np.ndarray,
    out: np.ndarray,
) -> int:
    """Fill each row of ``out`` (windows, 4, length) with ones and zeros; as `codes` else."""
    rows, _, length = out.shape
    letters = np.empty(length, np.uint8)
    for row in range(rows):
        _gather(text, geometry[row], starts[row], letters)
        if minus[row]:
            found = _spread(letters[::-1], out[row, 3], out[row, 2], out[row, 1], out[row, 0])
        else:
            found = _spread(letters, out[row, 0], out[row, 1], out[row, 2], out[row, 3])
        if found < length:
            for step in range(length):
                if known[letters[step]] == WRONG:
                    return row * length + step
    return -1


@numba.njit(nogil=True, cache=True)
@no_type_check
def _gather(text: np.ndarray, where: np.ndarray, start: int, letters: np.ndarray) -> None:
    """Copy the letters of a window, without line ends."""
    size, offset, bases, width = where
    place, end = max(0, start), min(size, start + len(letters))
    if end - place < len(letters):
        letters[:] = _NONE
    while place < end:
        byte = offset + place // bases * width + place % bases
        run = min(bases - place % bases, end - place)
        first = place - start
        for step in range(run):
            letters[first + step] = text[byte + step]
        place += run


@numba.njit(nogil=True, cache=True)
@no_type_check
def _spread(letters: np.ndarray, a: np.ndarray, c: np.ndarray, g: np.ndarray, t: np.ndarray) -> int:
    """Write four channels; give the number of bases that are none of N."""
    found = 0
    for step in range(len(letters)):
        letter = letters[step] | _LOWER
        is_a, is_c, is_g = letter == _A, letter == _C, letter == _G
        is_t = (letter == _T) | (letter == _U)
        a[step], c[step], g[step], t[step] = is_a, is_c, is_g, is_t
        found += is_a | is_c | is_g | is_t
    return found
