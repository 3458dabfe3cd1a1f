"""Strands of windows."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cislens.errors import UserError


def minus(strand: Sequence[str] | NDArray | str, count: int) -> NDArray[np.bool_]:
    """Say which windows lie on the other strand."""
    found = [strand] if isinstance(strand, str) else pd.unique(np.asarray(strand, dtype=object))
    if unknown := {str(name) for name in found} - {"+", "-", "."}:
        raise UserError(f"strand={min(unknown)!r}: wants '+', '-' or '.'")
    if isinstance(strand, str):
        return np.full(count, strand == "-")
    found_minus: NDArray[np.bool_] = np.asarray(strand, dtype=object) == "-"
    if len(found_minus) != count:
        raise UserError(
            f"strand: {len(found_minus)} for {count} starts; wants one each, or one for all"
        )
    return found_minus


def numbered(chrom: Sequence[str] | NDArray, count: int) -> tuple[NDArray[np.int64], list[str]]:
    """Give the number of each window's chromosome, and the names by number."""
    numbers, names = pd.factorize(np.asarray(chrom, dtype=object))
    if len(numbers) != count:
        raise UserError(f"chrom: {len(numbers)} names for {count} starts; wants one each")
    return numbers.astype(np.int64), [str(name) for name in names]
