"""References: what a sequence is compared with, by name, as a tensor, or made by a function."""

from collections.abc import Callable
from functools import partial

import numpy as np
import torch
from jaxtyping import Float, UInt8
from torch import Tensor

from cislens.attribution import _streams
from cislens.errors import UserError
from cislens.sequence import alphabet, shuffle
from cislens.sequence import onehot as onehots
from cislens.sequence.shapes import Codes, OneHot

Compared = Float[Tensor, "batch references 4 length"]
Maker = Callable[[OneHot, np.random.Generator], Tensor]
References = str | Tensor | Maker
"""A key of `NAMED`, a tensor (batch, references, 4, length), or a function that makes one from
sequences and a generator of random numbers."""


def _zeros(onehot: OneHot, _rng: np.random.Generator) -> Compared:
    return torch.zeros_like(onehot)[:, None]


def _uniform(onehot: OneHot, _rng: np.random.Generator) -> Compared:
    return torch.full_like(onehot, 0.25)[:, None]


def _frequency(onehot: OneHot, _rng: np.random.Generator) -> Compared:
    counts = onehot.sum(dim=2, keepdim=True)
    return (counts / counts.sum(dim=1, keepdim=True).clamp(min=1)).expand_as(onehot)[:, None]


def _shuffled(count: int, onehot: OneHot, rng: np.random.Generator) -> Compared:
    """Shuffle each sequence by its own stream, and the two strands alike."""
    streams = _streams.of(onehot, rng)
    rows = [
        _shuffles(count, codes, stream)
        for codes, stream in zip(onehots.to_codes(onehot), streams, strict=True)
    ]
    shuffled: Tensor = onehots.from_codes(np.concatenate(rows)).unflatten(0, (len(onehot), count))
    return shuffled


def _shuffles(count: int, codes: UInt8[np.ndarray, " length"], stream: _streams.Stream) -> Codes:
    strand = alphabet.reverse_complement(codes[None]) if stream.turned else codes[None]
    shuffled = shuffle.dinucleotide(strand.repeat(count, axis=0), rng=stream.generator(0))
    return alphabet.reverse_complement(shuffled) if stream.turned else shuffled


def shuffled(count: int) -> Maker:
    """Compare with dinucleotide shuffles of the sequence itself.

    Parameters
    ----------
    count
        Shuffles per sequence.

    Returns
    -------
    Maker
        What makes them. From one generator equal sequences get equal shuffles, and the two strands
        of a sequence each other's reverse complements: neither the order, nor the size of a batch,
        nor the strand has an effect.

    Raises
    ------
    UserError
        If there would be none.
    """
    if count < 1:
        raise UserError(f"count={count}: wants at least 1 shuffle; 20 is usual")
    maker = partial(_shuffled, count)
    maker.__doc__ = f"{count} dinucleotide shuffles"
    return maker


NAMED: dict[str, Maker] = {
    "zeros": _zeros,
    "uniform": _uniform,
    "frequency": _frequency,
    "dinucleotide": shuffled(20),
}
"""No base anywhere; 1/4 of each; the sequence's own base composition; 20 dinucleotide shuffles."""


def label(references: References) -> str:
    """Say in words what sequences are compared with.

    Parameters
    ----------
    references
        As the methods take it.

    Returns
    -------
    str
        The name, "given", or what the function is called.
    """
    if isinstance(references, str):
        return references
    if isinstance(references, Tensor):
        return f"{references.shape[1] if references.ndim > 1 else 0} given"
    if isinstance(references, partial):
        return str(references.__doc__).splitlines()[0]
    return str(getattr(references, "__name__", type(references).__name__))


def maker(
    references: References, onehot: OneHot, *, rng: np.random.Generator | None = None
) -> Callable[[slice], Compared]:
    """Prepare references that are made for some rows at a time.

    Parameters
    ----------
    references
        As the methods take it.
    onehot
        The sequences.
    rng
        Where randomness comes from; None is a generator with seed 0.

    Returns
    -------
    Callable[[slice], Compared]
        Gives the references of these rows.

    Raises
    ------
    UserError
        If the name is unknown or a tensor does not match; the returned function raises it for what
        a function made.
    """
    if isinstance(references, Tensor):
        _check(references, onehot)
        return lambda rows: references[rows].to(onehot)
    if isinstance(references, str) and references not in NAMED:
        raise UserError(f"references={references!r}: known are {', '.join(NAMED)}")
    make = NAMED[references] if isinstance(references, str) else references
    # One seed for all batches: what a batch draws must not depend on those before it.
    seed = 0 if rng is None else int(rng.integers(2**63))

    def made(rows: slice) -> Compared:
        references = make(onehot[rows], np.random.default_rng(seed))
        _check(references, onehot[rows])
        return references.to(onehot)

    return made


def _check(references: object, onehot: Tensor) -> None:
    batch, channels, length = onehot.shape
    wanted = f"wants a tensor ({batch}, references, {channels}, {length})"
    if not isinstance(references, Tensor):
        raise UserError(f"references: the function gave a {type(references).__name__}; {wanted}")
    shape = tuple(references.shape)
    if len(shape) != 4 or not shape[1] or (shape[0], *shape[2:]) != (batch, channels, length):
        hint = ": add an axis of references" if shape == tuple(onehot.shape) else ""
        raise UserError(f"references: shape {shape} for {batch} sequences; {wanted}{hint}")
    if not references.sum().isfinite():  # one pass; a mask takes four
        raise UserError("references: hold NaN or infinity; want base columns")
