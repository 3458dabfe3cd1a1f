"""Motifs of maps by TF-MoDISco, in the form of those that cislens finds itself."""

import numpy as np
import pandas as pd

from cislens.errors import UserError
from cislens.maps.store import Maps
from cislens.motifs import modisco
from cislens.motifs.modisco import Pattern
from cislens.motifs.seqlets import COLUMNS
from cislens.pipeline import discovered
from cislens.pipeline.discover_options import Discover
from cislens.pipeline.motif_names import Motif
from cislens.sequence.alphabet import RNA

FILE = "modisco.h5"


def find(maps: Maps, chosen: Discover) -> tuple[pd.DataFrame, list[Motif], str]:
    """Find patterns, and write the file that modisco-lite itself writes.

    Parameters
    ----------
    maps
        The maps.
    chosen
        The options of `cislens discover`.

    Returns
    -------
    pandas.DataFrame
        Its seqlets, as `seqlets.significance` gives them; chance and q are NaN, as its null is of
        windows and not of seqlets.
    list of Motif
        Its patterns, as clusters of these.
    str
        Why there is none, or none of one sign.

    Raises
    ------
    UserError
        If modisco-lite is not installed, the sequences are RNA, or the maps have values at the
        bases of the sequence only.
    """
    if maps.header.alphabet == RNA:
        raise UserError(
            "engine=modisco: TF-MoDISco joins a motif with its reverse complement, which RNA has "
            "not; take the engine of cislens"
        )
    out = discovered.place(chosen.run, maps)
    out.mkdir(parents=True, exist_ok=True)
    found = modisco.find(
        maps.codes(),
        maps.hypothetical(),
        chosen.modisco,
        out=out / FILE,
        trim=chosen.clusters.trim,
    )
    tracks, tables, motifs, before = maps.projected(), [], [], 0
    counts = {1: 0, -1: 0}
    for pattern in found.patterns:
        counts[pattern.sign] += 1
        name = f"{'pos' if pattern.sign == 1 else 'neg'}{counts[pattern.sign]}"
        tables.append(_table(pattern, tracks))
        motifs.append(_motif(pattern, name, before, chosen.clusters.cut))
        before += len(pattern.rows)
    empty = pd.DataFrame(columns=[*COLUMNS, "chance", "q"]).astype(
        {**COLUMNS, "chance": float, "q": float}
    )
    table = pd.concat(tables, ignore_index=True) if tables else empty
    return table, motifs, found.reason


def _table(pattern: Pattern, tracks: np.ndarray) -> pd.DataFrame:
    places = zip(pattern.rows, pattern.starts, pattern.ends, strict=True)
    scores = [float(tracks[row, start:end].sum()) * pattern.sign for row, start, end in places]
    return pd.DataFrame(
        {
            "row": pattern.rows,
            "start": pattern.starts,
            "end": pattern.ends,
            "sign": pattern.sign,
            "bases": pattern.ends - pattern.starts,
            "score": scores,
            "chance": np.nan,
            "q": np.nan,
        }
    )


def _motif(pattern: Pattern, name: str, before: int, cut: int) -> Motif:
    """Count the starts of sites from where windows of cislens begin."""
    middles = (pattern.starts + pattern.ends) // 2
    starts = pattern.cluster.starts + pattern.starts - (middles - cut // 2)
    cluster = pattern.cluster._replace(starts=starts)
    seqlets = before + np.arange(len(pattern.rows))
    return Motif(name, pattern.sign, cluster, cluster.pwm(name), seqlets)
