"""Sequences that stand in a dataset more than once, in one split or in two."""

import hashlib
from collections import Counter
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cislens.data.splits import SPLITS
from cislens.sequence import alphabet as alphabets
from cislens.sequence.alphabet import Alphabet
from cislens.sequence.shapes import Codes


class Duplicates(NamedTuple):
    """How many sequences repeat another one.

    Attributes
    ----------
    within
        For each split the sequences that repeat an earlier one of the same split.
    across
        For each ordered pair of splits (here, there) the sequences of `here` that also stand in
        `there`.
    groups
        Row numbers of the sequences that are the same, one array a group of two or more, the
        groups in the order of their first row.
    """

    within: dict[str, int]
    across: dict[tuple[str, str], int]
    groups: list[NDArray[np.int64]]


def digests(codes: Codes, *, alphabet: Alphabet) -> NDArray[np.uint64]:
    """Give a number for each sequence that is the same for the same letters.

    Parameters
    ----------
    codes
        Base codes, one row a sequence.
    alphabet
        For DNA a sequence and its reverse complement have one number; RNA has one strand.

    Returns
    -------
    NDArray[np.uint64]
        BLAKE2 of 64 bits: among ten million different sequences the odds that two share a number
        are about 1 to 400,000.
    """
    rows = np.ascontiguousarray(codes)
    both = [rows]
    if alphabet.name == "DNA":
        both.append(np.ascontiguousarray(alphabets.reverse_complement(rows)))
    texts = (min(strands) for strands in zip(*map(_texts, both), strict=True))
    joined = b"".join(hashlib.blake2b(text, digest_size=8).digest() for text in texts)
    return np.frombuffer(joined, np.uint64)


def find(numbers: NDArray[np.uint64], split: NDArray) -> Duplicates:
    """Compare all sequences of a dataset.

    Parameters
    ----------
    numbers
        The digest of each sequence.
    split
        The split of each.

    Returns
    -------
    Duplicates
        What repeats; a sequence that stands in three splits counts in each pair.
    """
    order = np.argsort(numbers, kind="stable")
    _, firsts, sizes = np.unique(numbers[order], return_index=True, return_counts=True)
    repeated = sizes > 1
    stretches = zip(firsts[repeated], sizes[repeated], strict=True)
    groups = [np.sort(order[first : first + size]) for first, size in stretches]
    groups.sort(key=lambda group: int(group[0]))
    within = dict.fromkeys(SPLITS, 0)
    across = {(here, there): 0 for here in SPLITS for there in SPLITS if here != there}
    for group in groups:
        counts = Counter(split[group].tolist())
        for here, count in counts.items():
            within[here] += count - 1
            for there in counts.keys() - {here}:
                across[here, there] += count
    return Duplicates(within, across, groups)


def _texts(codes: Codes) -> list[bytes]:
    """Turn rows into bytes."""
    width = codes.shape[1]
    joined = codes.tobytes()
    return [joined[start : start + width] for start in range(0, len(joined), width)]
