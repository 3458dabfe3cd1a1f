"""What sequences are made of: GC content and shares of dinucleotides."""

import numpy as np
from jaxtyping import Float

from cislens.sequence.alphabet import N_CODE
from cislens.sequence.shapes import Codes

PAIRS = tuple(first + second for first in "ACGT" for second in "ACGT")
"""Names of the columns of `dinucleotides`."""


def gc(codes: Codes) -> Float[np.ndarray, "batch 1"]:
    """Measure the share of G and C.

    Parameters
    ----------
    codes
        Base codes A C G T N = 0..4.

    Returns
    -------
    Float[np.ndarray, "batch 1"]
        Share among the known bases; 0 where none is known.
    """
    known = (codes < N_CODE).sum(axis=1)
    found = ((codes == 1) | (codes == 2)).sum(axis=1)
    share: Float[np.ndarray, "batch 1"] = (found / np.maximum(known, 1))[:, None]
    return share


def dinucleotides(codes: Codes) -> Float[np.ndarray, "batch 16"]:
    """Measure the shares of the dinucleotides, as read on the strand given.

    Parameters
    ----------
    codes
        Base codes A C G T N = 0..4.

    Returns
    -------
    Float[np.ndarray, "batch 16"]
        Shares among the pairs of known bases, in the order of `PAIRS`; zeros where there is none.
    """
    letters = N_CODE + 1
    pairs = codes[:, :-1] * np.uint8(letters) + codes[:, 1:]
    rows = np.arange(len(codes))[:, None] * letters**2
    counts = np.bincount((rows + pairs).ravel(), minlength=len(codes) * letters**2)
    known = counts.reshape(len(codes), letters, letters)[:, :N_CODE, :N_CODE].reshape(-1, 16)
    share: Float[np.ndarray, "batch 16"] = known / np.maximum(known.sum(axis=1, keepdims=True), 1)
    return share
