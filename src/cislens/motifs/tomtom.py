"""Known motifs that look like learnt ones, by the method of Tomtom."""

from collections.abc import Sequence
from typing import NamedTuple

import memelite
import numpy as np
import pandas as pd
from jaxtyping import Float64

from cislens.errors import UserError
from cislens.motifs import _explained
from cislens.sequence.pwm import Pwm

MINIMUM_TARGETS = 25
"""Fewer target motifs make no background for p-values."""

MAXIMUM_WIDTH = 100
"""Wider queries would take memory with the cube of their width."""

_SITES = 20.0
"""What MEME takes for a motif that does not say how many sites it was made from."""

_SMALLEST = float(np.finfo(np.float64).tiny)

_QUERIES_AT_ONCE = 128

NAMED_FROM = 0.4
"""Least share of a query's information that a target which names it explains: pairs that are alike
by their flat columns reach 0.3, filters of known factors 0.5 and more (docs/benchmarks)."""

_COLUMNS = {
    "query": "str",
    "target": "str",
    "target_label": "str",
    "p": "float64",
    "e": "float64",
    "q": "float64",
    "offset": "int64",
    "overlap": "int64",
    "strand": "str",
}


def match(
    queries: Sequence[Pwm],
    targets: Sequence[Pwm],
    *,
    both_strands: bool = True,
    pseudocount: float = 0.1,
    n_nearest: int | None = None,
    e_threshold: float | None = None,
) -> pd.DataFrame:
    """Compare each query with each target and say how probable such a likeness is by chance.

    The likeness of two motifs is the sum, over the columns of their best alignment, of the negative
    Euclidean distance, where query columns that overhang count with their median over all target
    columns. The p-value is that of the best alignment under a background made of all target
    columns, so give the whole database and no choice of it. The first call on a machine compiles
    for about a minute; the result of that is kept on disk.

    Parameters
    ----------
    queries
        The learnt motifs, at most 100 columns wide.
    targets
        The known motifs, at least 25.
    both_strands
        Try each target reverse complemented, too; False for RNA.
    pseudocount
        Sites added to each column of every motif, spread as the motif's background is, as MEME
        does; a motif without ``nsites`` counts as 20.
    n_nearest
        Keep this many targets of the lowest p for each query; None keeps all.
    e_threshold
        Keep only targets with an E-value of at most this; None keeps all.

    Returns
    -------
    pandas.DataFrame
        One row a pair, queries in their order, each with its targets from the lowest p on, ties in
        the order of the database. query, target, target_label: names and label. p: of the best
        alignment, for both strands together; what underflows is 2.2e-308. e: p times the number of
        targets. q: the share of false ones expected among the targets of this query up to this
        one, by Benjamini and Hochberg over all targets. offset: position of the target's first
        column relative to the query's first, with the target on ``strand``; may be negative.
        overlap: number of aligned columns. strand: "+", or "-" for the reverse complement; "-" if
        both are as good.

    Raises
    ------
    UserError
        If there are too few targets, a query is too wide, or an option is out of its range.

    References
    ----------
    Gupta et al. (2007), doi:10.1186/gb-2007-8-2-r24, with the complete scores of Tanaka et al.
    (2011), doi:10.1093/bioinformatics/btr257, as in memelite. Departs from the
    program of the MEME suite in three points: q-values take all targets as possibly false where
    the program estimates their share, so they are never lower; scores and medians are binned,
    which moves p-values by some percent and low ones by up to a half; the background of the
    pseudocount is that of each motif.
    """
    _check(queries, targets, pseudocount, n_nearest, e_threshold)
    if not queries:
        return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in _COLUMNS.items()})
    known = [_smoothed(target, pseudocount) for target in targets]
    rows = []
    for first in range(0, len(queries), _QUERIES_AT_ONCE):
        learnt = [_smoothed(query, pseudocount) for query in queries[first:][:_QUERIES_AT_ONCE]]
        # Merging similar target columns would gain next to nothing for a whole database, and it
        # moves some p-values by a factor of five.
        results = memelite.tomtom(
            learnt, known, n_target_bins=None, reverse_complement=both_strands
        )
        rows += [_rows(results[:, row], n_nearest, e_threshold) for row in range(len(learnt))]
    return _table(queries, targets, rows)


