"""Plans of splits, carried out on sequences whose chromosomes are known."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from cislens.data import folds, splits
from cislens.data.folds import ByFolds
from cislens.data.splits import ByChromosome, ByFraction

Plan = ByFraction | ByChromosome | ByFolds


def settled(chroms: Sequence[str] | NDArray, plan: Plan) -> ByFraction | ByChromosome:
    """Turn folds into the chromosomes that they are; leave other plans as they are.

    Parameters
    ----------
    chroms
        Chromosome of each sequence; packed folds are of one size in these.
    plan
        How they will be divided.

    Returns
    -------
    ByFraction | ByChromosome
        The plan.

    Raises
    ------
    UserError
        As `folds.resolve` does.
    """
    return folds.resolve(chroms, plan) if isinstance(plan, ByFolds) else plan


def assign(chroms: Sequence[str] | NDArray, plan: Plan, *, rng: np.random.Generator) -> NDArray:
    """Split sequences of a genome.

    Parameters
    ----------
    chroms
        Chromosome of each sequence.
    plan
        How they are divided.
    rng
        Source of randomness, for shares.

    Returns
    -------
    NDArray
        The split of each sequence.

    Raises
    ------
    UserError
        As `splits.by_chromosome`, `splits.by_fraction` and `folds.resolve` do.
    """
    plan = settled(chroms, plan)
    if isinstance(plan, ByChromosome):
        return splits.by_chromosome(chroms, validation=plan.validation, test=plan.test)
    fractions = {name: getattr(plan, name) for name in splits.SPLITS}
    return splits.by_fraction(len(chroms), fractions=fractions, rng=rng)


def groups(chroms: Sequence[str] | NDArray, plan: Plan) -> list[list[str]]:
    """List the chromosomes of each split, or all of them where splits share them.

    Parameters
    ----------
    chroms
        Chromosome of each sequence.
    plan
        How they will be divided.

    Returns
    -------
    list of list
        Chromosomes that are present, sorted; one list a split that has some.
    """
    present = sorted(set(map(str, chroms)))
    plan = settled(chroms, plan)
    if not isinstance(plan, ByChromosome):
        return [present]
    split = splits.by_chromosome(present, validation=plan.validation, test=plan.test)
    parts = [
        [c for c, s in zip(present, split, strict=True) if s == name] for name in splits.SPLITS
    ]
    return [part for part in parts if part]
