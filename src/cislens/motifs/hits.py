"""Where motifs act: places in maps that look like a motif's contributions."""

from collections.abc import Sequence

import memelite
import numpy as np
import pandas as pd
import torch
from jaxtyping import Float, UInt8

from cislens.errors import UserError
from cislens.motifs import seqlets
from cislens.motifs.discovery import HitOptions
from cislens.sequence.pwm import Pwm

COLUMNS = {
    "row": "int64",
    "start": "int64",
    "end": "int64",
    "strand": "str",
    "motif": "int64",
    "score": "float64",
    "cosine": "float64",
    "contribution": "float64",
}

MATCH_COLUMNS = {
    "row": "int64",
    "start": "int64",
    "end": "int64",
    "strand": "str",
    "motif": "int64",
    "score": "float64",
    "p": "float64",
}


def scan(
    contributions: Float[np.ndarray, "rows 4 length"],
    motifs: Sequence[Float[np.ndarray, "4 _"]],
    options: HitOptions,
    *,
    both_strands: bool,
) -> pd.DataFrame:
    """Find the places whose contributions look like those of a motif.

    Parameters
    ----------
    contributions
        Maps of the bases of the sequence, 0 at the other bases.
    motifs
        Mean contributions of each motif (CWM).
    options
        How hits are called.
    both_strands
        Look for the reverse complements too; False for RNA.

    Returns
    -------
    pandas.DataFrame
        One row a hit, by row and start. row, start, end, strand: where it lies, 0-based and
        half-open; motif: its number; score: the contributions along the motif, which is their
        product with the motif scaled to length 1, in the unit of the maps; cosine: score over
        the length of the contributions; contribution: their sum, with its own sign.
    """
    maps = torch.from_numpy(np.ascontiguousarray(contributions, dtype=np.float32))
    tables = [
        _of_motif(maps, motif, number, strand, options)
        for number, motif in enumerate(motifs)
        if motif.shape[1] <= contributions.shape[2]
        for strand in ("+", "-")[: 1 + both_strands]
    ]
    if not tables:
        return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in COLUMNS.items()})
    found = pd.concat(tables, ignore_index=True).astype(COLUMNS)
    kept = found.iloc[_unrivalled(found, options.overlap)]
    return kept.sort_values(["row", "start", "motif"], ignore_index=True)


def _of_motif(
    maps: torch.Tensor, motif: np.ndarray, number: int, strand: str, options: HitOptions
) -> pd.DataFrame:
    reading = motif[::-1, ::-1] if strand == "-" else motif
    norm, width = float(np.linalg.norm(reading)), motif.shape[1]
    weight = torch.from_numpy((reading / (norm or 1.0)).astype(np.float32))
    score = torch.nn.functional.conv1d(maps, weight[None])[:, 0].double().numpy()
    energy = _sums(np.square(maps.numpy(), dtype=np.float64).sum(axis=1), width)
    # Differences of running sums may fall a hair below 0.
    length = np.sqrt(np.maximum(energy, 0.0))
    cosine = np.divide(score, length, out=np.zeros_like(score), where=length > 1e-9)
    rows, starts = np.nonzero(cosine >= options.cosine)
    sums = _sums(maps.sum(dim=1).double().numpy(), width)
    return pd.DataFrame(
        {
            "row": rows,
            "start": starts,
            "end": starts + width,
            "strand": strand,
            "motif": number,
            "score": score[rows, starts],
            "cosine": np.minimum(cosine[rows, starts], 1.0),
            "contribution": sums[rows, starts],
        }
    )


def _sums(track: np.ndarray, width: int) -> np.ndarray:
    """Sum each window of a track."""
    running = np.zeros((len(track), track.shape[1] + 1))
    np.cumsum(track, axis=1, out=running[:, 1:])
    return running[:, width:] - running[:, :-width]


def _unrivalled(found: pd.DataFrame, overlap: float) -> list[int]:
    """Walk from the highest score down; keep what lies under nothing kept before."""
    order = np.argsort(-found["score"].to_numpy(), kind="stable")
    row, start, end = (found[name].to_numpy() for name in ("row", "start", "end"))
    taken: dict[int, list[tuple[int, int]]] = {}
    kept = []
    for place in order.tolist():
        mine, first, last = taken.setdefault(row[place], []), start[place], end[place]
        if all(min(last, e) - max(first, s) <= overlap * min(last - first, e - s) for s, e in mine):
            mine.append((first, last))
            kept.append(place)
    return kept


def significance(
    found: pd.DataFrame, null: pd.DataFrame, *, sequences: int, null_sequences: int
) -> pd.DataFrame:
    """Say how many hits of each strength would be there by chance, motif by motif.

    Parameters
    ----------
    found
        Hits, as `scan` gave them.
    null
        Hits in maps of shuffled sequences, found with the same motifs and options.
    sequences
        How many sequences were searched for the first.
    null_sequences
        How many shuffled sequences were searched.

    Returns
    -------
    pandas.DataFrame
        ``found`` with two columns more: ``chance`` and ``q``, as `seqlets.significance` gives
        them, by motif.

    Raises
    ------
    UserError
        If there is no shuffled sequence.
    """
    if null_sequences < 1:
        raise UserError("null: no shuffled sequence; wants at least one to know what chance does")
    chance, q = np.zeros(len(found)), np.zeros(len(found))
    for motif in found["motif"].unique():
        mine = np.flatnonzero(found["motif"] == motif)
        chance[mine], q[mine] = seqlets.against_decoys(
            found["score"].to_numpy()[mine],
            null["score"][null["motif"] == motif].to_numpy(),
            trials=sequences,
            decoy_trials=null_sequences,
        )
    return found.assign(chance=chance, q=q)


def matches(
    codes: UInt8[np.ndarray, "rows length"],
    motifs: Sequence[Pwm],
    *,
    p_threshold: float,
    both_strands: bool,
) -> pd.DataFrame:
    """Find the places whose bases look like a motif, whatever the network makes of them.

    Parameters
    ----------
    codes
        Base codes; a window with N has no match.
    motifs
        The motifs.
    p_threshold
        Largest p-value of a match, under equally likely bases.
    both_strands
        Look for the reverse complements too; False for RNA.

    Returns
    -------
    pandas.DataFrame
        One row a match: row, start, end, strand, motif as in `scan`, score in bits and p.

    References
    ----------
    FIMO: Grant et al. (2011), doi:10.1093/bioinformatics/btr064, as in memelite, whose background
    is uniform.
    """
    fitting = {
        str(number): motif.probabilities
        for number, motif in enumerate(motifs)
        if motif.width <= codes.shape[1]
    }
    if not fitting or not len(codes):
        return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in MATCH_COLUMNS.items()})
    onehot = (codes[:, None, :] == np.arange(4, dtype=np.uint8)[:, None]).astype(np.int8)
    tables = memelite.fimo(fitting, onehot, threshold=p_threshold, reverse_complement=both_strands)
    found = pd.concat(tables, ignore_index=True)
    found = found.rename(columns={"sequence_name": "row", "p-value": "p"})
    found = found.assign(motif=found["motif_name"].astype("int64"))
    found = found[list(MATCH_COLUMNS)].astype(MATCH_COLUMNS)
    # memelite scores N as a base of its own choice.
    before = np.concatenate([np.zeros((len(codes), 1)), np.cumsum(codes > 3, axis=1)], axis=1)
    row, start, end = (found[name].to_numpy() for name in ("row", "start", "end"))
    found = found[before[row, end] == before[row, start]]
    return found.sort_values(["row", "start", "motif", "strand"], ignore_index=True)