def explained(
    matches: pd.DataFrame, queries: Sequence[Pwm], targets: Sequence[Pwm]
) -> Float64[np.ndarray, " matches"]:
    """Say how much of a query's information its targets account for.

    A likeness of two near-flat stretches is improbable under a background of motif columns, so a
    weak query gets tiny p-values against the spacers of long database motifs. A target that names
    a query must do more than be alike: what the query was made from must score as its sites.

    Parameters
    ----------
    matches
        What `match` gave, or rows of it.
    queries
        The queries it was given.
    targets
        The targets it was given.

    Returns
    -------
    ndarray
        For each row the mean log-odds of the query's sites under the aligned columns of the target,
        in bits, over the query's own information: near 1 where they say the same, 0 or less where
        the target would not know the sites; 0 for a query without information.
    """
    if matches.empty:
        return np.zeros(0)
    return _explained.shares(matches, queries, targets)


def q_values(p: Float64[np.ndarray, " targets"]) -> Float64[np.ndarray, " targets"]:
    """Turn p-values into q-values.

    Parameters
    ----------
    p
        The p-value of every test, in any order.

    Returns
    -------
    Float64[np.ndarray, " targets"]
        For each the lowest false discovery rate, 0 to 1, at which it is accepted.

    References
    ----------
    Benjamini and Hochberg (1995), doi:10.1111/j.2517-6161.1995.tb02031.x.
    """
    order = np.argsort(p, kind="stable")
    scaled = p[order] * len(p) / np.arange(1, len(p) + 1)
    q = np.empty_like(scaled)
    q[order] = np.minimum.accumulate(scaled[::-1])[::-1]
    return np.minimum(q, 1.0)


def _check(
    queries: Sequence[Pwm],
    targets: Sequence[Pwm],
    pseudocount: float,
    n_nearest: int | None,
    e_threshold: float | None,
) -> None:
    if len(targets) < MINIMUM_TARGETS:
        raise UserError(
            f"targets: {len(targets)} motifs; p-values want the background of at least "
            f"{MINIMUM_TARGETS}: add those of a whole database, such as database.load('jaspar2026')"
        )
    for query in queries:
        if query.width > MAXIMUM_WIDTH:
            raise UserError(
                f"queries: {query.name!r} has {query.width} columns; wants at most "
                f"{MAXIMUM_WIDTH}: trim it, or cut it into parts"
            )
    if not 0 <= pseudocount < np.inf:
        raise UserError(f"pseudocount={pseudocount}: wants 0 or more; MEME's is 0.1")
    if n_nearest is not None and n_nearest < 1:
        raise UserError(f"n_nearest={n_nearest}: wants at least 1, or None for all")
    if e_threshold is not None and not e_threshold >= 0:
        raise UserError(f"e_threshold={e_threshold}: wants 0 or more, or None for all")


def _smoothed(pwm: Pwm, pseudocount: float) -> np.ndarray:
    sites = _SITES if pwm.nsites is None else pwm.nsites
    if sites + pseudocount == 0:
        return pwm.probabilities
    mixed: np.ndarray = (sites * pwm.probabilities + pseudocount * pwm.background[:, None]) / (
        sites + pseudocount
    )
    return mixed


class _Rows(NamedTuple):
    """The targets of one query that are kept, from the lowest p on."""

    best: np.ndarray
    p: np.ndarray
    q: np.ndarray
    offset: np.ndarray
    overlap: np.ndarray
    minus: np.ndarray


def _rows(result: np.ndarray, n_nearest: int | None, e_threshold: float | None) -> _Rows:
    """Choose from the five rows that memelite gives."""
    p = np.clip(result[0], _SMALLEST, 1.0)
    best = np.argsort(p, kind="stable")
    # Sorting what is sorted costs little.
    p = p[best]
    q = q_values(p)
    kept = slice(n_nearest)
    if e_threshold is not None:
        kept = slice(min(len(p[kept]), int((p * len(p) <= e_threshold).sum())))
    # memelite gives where the query begins in the target.
    _, _, begins, overlap, strand = result[:, best[kept]]
    return _Rows(best[kept], p[kept], q[kept], -begins, overlap, strand == 1)


def _table(queries: Sequence[Pwm], targets: Sequence[Pwm], rows: list[_Rows]) -> pd.DataFrame:
    best, p, q, offset, overlap, minus = (np.concatenate(part) for part in zip(*rows, strict=True))
    query = np.repeat(np.arange(len(rows)), [len(row.best) for row in rows])
    names, labels, learnt, strands = (
        pd.array(texts, dtype="str")
        for texts in (
            [target.name for target in targets],
            [target.label for target in targets],
            [query.name for query in queries],
            ["+", "-"],
        )
    )
    return pd.DataFrame(
        {
            "query": learnt.take(query),
            "target": names.take(best),
            "target_label": labels.take(best),
            "p": p,
            "e": p * len(targets),
            "q": q,
            "offset": offset.astype(np.int64),
            "overlap": overlap.astype(np.int64),
            "strand": strands.take(minus.astype(np.intp)),
        }
    )
