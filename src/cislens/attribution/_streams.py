"""Random numbers that follow a sequence and not its place in a batch."""

import hashlib
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from cislens.sequence import alphabet
from cislens.sequence import onehot as onehots
from cislens.sequence.shapes import OneHot


class Stream(NamedTuple):
    """The random numbers of one sequence."""

    seed: tuple[int, int]
    turned: bool
    """Whether the numbers are those of the other strand, so that maps of both are alike."""

    def generator(self, number: int) -> np.random.Generator:
        """Start one of its independent series."""
        return np.random.default_rng([*self.seed, number])


def of(onehot: OneHot, rng: np.random.Generator) -> list[Stream]:
    """Give each sequence its random numbers: they depend on ``rng`` and on the bases alone.

    So a map is the same whatever stands beside the sequence, in whatever order, and in batches of
    whatever size. The two strands share their numbers. Draws from ``rng`` once.
    """
    key = int(rng.integers(2**63))
    return list(_streams(onehot, key))


def _streams(onehot: OneHot, key: int) -> Iterator[Stream]:
    codes = onehots.to_codes(onehot)
    for one, other in zip(codes, alphabet.reverse_complement(codes), strict=True):
        texts = (one.tobytes(), other.tobytes())
        digest = hashlib.blake2b(min(texts), digest_size=16).digest()
        yield Stream((key, int.from_bytes(digest, "big")), turned=texts[1] < texts[0])
