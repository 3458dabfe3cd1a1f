"""Sequences that stand in a dataset more than once, in one split or in two."""

import hashlib
from typing import NamedTuple

import numpy as np
import pandas as pd
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
    rows
        Row numbers of the sequences that stand there more than once, group after group in the
        order of their first rows, ascending within a group.
    edges
        Where each group begins in `rows`, and at last where they end.
    """

    within: dict[str, int]
    across: dict[tuple[str, str], int]
    rows: NDArray[np.int64]
    edges: NDArray[np.int64]


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
    _, firsts, group, sizes = np.unique(
        numbers, return_index=True, return_inverse=True, return_counts=True
    )
    repeated = np.flatnonzero(sizes[group] > 1)
    rows = repeated[np.lexsort((repeated, firsts[group[repeated]]))]
    begins = np.flatnonzero(np.diff(firsts[group[rows]], prepend=-1))
    edges = np.append(begins, len(rows))
    counts = np.zeros((len(begins), len(SPLITS)), np.int64)
    codes = pd.Categorical(split[rows], categories=SPLITS).codes.astype(np.intp)
    np.add.at(counts, (np.repeat(np.arange(len(begins)), np.diff(edges)), codes), 1)
    here_and_there = {
        (here, there): int(counts[counts[:, other] > 0, number].sum())
        for number, here in enumerate(SPLITS)
        for other, there in enumerate(SPLITS)
        if number != other
    }
    within = (counts - (counts > 0)).sum(axis=0).tolist()
    return Duplicates(dict(zip(SPLITS, within, strict=True)), here_and_there, rows, edges)


def _texts(codes: Codes) -> list[bytes]:
    """Turn rows into bytes."""
    width = codes.shape[1]
    joined = codes.tobytes()
    return [joined[start : start + width] for start in range(0, len(joined), width)]
