"""Background sequence: bases drawn one after the other from a Markov chain."""

from typing import NamedTuple

import numpy as np
from jaxtyping import Float64

from cislens.errors import UserError
from cislens.sequence.shapes import Codes

MAX_ORDER = 10


class Background(NamedTuple):
    """A Markov chain over A C G T.

    Contexts of k bases are numbered as base-4 numbers, the leftmost base first; k = 0 has one.

    Attributes
    ----------
    initial
        Probability of each context as the first k bases.
    transitions
        Probability of A C G T after each context.
    """

    initial: Float64[np.ndarray, " contexts"]
    transitions: Float64[np.ndarray, "contexts 4"]


def with_gc(gc: float = 0.5) -> Background:
    """Make a background of independent bases.

    Parameters
    ----------
    gc
        Fraction of G and C together; 0.5 draws all four bases alike.

    Returns
    -------
    Background
        A chain of order 0.

    Raises
    ------
    UserError
        If the fraction is not between 0 and 1.
    """
    if not 0 <= gc <= 1:
        raise UserError(f"gc={gc}; wants a fraction from 0 to 1, such as 0.41")
    return Background(np.ones(1), np.array([[1 - gc, gc, gc, 1 - gc]]) / 2)


def fit(codes: Codes, *, order: int, pseudocount: float = 1.0) -> Background:
    """Learn a background from sequences.

    Parameters
    ----------
    codes
        The sequences; stretches that hold N are left out.
    order
        Number of bases that the next one depends on, 0 to 10.
    pseudocount
        Added to the count of each context and of each base after each context.

    Returns
    -------
    Background
        Frequencies over all positions: ``initial`` is the frequency of each k-mer anywhere, not
        at sequence starts.

    Raises
    ------
    UserError
        If the order does not fit the sequences, or a context is never seen and no pseudocount
        is given.
    """
    if not 0 <= order <= MAX_ORDER or order >= codes.shape[1]:
        limit = min(MAX_ORDER, codes.shape[1] - 1)
        raise UserError(f"order={order}; wants 0 to {limit} for sequences of {codes.shape[1]} bp")
    if pseudocount < 0:
        raise UserError(f"pseudocount={pseudocount}; wants 0 or more")
    windows = np.lib.stride_tricks.sliding_window_view(codes, order + 1, axis=1)
    whole = windows[(windows < 4).all(axis=2)].astype(np.int64)
    words = whole @ 4 ** np.arange(order, -1, -1)
    seen = np.bincount(words, minlength=4 ** (order + 1)).reshape(-1, 4)
    counts = seen + pseudocount
    if not counts.any(axis=1).all():
        raise UserError(
            f"order={order}: {(~counts.any(axis=1)).sum()} of {len(counts)} contexts are never "
            "seen; give a pseudocount, more sequence or a lower order"
        )
    initial = seen.sum(axis=1) + pseudocount
    return Background(initial / initial.sum(), counts / counts.sum(axis=1, keepdims=True))


def sample(
    background: Background, *, sequences: int, length: int, rng: np.random.Generator
) -> Codes:
    """Draw sequences.

    Parameters
    ----------
    background
        The chain to draw from.
    sequences
        Number of sequences.
    length
        Length of each, in bp.
    rng
        Source of randomness.

    Returns
    -------
    Codes
        Independent sequences without N.

    Raises
    ------
    UserError
        If the length is shorter than the order of the chain.
    """
    # 4**k contexts have 2k + 1 binary digits.
    order = (len(background.initial).bit_length() - 1) // 2
    if length < order:
        raise UserError(f"length={length}; wants at least {order}, the order of the background")
    codes = np.empty((sequences, length), dtype=np.uint8)
    context = pick(background.initial.cumsum()[None, :-1], rng.random(sequences))
    for position in range(order):
        codes[:, position] = context // 4 ** (order - 1 - position) % 4
    bounds = background.transitions.cumsum(axis=1)[:, :3]
    for position in range(order, length):
        base = pick(bounds[context], rng.random(sequences))
        codes[:, position] = base
        context = (context * 4 + base) % len(bounds)
    return codes


def pick(
    bounds: Float64[np.ndarray, "#draws bounds"], uniforms: Float64[np.ndarray, " draws"]
) -> np.ndarray:
    """Turn uniform numbers into choices.

    Parameters
    ----------
    bounds
        Cumulative probabilities of all choices but the last; one row a draw, or one for all.
    uniforms
        Numbers in [0, 1).

    Returns
    -------
    np.ndarray
        The first choice whose cumulative probability exceeds the uniform number.
    """
    if len(bounds) == 1:
        return np.searchsorted(bounds[0], uniforms, side="right")
    chosen: np.ndarray = (uniforms[:, None] >= bounds).sum(axis=1)
    return chosen
