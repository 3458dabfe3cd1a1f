"""Windows cut out of the text of a genome, compiled: many at once, on either strand."""

from typing import no_type_check

import numba
import numpy as np

N_CODE = 4
WRONG = 255


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
def cut(
    text: np.ndarray,
    geometry: np.ndarray,
    starts: np.ndarray,
    minus: np.ndarray,
    codes: np.ndarray,
    out: np.ndarray,
) -> int:
    """Fill each row of ``out`` with a window; what lies beyond the ends of a sequence is N.

    ``geometry`` has a row (length, offset, letters a line, bytes a line) for each window. Gives the
    place of the first byte that is no letter of DNA, or -1.
    """
    rows, length = out.shape
    wrong = -1
    for row in range(rows):
        size, offset, bases, width = geometry[row]
        for column in range(length):
            place = starts[row] + column
            code = N_CODE
            if 0 <= place < size:
                byte = offset + place // bases * width + place % bases
                code = codes[text[byte]]
                if code == WRONG and wrong < 0:
                    wrong = byte
            if minus[row]:
                out[row, length - 1 - column] = code if code > 3 else 3 - code
            else:
                out[row, column] = code
    return wrong
