"""Which sequences train the network, choose its best epoch, and test it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from cislens.errors import UserError

SPLITS = ("train", "validation", "test")
ALIASES = {"valid": "validation", "val": "validation", "dev": "validation", "training": "train"}


@dataclass(frozen=True)
class ByFraction:
    """Plan: at random, by share.

    Attributes
    ----------
    train
        Share of the sequences that train the network.
    validation
        Share that chooses the best epoch.
    test
        Share for the final numbers.
    """

    train: float = 0.8
    validation: float = 0.1
    test: float = 0.1


@dataclass(frozen=True)
class ByChromosome:
    """Plan: whole chromosomes are held out.

    Attributes
    ----------
    validation
        Chromosomes that choose the best epoch.
    test
        Chromosomes for the final numbers; all others train the network.
    """

    validation: Sequence[str] = field(default_factory=list)
    test: Sequence[str] = field(default_factory=list)


@dataclass(frozen=True)
class ByColumn:
    """Plan: a column of the table says it.

    Attributes
    ----------
    column
        Name of the column.
    """

    column: str = "split"


RANDOM = ByFraction()


def name(text: str) -> str:
    """Give the usual name of a split: valid, val and dev are validation, in any case.

    Parameters
    ----------
    text
        A name as users write it.

    Returns
    -------
    str
        "train", "validation" or "test".

    Raises
    ------
    UserError
        If it is none of these.
    """
    lower = text.strip().lower()
    found = ALIASES.get(lower, lower)
    if found not in SPLITS:
        known = ", ".join([*SPLITS, *ALIASES])
        raise UserError(f"split {text!r}: known names are {known}")
    return found


def by_fraction(n: int, *, fractions: Mapping[str, float], rng: np.random.Generator) -> NDArray:
    """Draw splits at random, with shares as exact as whole sequences allow.

    Parameters
    ----------
    n
        Number of sequences.
    fractions
        Share of each split; they sum to 1.
    rng
        Source of randomness.

    Returns
    -------
    NDArray
        The split of each sequence.

    Raises
    ------
    UserError
        If a name is no split, shares do not sum to 1, or a share is too small for one sequence.
    """
    shares = {name(split): fraction for split, fraction in fractions.items()}
    if min(shares.values(), default=-1) < 0 or abs(sum(shares.values()) - 1) > 1e-6:
        raise UserError(
            f"fractions={dict(fractions)}: shares that sum to 1 are wanted, "
            "such as train 0.8, validation 0.1, test 0.1"
        )
    edges = np.rint(n * np.cumsum(list(shares.values()))).astype(int)
    counts = np.diff(edges, prepend=0)
    names = np.repeat(np.array(list(shares)), counts)
    for split, count in zip(shares, counts, strict=True):
        if count == 0 and shares[split] > 0:
            raise UserError(
                f"fractions={dict(fractions)}: {n} sequences leave none for {split}; "
                "give more sequences or a larger share"
            )
    return rng.permutation(names)


def by_chromosome(
    chroms: Sequence[str] | NDArray,
    *,
    validation: Sequence[str],
    test: Sequence[str],
) -> NDArray:
    """Hold out whole chromosomes, so that no neighbour of a test sequence is trained on.

    Parameters
    ----------
    chroms
        Chromosome of each sequence.
    validation
        Chromosomes of the validation split.
    test
        Chromosomes of the test split; all others are "train".

    Returns
    -------
    NDArray
        The split of each sequence.

    Raises
    ------
    UserError
        If a chromosome is not among `chroms` or in both lists, or nothing is left to train on.
    """
    values = np.asarray(chroms, dtype=str)
    present = Counter(values.tolist())
    unknown = [chrom for chrom in [*validation, *test] if chrom not in present]
    if unknown:
        raise UserError(f"chromosome {unknown[0]!r}: present are {', '.join(sorted(present))}")
    both = sorted(set(validation) & set(test))
    if both:
        raise UserError(f"chromosome {both[0]!r} is in validation and in test; keep it in one")
    result = np.full(len(values), "train", dtype="<U10")
    result[np.isin(values, validation)] = "validation"
    result[np.isin(values, test)] = "test"
    _check_train(result, "validation and test hold every chromosome; leave some out of both")
    return result


def by_column(values: Sequence[str] | NDArray) -> NDArray:
    """Take the splits that a table gives.

    Parameters
    ----------
    values
        A name for each sequence: train, validation (valid, val, dev) or test.

    Returns
    -------
    NDArray
        The split of each sequence, under its usual name.

    Raises
    ------
    UserError
        If a name is no split, or no sequence is "train".
    """
    names = {str(value): name(str(value)) for value in set(values)}
    result = np.array([names[str(value)] for value in values], dtype="<U10")
    got = ", ".join(sorted(names))
    _check_train(result, f"the column holds only {got}; split at random or by chromosome instead")
    return result


def _check_train(result: NDArray, reason: str) -> None:
    """Refuse a split that leaves nothing to train on."""
    if not (result == "train").any():
        raise UserError(f"split: no sequence is left for train, {reason}")
