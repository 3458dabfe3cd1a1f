"""Shuffles that keep k-mer counts, drawn uniformly."""

import concurrent.futures

import numba
import numpy as np

from cislens.errors import UserError
from cislens.sequence import _euler
from cislens.sequence.alphabet import N_CODE
from cislens.sequence.shapes import Codes

MAX_K = 8
"""The longest k-mers whose counts `kmer` keeps, in bp: its table has 5 ** (k - 1) entries."""

_ROWS_AT_ONCE = 256


def kmer(codes: Codes, *, k: int, rng: np.random.Generator) -> Codes:
    """Shuffle sequences so that the counts of all k-mers stay.

    Each row becomes, with equal probability, any of the sequences that have its counts of k-mers
    and its first and last k-1 bases; the counts of all shorter words then stay as well. N counts
    as a fifth letter. Rows of few or no rearrangements may come back as they were.

    Parameters
    ----------
    codes
        Base codes 0 to 4.
    k
        Length of the k-mers, in bp, 1 to `MAX_K`.
    rng
        Where the randomness comes from; one draw a row, so that the result depends neither on
        the number of threads nor on the rows that follow.

    Returns
    -------
    Codes
        A new array of shuffled rows.

    Raises
    ------
    UserError
        If k is below 1 or above `MAX_K`, the sequences are shorter than k, or a code is above 4.

    References
    ----------
    Kandel et al. 1996, doi:10.1016/S0166-218X(97)81456-4, for the Eulerian path behind a random
    tree; Wilson 1996, doi:10.1145/237814.237880, for the tree. Altschul and Erickson 1985,
    doi:10.1093/oxfordjournals.molbev.a040370, posed the question.
    """
    if not 1 <= k <= MAX_K:
        raise UserError(f"k={k}: wants 1 to {MAX_K}")
    if codes.shape[1] < k:
        raise UserError(f"codes: length {codes.shape[1]} with k={k}; wants sequences of k or more")
    if codes.size and codes.max() > N_CODE:
        raise UserError(f"codes: {codes.max()} is no base; wants A C G T N as 0 to {N_CODE}")
    seeds = rng.integers(0, 2**64, size=len(codes), dtype=np.uint64)
    shuffled = np.empty(codes.shape, dtype=np.uint8)
    blocks = [slice(i, i + _ROWS_AT_ONCE) for i in range(0, len(codes), _ROWS_AT_ONCE)]

    def shuffle_block(rows: slice) -> None:
        block = np.ascontiguousarray(codes[rows])
        _euler.shuffle_rows(block, k, seeds[rows], shuffled[rows])

    # Threads of Python around a kernel that frees the lock, not numba's own: those are unsafe
    # once a data loader has forked.
    with concurrent.futures.ThreadPoolExecutor(numba.config.NUMBA_NUM_THREADS) as pool:
        list(pool.map(shuffle_block, blocks))
    return shuffled


def dinucleotide(codes: Codes, *, rng: np.random.Generator) -> Codes:
    """Shuffle sequences so that the counts of all dinucleotides stay.

    Parameters
    ----------
    codes
        Base codes 0 to 4, of at least 2 bp.
    rng
        Where the randomness comes from.

    Returns
    -------
    Codes
        As `kmer` with k = 2: uniform, first and last base kept.
    """
    return kmer(codes, k=2, rng=rng)


def mononucleotide(codes: Codes, *, rng: np.random.Generator) -> Codes:
    """Shuffle the bases of each sequence.

    Parameters
    ----------
    codes
        Base codes 0 to 4, of at least 1 bp.
    rng
        Where the randomness comes from.

    Returns
    -------
    Codes
        As `kmer` with k = 1: every order of the bases equally likely.
    """
    return kmer(codes, k=1, rng=rng)
