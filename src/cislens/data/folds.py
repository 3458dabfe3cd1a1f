"""Chromosomes in folds: as a table has them, or packed so that folds are of one size."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from numpy.typing import NDArray

from cislens.data import _lines
from cislens.data.splits import ByChromosome
from cislens.errors import UserError


@dataclass(frozen=True)
class ByFolds:
    """Plan: folds of whole chromosomes are held out, others in their turn for cross-validation.

    Attributes
    ----------
    validation
        Folds that choose the best epoch.
    test
        Folds for the final numbers; all others train the network.
    table
        Fold of each chromosome, by name; without it chromosomes are packed.
    count
        Number of folds where they are packed; their names are "1", "2" and so on.
    """

    validation: Sequence[str] = field(default_factory=list)
    test: Sequence[str] = field(default_factory=list)
    table: Mapping[str, str] | None = None
    count: int = 5


def read(path: Path) -> dict[str, str]:
    """Read a table of folds.

    Parameters
    ----------
    path
        Two columns between tabs, the name of a chromosome and that of its fold; lines that begin
        with # are skipped.

    Returns
    -------
    dict[str, str]
        Fold of each chromosome.

    Raises
    ------
    UserError
        If a line has another number of columns or names a chromosome again, or there is none.
    """
    table: dict[str, str] = {}
    for number, line in _lines.read(path):
        if not line.strip() or line.startswith("#"):
            continue
        row = [field.strip() for field in line.split("\t")]
        if len(row) != 2 or not all(row):
            raise UserError(
                f"{path}, line {number}: {len(row)} columns; wants a chromosome and its fold, with "
                "a tab between"
            )
        if table.get(row[0], row[1]) != row[1]:
            raise UserError(
                f"{path}, line {number}: {row[0]} is in fold {table[row[0]]} and in {row[1]}; keep "
                "it in one"
            )
        table[row[0]] = row[1]
    if not table:
        raise UserError(f"{path}: the table holds no fold; wants lines of chromosome and fold")
    return table


def pack(sizes: Mapping[str, int], *, count: int) -> dict[str, str]:
    """Deal chromosomes to folds of about one size: the largest first, each to the lightest fold.

    Parameters
    ----------
    sizes
        Sequences of each chromosome.
    count
        Number of folds.

    Returns
    -------
    dict[str, str]
        Fold of each chromosome, "1" to the number of folds; the same for the same sizes.

    Raises
    ------
    UserError
        If there are fewer than two folds, or fewer chromosomes than folds.

    References
    ----------
    Graham 1969, doi:10.1137/0117039: the heaviest fold is never above 4/3 of the best there is.
    """
    if not 2 <= count <= len(sizes):
        raise UserError(
            f"folds={count}: wants 2 or more, and no more than there are chromosomes with "
            f"sequences, {len(sizes)}"
        )
    loads = [0] * count
    table = {}
    for name in sorted(sizes, key=lambda name: (-sizes[name], name)):
        lightest = loads.index(min(loads))
        loads[lightest] += sizes[name]
        table[name] = str(lightest + 1)
    return table


def resolve(chroms: Sequence[str] | NDArray, plan: ByFolds) -> ByChromosome:
    """Find the chromosomes of the folds that are held out.

    Parameters
    ----------
    chroms
        Chromosome of each sequence.
    plan
        The folds.

    Returns
    -------
    ByChromosome
        The same plan by chromosome; it names those that are present only.

    Raises
    ------
    UserError
        If a chromosome is in no fold, or a fold is unknown or has no sequence.
    """
    sizes = Counter(map(str, chroms))
    table = pack(sizes, count=plan.count) if plan.table is None else plan.table
    if homeless := [name for name in sorted(sizes) if name not in table]:
        raise UserError(
            f"folds: chromosome {homeless[0]!r} has sequences and stands in no fold; add it to "
            "the table"
        )
    held = [
        [_present(fold, table, sizes) for fold in dict.fromkeys(names)]
        for names in (plan.validation, plan.test)
    ]
    return ByChromosome(*([name for fold in part for name in fold] for part in held))


def _present(fold: str, table: Mapping[str, str], sizes: Mapping[str, int]) -> list[str]:
    found = [name for name in sorted(sizes) if table[name] == fold]
    if not found:
        known = ", ".join(sorted({table[name] for name in sizes}))
        raise UserError(f"fold {fold!r}: no sequence lies in it; those with some are {known}")
    return found
