"""References: what a sequence is compared with, by name, as a tensor, or made by a function."""

import hashlib
from collections.abc import Callable
from functools import partial

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from cislens.errors import UserError
from cislens.sequence import onehot as onehots
from cislens.sequence import shuffle
from cislens.sequence.shapes import OneHot

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
    """Shuffle each sequence by a random stream of its bases' own, whatever stands beside it."""
    salt = rng.bytes(16)
    rows = [
        shuffle.dinucleotide(np.broadcast_to(row, (count, len(row))), rng=_stream(salt, row))
        for row in onehots.to_codes(onehot)
    ]
    shuffled: Tensor = onehots.from_codes(np.concatenate(rows)).unflatten(0, (len(onehot), count))
    return shuffled


def _stream(salt: bytes, codes: np.ndarray) -> np.random.Generator:
    digest = hashlib.blake2b(codes.tobytes(), key=salt, digest_size=16).digest()
    return np.random.default_rng(int.from_bytes(digest, "little"))


def shuffled(count: int) -> Maker:
    """Compare with dinucleotide shuffles of the sequence itself.

    Parameters
    ----------
    count
        Shuffles per sequence.

    Returns
    -------
    Maker
        What makes them. Equal sequences get equal shuffles from one generator, so neither their
        order nor the size of a batch has an effect.

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


def resolve(
    references: References, onehot: OneHot, *, rng: np.random.Generator | None = None
) -> Compared:
    """Give the references of all sequences.

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
    Compared
        The references, with the number type and device of ``onehot``.

    Raises
    ------
    UserError
        If the name is unknown or the references do not match the sequences.
    """
    return maker(references, onehot, rng=rng)(slice(0, len(onehot)))


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
    if not references.isfinite().all():
        raise UserError("references: hold NaN or infinity; want base columns")
