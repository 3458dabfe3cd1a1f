"""Both alleles of variants: REF held against the genome, and the sequences around them."""

from collections.abc import Sequence

import numpy as np
from jaxtyping import Bool, UInt8

from cislens.data.genome import Genome
from cislens.data.variants import Variant
from cislens.errors import UserError
from cislens.sequence.alphabet import DNA

Windows = UInt8[np.ndarray, "variants length"]
_SHOWN = 20
"""Letters of an allele in a message."""


def matches(genome: Genome, variants: Sequence[Variant]) -> Bool[np.ndarray, " variants"]:
    """Say of which variants REF is what the genome has.

    Parameters
    ----------
    genome
        The genome.
    variants
        Variants under its names of chromosomes.

    Returns
    -------
    Bool[np.ndarray, " variants"]
        One each; N agrees with N alone.
    """
    out = np.zeros(len(variants), bool)
    lengths = np.array([len(variant.ref) for variant in variants], np.int64)
    for length in np.unique(lengths):
        rows = np.flatnonzero(lengths == length)
        some = [variants[row] for row in rows.tolist()]
        chroms, starts = [v.chrom for v in some], [v.start for v in some]
        there = genome.windows(chroms, starts, length=int(length))
        out[rows] = (there == DNA.encode_all([v.ref for v in some])).all(axis=1)
    return out


def check(genome: Genome, variants: Sequence[Variant], *, where: str) -> None:
    """Refuse variants of another genome.

    Parameters
    ----------
    genome
        The genome.
    variants
        Variants under its names of chromosomes.
    where
        The file, for the message.

    Raises
    ------
    UserError
        If REF of a variant is not what the genome has; names the first and how many there are.
    """
    wrong = np.flatnonzero(~matches(genome, variants))
    if not len(wrong):
        return
    first = variants[int(wrong[0])]
    there = DNA.decode(genome.windows([first.chrom], [first.start], length=len(first.ref))[0])
    raise UserError(
        f"{where}, line {first.line}: REF is {first.ref[:_SHOWN]} and {genome.path} has "
        f"{there[:_SHOWN]} at base {first.start + 1} of {first.chrom} ({len(wrong)} of "
        f"{len(variants)} variants do not fit); is this the right genome?"
    )


def windows(genome: Genome, variants: Sequence[Variant], *, length: int) -> tuple[Windows, Windows]:
    """Read the sequences of both alleles around variants, on the plus strand.

    The first base of a variant stands at ``length // 2`` in both. An inserted or deleted base
    shifts what follows it, so that all of the sequence before the variant is the same.

    Parameters
    ----------
    genome
        The genome.
    variants
        Variants under its names of chromosomes, all spelled out.
    length
        Length of the windows, in bp; an allele that is longer than its half is cut.

    Returns
    -------
    reference
        Base codes A C G T N = 0..4 with REF as the genome has it; beyond the ends is N.
    alternative
        The same with ALT in place of REF.

    Raises
    ------
    UserError
        If an alternative allele is not spelled out, or the chromosome is none of the genome.
    """
    if unclear := next((variant for variant in variants if not variant.spelled), None):
        raise UserError(
            f"{unclear.chrom}:{unclear.start + 1}: ALT {unclear.alt[:_SHOWN]!r} is no sequence; "
            "leave out variants that are not spelled"
        )
    half = length // 2
    starts = np.array([variant.start for variant in variants], np.int64)
    chroms = [variant.chrom for variant in variants]
    reference = genome.windows(chroms, starts - half, length=length)
    behind = np.array([variant.end for variant in variants], np.int64)
    following = genome.windows(chroms, behind, length=length - half)
    alternative = reference.copy()
    for row, variant in enumerate(variants):
        codes = np.concatenate([DNA.encode(variant.alt), following[row]])
        alternative[row, half:] = codes[: length - half]
    return reference, alternative
