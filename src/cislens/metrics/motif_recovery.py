"""How well the motifs a network learnt cover the motifs known to be there."""

import dataclasses
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import pandas as pd

from cislens.errors import UserError
from cislens.sequence.pwm import Pwm

FLAT_TARGETS = frozenset({"MA0615.1"})
"""Database motifs so flat that blank filters match them; a match to one of them counts as none."""


@dataclasses.dataclass(frozen=True)
class Recovery:
    """Known factors found among the matches of a layer's filters.

    A filter has a hit where a match has an E-value of at most the threshold, and is matched where
    one of its hits is on the truth lists. Shares are fractions between 0 and 1.

    Attributes
    ----------
    match_fraction
        Matched filters over all filters, dead ones included.
    match_any
        Filters with any hit over all filters.
    coverage
        Factors that at least one filter is assigned to, over all factors.
    redundancy
        Matched filters per recovered factor; None where no factor was recovered.
    best_hit_precision
        Of the filters with any hit, the share whose hit of lowest p-value is on the truth lists;
        None where no filter has a hit.
    mean_q
        Mean over the matched filters of the q-value of the hit that names their factor; None where
        no filter is matched.
    recovered
        Factors that a filter is assigned to, in the order of the truth lists.
    missed
        The other factors, in the order of the truth lists.
    per_filter
        For every filter the factor it is assigned to (that of the truth hit with the lowest
        q-value), or None.
    """

    match_fraction: float
    match_any: float
    coverage: float
    redundancy: float | None
    best_hit_precision: float | None
    mean_q: float | None
    recovered: list[str]
    missed: list[str]
    per_filter: dict[str, str | None]

    def to_dict(self) -> dict[str, Any]:
        """Give the fields as what JSON can hold.

        Returns
        -------
        dict
            Field to value, with None where a number is undefined.
        """
        return dataclasses.asdict(self)


def recover(
    matches: pd.DataFrame,
    *,
    filters: Sequence[str],
    truth: Mapping[str, Collection[str]],
    e_threshold: float = 0.1,
    flat_targets: Collection[str] = FLAT_TARGETS,
) -> Recovery:
    """Score matches of filters to a database against lists of accepted targets.

    Parameters
    ----------
    matches
        One row a match, with columns ``query`` (filter), ``target`` (database motif), ``p``, ``e``
        and ``q``. All matches below the threshold must be there, not only the best.
    filters
        Every filter of the layer, those without a motif included.
    truth
        For each factor the database motifs that count as finding it.
    e_threshold
        Highest E-value of a hit.
    flat_targets
        Database motifs whose matches are dropped.

    Returns
    -------
    Recovery
        The published match fractions, and measures of coverage and redundancy beside them.

    Raises
    ------
    UserError
        If columns, filters or factors are missing, a match names an unknown filter, or two factors
        accept one target.

    References
    ----------
    Koo and Ploenzke (2021), Nature Machine Intelligence 3:258-266, 10.1038/s42256-020-00291-x, for
    ``match_fraction`` and ``match_any``. Those two reward many copies of one motif, so the other
    measures stand beside them.
    """
    factor_of = _factor_of(truth)
    _check(matches, filters)
    hits = matches[(matches["e"] <= e_threshold) & ~matches["target"].isin(list(flat_targets))]
    hits = hits.assign(factor=hits["target"].map(factor_of))
    best = hits.sort_values("p", kind="stable").drop_duplicates("query")
    named = hits[hits["factor"].notna()]
    named = named.sort_values(["q", "p"], kind="stable").drop_duplicates("query")
    assigned = dict(zip(named["query"], named["factor"], strict=True))
    recovered = [factor for factor in truth if factor in set(assigned.values())]
    return Recovery(
        match_fraction=len(named) / len(filters),
        match_any=len(best) / len(filters),
        coverage=len(recovered) / len(truth),
        redundancy=len(named) / len(recovered) if recovered else None,
        best_hit_precision=float(best["factor"].notna().mean()) if len(best) else None,
        mean_q=float(named["q"].mean()) if len(named) else None,
        recovered=recovered,
        missed=[factor for factor in truth if factor not in recovered],
        per_filter={name: assigned.get(name) for name in filters},
    )


def planted(motifs: Sequence[Pwm]) -> dict[str, set[str]]:
    """Make the truth lists of planted motifs: each factor is found by its own motifs only.

    Parameters
    ----------
    motifs
        The motifs that were planted. Those of one label are one factor; a motif without a label is
        a factor of its own.

    Returns
    -------
    dict
        Factor to the names of its motifs, in the order of ``motifs``; the ``truth`` of `recover`.
    """
    truth: dict[str, set[str]] = {}
    for motif in motifs:
        truth.setdefault(motif.label or motif.name, set()).add(motif.name)
    return truth


def _factor_of(truth: Mapping[str, Collection[str]]) -> dict[str, str]:
    if not truth:
        raise UserError("truth: no factor given, at least one is needed; list the planted factors")
    factor_of: dict[str, str] = {}
    for factor, targets in truth.items():
        for target in targets:
            if factor_of.setdefault(target, factor) != factor:
                raise UserError(
                    f"truth: {target} counts for both {factor_of[target]} and {factor}, it may "
                    "count for one; take it off one list"
                )
    return factor_of


def _check(matches: pd.DataFrame, filters: Sequence[str]) -> None:
    missing = [name for name in ("query", "target", "p", "e", "q") if name not in matches.columns]
    if missing:
        raise UserError(
            f"matches: no column {', '.join(missing)}; a match table has query, target, p, e and q"
        )
    if not filters or len(set(filters)) < len(filters):
        raise UserError(
            f"filters: {len(filters)} names, {len(set(filters))} of them distinct; give every "
            "filter of the layer once"
        )
    unknown = sorted(set(matches["query"]) - set(filters))
    if unknown:
        raise UserError(
            f"matches: query {unknown[0]!r} is not among the {len(filters)} filters; give the "
            "names of all filters of the layer"
        )
