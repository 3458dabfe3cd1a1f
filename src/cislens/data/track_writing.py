"""Signal along the genome written as bigWig."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pybigtools
from numpy.typing import NDArray

from cislens import files
from cislens.data import _results
from cislens.errors import UserError


class Stretch(NamedTuple):
    """Values of neighbouring bases.

    Attributes
    ----------
    chrom
        Name of the chromosome.
    start
        First base, 0-based.
    values
        One a base; NaN where there is none.
    """

    chrom: str
    start: int
    values: NDArray[np.float32]


def bigwig(
    path: Path,
    sizes: Mapping[str, int],
    stretches: Iterable[Stretch],
    *,
    overwrite: bool = False,
) -> None:
    """Write a bigWig file.

    Parameters
    ----------
    path
        The file; it appears when it is complete.
    sizes
        Lengths of the chromosomes.
    stretches
        Values, a chromosome's all together and by place, chromosomes by name; bases without a value
        (NaN) are left out.
    overwrite
        Replace a file that stands there.

    Raises
    ------
    UserError
        If the place is taken, no base has a value, or stretches are out of order or beyond their
        chromosome.
    """
    faults: list[Exception] = []
    records = _records(sizes, stretches, faults)
    first = next(records, None)
    if faults:
        raise faults[0]
    if first is None:
        raise UserError(f"{path}: no base has a value, and a bigWig file wants one at least")
    with _results.replacing(path, overwrite=overwrite) as partial:
        named = partial.with_suffix(".bw")
        try:
            # The writer wants this ending, and prints the errors of what it is given: hence faults.
            writer = pybigtools.open(str(named), "w")
            writer.write(dict(sorted(sizes.items())), chain([first], records))
            if faults:
                raise faults[0]
            named.rename(partial)
        finally:
            files.remove(named)


def _records(
    sizes: Mapping[str, int], stretches: Iterable[Stretch], faults: list[Exception]
) -> Iterator[tuple[str, int, int, float]]:
    """Join neighbouring bases of one value; what goes wrong ends the file and is kept."""
    last, reached = "", 0
    try:
        for chrom, start, values in stretches:
            reached = reached if chrom == last else 0
            end = start + len(values)
            if chrom < last or start < reached or end > sizes.get(chrom, 0):
                raise UserError(
                    f"{chrom}:{start}-{end}: wants stretches by name of the chromosome and place, "
                    f"within its {sizes.get(chrom, 0)} bp"
                )
            last, reached = chrom, end
            yield from _runs(chrom, start, values)
    except Exception as error:
        faults.append(error)


def _runs(
    chrom: str, start: int, values: NDArray[np.float32]
) -> Iterator[tuple[str, int, int, float]]:
    if not len(values):
        return
    edges = np.concatenate([[0], np.flatnonzero(np.diff(values) != 0) + 1, [len(values)]])
    for begin, end in pairwise(edges.tolist()):
        if not np.isnan(values[begin]):
            yield chrom, start + begin, start + end, float(values[begin])
