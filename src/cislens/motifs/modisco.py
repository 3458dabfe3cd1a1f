"""TF-MoDISco by modisco-lite, which is an extra: parts that it needs are under the GPL."""

from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

import numpy as np
from jaxtyping import Float32, Int64, UInt8

from cislens import files
from cislens.errors import UserError
from cislens.motifs.clusters import Cluster
from cislens.motifs.discovery import ModiscoOptions

LENGTH = 100
"""Below this length, in bp, it is known to find nothing (its issue 68)."""


class Pattern(NamedTuple):
    """A pattern, and where its seqlets lie."""

    sign: int
    """1 for what raises the output, -1 for what lowers it."""
    rows: Int64[np.ndarray, " seqlets"]
    """The sequence of each seqlet."""
    starts: Int64[np.ndarray, " seqlets"]
    """Its first base in the sequence, 0-based."""
    ends: Int64[np.ndarray, " seqlets"]
    """One past its last base."""
    cluster: Cluster
    """Motif, trimmed; its starts count from the first base of the seqlet."""


class Patterns(NamedTuple):
    """What was found."""

    patterns: list[Pattern]
    """Those that raise the output first, the largest first."""
    reason: str
    """Why there is none, or none of one sign; empty where both have some."""


def find(
    codes: UInt8[np.ndarray, "rows length"],
    hypothetical: Float32[np.ndarray, "rows 4 length"],
    options: ModiscoOptions,
    *,
    out: Path | None = None,
    trim: float = 0.2,
) -> Patterns:
    """Find patterns in maps.

    Everything is held in memory, some 30 bytes a base of the sequences.

    Parameters
    ----------
    codes
        Base codes.
    hypothetical
        Maps with a value for each base.
    options
        Options.
    out
        The HDF5 file that modisco-lite itself writes, for tools that read it; none where None.
    trim
        Columns at the ends of a motif go where their contribution is below this share of the
        largest; the HDF5 file holds patterns whole.

    Returns
    -------
    Patterns
        Patterns, and why there is none.

    Raises
    ------
    UserError
        If modisco-lite is not installed.

    References
    ----------
    Shrikumar et al. 2018, arXiv:1811.00416.
    """
    engine, writer = _installed()
    onehot = (codes[:, :, None] == np.arange(4, dtype=np.uint8)).astype(np.float32)
    values = np.ascontiguousarray(hypothetical.transpose(0, 2, 1), dtype=np.float32)
    found = engine.TFMoDISco(
        onehot,
        values,
        sliding_window_size=options.window,
        flank_size=options.flank,
        target_seqlet_fdr=options.fdr,
        min_metacluster_size=options.fewest,
        max_seqlets_per_metacluster=options.most,
        final_min_cluster_size=options.least,
        n_leiden_runs=options.runs,
    )
    if out is not None:
        with files.whole(out) as partial:
            writer.save_hdf5(partial, found[0], found[1], window_size=codes.shape[1])
    patterns = [
        _pattern(pattern, sign, trim)
        for sign, some in zip((1, -1), found, strict=True)
        for pattern in some or []
    ]
    return Patterns(patterns, _reason(codes.shape, found, options))


def _installed() -> tuple[ModuleType, ModuleType]:
    try:
        from modiscolite import io, tfmodisco
    except ImportError as error:
        raise UserError(
            f"engine=modisco: {error}; install it with `pip install 'cislens[modisco]'` (parts of "
            "it are under the GPL), or take the engine of cislens"
        ) from error
    return tfmodisco, io


def _pattern(pattern: Any, sign: int, trim: float) -> Pattern:  # noqa: ANN401 - of a library without types
    seqlets = pattern.seqlets
    rows, starts, ends = (
        np.array([getattr(seqlet, name) for seqlet in seqlets], np.int64)
        for name in ("example_idx", "start", "end")
    )
    flipped = np.array([bool(seqlet.is_revcomp) for seqlet in seqlets])
    mean = np.asarray(pattern.contrib_scores, np.float64).T
    strength = np.abs(mean.sum(axis=0))
    strong = np.flatnonzero(strength >= trim * strength.max())
    first, end = int(strong[0]), int(strong[-1]) + 1
    width = mean.shape[1]
    cluster = Cluster(
        members=np.arange(len(seqlets)),
        starts=np.where(flipped, width - end, first).astype(np.int64),
        flipped=flipped,
        cosines=np.array([_cosine(s.contrib_scores.T, mean) for s in seqlets], np.float32),
        contributions=mean[:, first:end],
        hypothetical=np.asarray(pattern.hypothetical_contribs, np.float64).T[:, first:end],
        counts=np.asarray(pattern.sequence, np.float64).T[:, first:end] * len(seqlets),
    )
    return Pattern(sign, rows, starts, ends, cluster)


def _cosine(one: np.ndarray, other: np.ndarray) -> float:
    norm = np.linalg.norm(one) * np.linalg.norm(other)
    return float((one * other).sum() / norm) if norm else 0.0


def _reason(shape: tuple[int, ...], found: tuple[Any, Any], options: ModiscoOptions) -> str:
    """Say why there is nothing; the library does not."""
    if shape[1] < LENGTH and not any(found):
        return (
            f"TF-MoDISco is known to find nothing below {LENGTH} bp, and these sequences have "
            f"{shape[1]}; the engine of cislens has no such limit"
        )
    told = []
    for word, some in zip(("raises", "lowers"), found, strict=True):
        if some is None:
            told.append(
                f"at most {options.fewest} seqlets of what {word} the output passed its null"
            )
        elif not len(some):
            told.append(f"no {options.least} seqlets of what {word} the output are alike")
    return "; ".join(told)
