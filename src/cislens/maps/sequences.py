"""What stands beside maps: names of the sequences, where they lie, and what was planted in them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from jaxtyping import Integer
from numpy.typing import NDArray

from cislens.maps.header import STRANDS


@dataclass(frozen=True)
class Sequences:
    """What is known of the sequences before their maps.

    Attributes
    ----------
    ids
        Their names, without line breaks.
    columns
        Where they lie: ``chrom`` (number of the chromosome, -1 for none), ``start``, ``end``,
        ``strand`` (number in `header.STRANDS`); empty where that is not known.
    sites
        Planted motifs, sorted by sequence: rows of sequence, start, end, strand and motif, all
        numbers; None where nothing is known.
    """

    ids: Sequence[str]
    columns: dict[str, NDArray]
    sites: Integer[np.ndarray, "sites 5"] | None = None


class Places(NamedTuple):
    """Where sequences lie in the genome, 0-based and half-open."""

    chrom: NDArray
    """Names; empty for a sequence without an interval."""
    start: NDArray[np.int64]
    """First base; -1 where it is not known."""
    end: NDArray[np.int64]
    """One past the last base; -1 where it is not known."""
    strand: NDArray
    """"+", "-" or "."."""


class Site(NamedTuple):
    """A motif that was planted in a sequence."""

    start: int
    """First base, in bp of the sequence."""
    end: int
    """One past the last base."""
    strand: str
    """"+" or "-"."""
    name: str
    """Name of the motif."""
    label: str
    """What the motif stands for, such as a factor."""
    information: NDArray[np.float64]
    """Bits of each base of the site, as the sequence reads."""


def site(numbers: Integer[np.ndarray, " 5"], motifs: Sequence[dict[str, Any]]) -> Site:
    """Read one planted site.

    Parameters
    ----------
    numbers
        Sequence, start, end, strand and motif, as a store holds them.
    motifs
        The motifs of the store.

    Returns
    -------
    Site
        The site; its information reads as the sequence does.
    """
    _, start, end, strand, motif = (int(number) for number in numbers)
    bits = np.array(motifs[motif]["information"], np.float64)
    turned = bits[::-1] if STRANDS[strand] == "-" else bits
    return Site(start, end, STRANDS[strand], motifs[motif]["name"], motifs[motif]["label"], turned)
