"""Discovered motifs and what they are called."""

from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from cislens.motifs import database, tomtom
from cislens.motifs.clusters import Cluster
from cislens.pipeline import folder
from cislens.pipeline.options import MotifOptions
from cislens.sequence import meme
from cislens.sequence import pwm as pwms
from cislens.sequence.alphabet import RNA, Alphabet
from cislens.sequence.pwm import Pwm

COLUMNS = [
    "name", "sign", "seqlets", "consensus", "information", "contribution", "cosine", "target",
    "label", "family", "e", "q",
]  # fmt: skip


class Motif(NamedTuple):
    """A motif, and the seqlets it was made of."""

    name: str
    sign: int
    cluster: Cluster
    pwm: Pwm
    seqlets: np.ndarray
    """Rows of the table of seqlets, in the order of the members."""


class Known(NamedTuple):
    """The motifs that others are compared with."""

    pwms: list[Pwm]
    families: dict[str, str]
    """Structural family of a factor, by the name of its motif, where known."""


def known(chosen: MotifOptions) -> Known:
    """Load the known motifs.

    Parameters
    ----------
    chosen
        Which.

    Returns
    -------
    Known
        A motif file has no families.
    """
    release = chosen.database.lower()
    families = database.families(release) if release in database.RELEASES else {}
    loaded = database.load(chosen.database, taxon=chosen.taxon, option="--motifs.database")
    return Known(loaded, families)


def described(number: int, chosen: MotifOptions) -> str:
    """Say what motifs are compared with, and how to choose others.

    Parameters
    ----------
    number
        How many known motifs there are.
    chosen
        Which.

    Returns
    -------
    str
        Such as "755 of jaspar2026, fungi"; where the taxon is the default, it may well not have
        been chosen, and others are named.
    """
    text = f"{number:,} of {chosen.database}"
    if chosen.database.lower() not in database.RELEASES:
        return text
    text += f", {chosen.taxon if chosen.taxon != 'all' else 'all taxa'}"
    if chosen.taxon == MotifOptions().taxon:
        text += " (for others: --motifs.taxon plants, fungi, insects, nematodes, ..., or all)"
    return text


def matches(
    queries: list[Pwm], targets: Known, chosen: MotifOptions, *, alphabet: Alphabet
) -> pd.DataFrame:
    """Compare motifs with known ones.

    Parameters
    ----------
    queries
        The motifs.
    targets
        The known ones.
    chosen
        How many are kept.
    alphabet
        RNA is compared on its own strand only.

    Returns
    -------
    pandas.DataFrame
        As `tomtom.match` gives it, with the share explained; only what explains enough of a motif
        to name it.
    """
    found = tomtom.match(queries, targets.pwms, both_strands=alphabet != RNA)
    found = found.assign(explained=tomtom.explained(found, queries, targets.pwms))
    found = found[found["explained"] >= tomtom.NAMED_FROM]
    return found.groupby("query", sort=False).head(chosen.matches)


def write(
    out: Path, motifs: list[Motif], targets: Known, chosen: MotifOptions, *, alphabet: Alphabet
) -> pd.DataFrame:
    """Write what motifs are called, and the known motifs they look like.

    Parameters
    ----------
    out
        The folder, which gets motifs.csv, matches.csv and matched.meme.
    motifs
        The motifs.
    targets
        The known ones.
    chosen
        How sure a name must be.
    alphabet
        Alphabet of the sequences.

    Returns
    -------
    pandas.DataFrame
        One row a motif, with columns `COLUMNS`; without a name where no match is sure enough.
    """
    found = matches([motif.pwm for motif in motifs], targets, chosen, alphabet=alphabet)
    folder.write_table(out / "matches.csv", found)
    named = set(found["target"])
    seen = [motif for motif in targets.pwms if motif.name in named]
    meme.write(out / "matched.meme", seen, alphabet=alphabet)
    sure = found[found["e"] <= chosen.e_threshold].drop_duplicates("query")
    names = {match["query"]: match for match in sure.to_dict("records")}
    rows = [
        _row(motif, names.get(motif.name), targets.families)
        | {"consensus": pwms.consensus(motif.pwm, alphabet=alphabet)}
        for motif in motifs
    ]
    table = pd.DataFrame(rows, columns=COLUMNS)
    folder.write_table(out / "motifs.csv", table)
    return table


def _row(motif: Motif, match: dict[str, Any] | None, families: dict[str, str]) -> dict[str, Any]:
    row = {
        "name": motif.name,
        "sign": motif.sign,
        "seqlets": len(motif.seqlets),
        "information": float(pwms.information(motif.pwm).sum()),
        "contribution": float(motif.cluster.contributions.sum()),
        "cosine": float(motif.cluster.cosines.mean()),
    }
    if match is None:
        return {**row, "target": "", "label": "", "family": "", "e": np.nan, "q": np.nan}
    return {
        **row,
        "target": match["target"],
        "label": match["target_label"],
        "family": families.get(match["target"], ""),
        "e": match["e"],
        "q": match["q"],
    }
