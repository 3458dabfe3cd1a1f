"""Seqlets: stretches of maps that stand out, held against maps of shuffled sequences."""

import math
from collections.abc import Iterable

import numpy as np
import pandas as pd
from jaxtyping import Float

from cislens.errors import UserError
from cislens.motifs.discovery import SeqletOptions

Track = Float[np.ndarray, "rows length"]

COLUMNS = {
    "row": "int64",
    "start": "int64",
    "end": "int64",
    "sign": "int64",
    "bases": "int64",
    "score": "float64",
}


def scale(tracks: Iterable[np.ndarray]) -> float:
    """Measure how large values are.

    Parameters
    ----------
    tracks
        Maps, one number a base, block by block.

    Returns
    -------
    float
        Root mean square over all bases, in the unit of the maps.

    Raises
    ------
    UserError
        If a value is not finite, or all are 0.
    """
    total, count = 0.0, 0
    for track in tracks:
        total += float(np.square(track, dtype=np.float64).sum())
        count += track.size
    if not math.isfinite(total):
        raise UserError("maps: hold NaN or infinite values; make them again, in float32")
    if total == 0:
        raise UserError(f"maps: all {count} values are 0; the network does not see these sequences")
    return math.sqrt(total / count)


def call(track: Track, options: SeqletOptions) -> pd.DataFrame:
    """Find the stretches that stand out.

    Bases of one sign that stand out belong together where at most ``gap`` others lie between them;
    a stretch with ``least`` such bases or more is a seqlet, from its first to its last. Seqlets of
    one sign never overlap.

    Parameters
    ----------
    track
        One number a base, over the scale of all maps.
    options
        How seqlets are called.

    Returns
    -------
    pandas.DataFrame
        One row a seqlet, by row and start. row, start, end: where it lies, 0-based and half-open;
        sign: 1 or -1; bases: how many stand out; score: sum over the stretch, times the sign.

    References
    ----------
    The rule of runs is that of the seqlet caller of DRG (DeepRegulatoryGenomics), which bridges
    more than ``gap`` bases where their neighbours are strong enough; not so here.
    """
    found = [_of_sign(track * sign, sign, options) for sign in (1, -1)]
    table = pd.concat(found, ignore_index=True).astype(COLUMNS)
    return table.sort_values(["row", "start", "sign"], ignore_index=True)


def _of_sign(track: Track, sign: int, options: SeqletOptions) -> pd.DataFrame:
    rows, places = np.nonzero(track > options.cut)
    # Rows are laid one behind the other, too far apart to be bridged.
    flat = rows * (track.shape[1] + options.gap + 1) + places
    breaks = np.flatnonzero(np.diff(flat) > options.gap + 1) + 1
    first = np.concatenate([[0], breaks])[: len(flat)]
    last = np.concatenate([breaks, [len(flat)]])[: len(first)] - 1
    kept = last - first + 1 >= options.least
    first, last = first[kept], last[kept]
    sums = np.zeros((len(track), track.shape[1] + 1))
    np.cumsum(track, axis=1, dtype=np.float64, out=sums[:, 1:])
    row, start, end = rows[first], places[first], places[last] + 1
    return pd.DataFrame(
        {
            "row": row,
            "start": start,
            "end": end,
            "sign": np.full(len(row), sign),
            "bases": last - first + 1,
            "score": sums[row, end] - sums[row, start],
        }
    )


def significance(
    found: pd.DataFrame, null: pd.DataFrame, *, sequences: int, null_sequences: int
) -> pd.DataFrame:
    """Say how many seqlets of each strength would be there by chance.

    Parameters
    ----------
    found
        Seqlets, as `call` gave them.
    null
        Seqlets of shuffled sequences, called with the same options and scale.
    sequences
        How many sequences were searched for the first.
    null_sequences
        How many shuffled sequences were searched.

    Returns
    -------
    pandas.DataFrame
        ``found`` with two columns more. chance: seqlets of this sign and score or better that a
        shuffled sequence has on average. q: the lowest share of false ones, 0 to 1, at which the
        seqlet is kept, with the seqlets of shuffled sequences as what is false.

    Raises
    ------
    UserError
        If there is no shuffled sequence.

    References
    ----------
    Elias and Gygi (2007), doi:10.1038/nmeth1019, for decoys; one more of them is counted than
    there are, as in Barber and Candès (2015), doi:10.1214/15-AOS1337, so that few decoys give no q
    of 0.
    """
    if null_sequences < 1:
        raise UserError("null: no shuffled sequence; wants at least one to know what chance does")
    chance, q = np.zeros(len(found)), np.zeros(len(found))
    for sign in (1, -1):
        mine = np.flatnonzero(found["sign"] == sign)
        decoys = null["score"][null["sign"] == sign]
        chance[mine], q[mine] = against_decoys(
            found["score"].to_numpy()[mine],
            decoys.to_numpy(),
            trials=sequences,
            decoy_trials=null_sequences,
        )
    return found.assign(chance=chance, q=q)


def against_decoys(
    scores: Float[np.ndarray, " found"],
    decoys: Float[np.ndarray, " decoys"],
    *,
    trials: int,
    decoy_trials: int,
) -> tuple[Float[np.ndarray, " found"], Float[np.ndarray, " found"]]:
    """Hold scores against those of decoys.

    Parameters
    ----------
    scores
        Scores of what was found; high is good.
    decoys
        Scores of what is false by construction.
    trials
        How many sequences the first were looked for in.
    decoy_trials
        How many the decoys were looked for in.

    Returns
    -------
    tuple of ndarray
        For each score the number of decoys per trial that are as good, one decoy more counted than
        there are; and q, 0 to 1.
    """
    order = np.argsort(-scores, kind="stable")
    ranked = scores[order]
    as_good = len(decoys) - np.searchsorted(np.sort(decoys), ranked, side="left")
    chance = (as_good + 1) / decoy_trials
    # Ties are found together: each counts all of its equals.
    found = np.searchsorted(-ranked, -ranked, side="right")
    q = np.minimum.accumulate((chance * trials / np.maximum(found, 1))[::-1])[::-1]
    chances, qs = np.empty(len(scores)), np.empty(len(scores))
    chances[order], qs[order] = chance, np.minimum(q, 1.0)
    return chances, qs
