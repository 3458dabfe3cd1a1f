"""How well the sites of motifs score under other motifs they were aligned with, pair by pair."""

from collections.abc import Sequence
from typing import no_type_check

import numba
import numpy as np
import pandas as pd

from cislens.sequence import pwm
from cislens.sequence.pwm import Pwm

_UNSEEN = 0.04


def shares(matches: pd.DataFrame, queries: Sequence[Pwm], targets: Sequence[Pwm]) -> np.ndarray:
    """Give for each row the mean log-odds of the query's sites over the query's information."""
    query = _places(matches["query"], queries)
    target = _places(matches["target"], targets)
    minus = (matches["strand"] == "-").to_numpy()
    odds = [_log_odds(one) for one in targets]
    columns, begins = _joined([one.probabilities for one in queries])
    known, known_begins = _joined(odds + [one[::-1, ::-1] for one in odds])
    overlaps = np.stack([matches["offset"], matches["overlap"]], axis=1).astype(np.int64)
    scores = np.empty(len(matches))
    query_begins, target_begins = begins[query], known_begins[target + minus * len(targets)]
    _score(columns, query_begins, known, target_begins, overlaps, scores)
    own = np.array([pwm.information(one).sum() for one in queries])[query]
    return np.asarray(np.divide(scores, own, out=np.zeros(len(matches)), where=own > 0))


def _places(names: pd.Series, motifs: Sequence[Pwm]) -> np.ndarray:
    """Look motifs up by name; of several of one name the last counts."""
    places = {motif.name: place for place, motif in enumerate(motifs)}
    found = pd.Index(list(places)).get_indexer(names)
    return np.asarray(np.array(list(places.values()))[found])


def _log_odds(target: Pwm) -> np.ndarray:
    # A base that no site of the target has must cost something, but not everything.
    mixed = (1 - _UNSEEN) * target.probabilities + _UNSEEN * target.background[:, None]
    odds: np.ndarray = np.log2(mixed / target.background[:, None])
    return odds


def _joined(motifs: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Put the columns of motifs of any widths below each other, and say where each begins."""
    begins = np.cumsum([0, *(motif.shape[1] for motif in motifs)])[:-1]
    return np.ascontiguousarray(np.concatenate(motifs, axis=1).T), begins


@numba.njit(nogil=True, cache=True)
@no_type_check
def _score(
    columns: np.ndarray,
    begins: np.ndarray,
    odds: np.ndarray,
    odds_begins: np.ndarray,
    overlaps: np.ndarray,
    scores: np.ndarray,
) -> None:
    for row in range(len(scores)):
        offset, overlap = overlaps[row]
        first, start = begins[row] + max(0, offset), odds_begins[row] + max(0, -offset)
        total = 0.0
        for column in range(overlap):
            for base in range(4):
                total += columns[first + column, base] * odds[start + column, base]
        scores[row] = total
