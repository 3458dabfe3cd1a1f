"""Where planted motifs lie, by a scan with the true motifs or by the maps of the first layer."""

from collections.abc import Sequence

import numpy as np

from cislens.metrics import predictive
from cislens.sequence import pwm
from cislens.sequence.pwm import Pwm
from cislens.sequence.shapes import Codes

BOX = 10
"""By how many bp the truth is widened, half on either side."""

KINDS = ("log-odds scan", "probability scan")
"""The scan that is meant by the name, and the sum of probabilities that was published as one."""


def scan(codes: Codes, motifs: Sequence[Pwm], *, kind: str) -> np.ndarray:
    """Score each position with the best of all motifs, on both strands, centred on it.

    Parameters
    ----------
    codes
        Sequences without N.
    motifs
        The motifs that were planted.
    kind
        One of `KINDS`. A sum of probabilities gives mismatches credit, and a long motif more of it.

    Returns
    -------
    ndarray
        (batch, length); what lies beyond the ends adds nothing.
    """
    onehot = np.eye(4)[codes]
    best = np.full(codes.shape, -np.inf)
    for motif in motifs:
        for strand in (motif, pwm.reverse_complement(motif)):
            table = strand.probabilities
            if kind == KINDS[0]:
                table = np.log2(table / 0.25 + 1e-10)
            width = strand.width
            padded = np.pad(onehot, ((0, 0), (width // 2, width - 1 - width // 2), (0, 0)))
            score = np.zeros(codes.shape)
            for offset in range(width):
                score += padded[:, offset : offset + codes.shape[1]] @ table[:, offset]
            np.maximum(best, score, out=best)
    return best


def localise(scores: np.ndarray, planted: np.ndarray) -> dict[str, float]:
    """Ask whether the best score of a stretch with a motif exceeds that of one without.

    Parameters
    ----------
    scores
        One a position, (batch, length).
    planted
        Which positions lie in a motif, (batch, length).

    Returns
    -------
    dict
        AUROC and AUPR (trapezoid) over the stretches of a sequence, averaged over the sequences
        that have both kinds.

    References
    ----------
    Koo and Ploenzke 2021, doi:10.1038/s42256-020-00291-x. Their program cuts the stretches behind
    the first one in wrong places; here every stretch is whole.
    """
    areas = []
    for row, truth in zip(scores, widened(planted), strict=True):
        edges = np.flatnonzero(np.diff(truth)) + 1
        parts = [part for part in np.split(np.arange(len(row)), edges) if len(part)]
        best = np.array([[row[part].max()] for part in parts])
        labels = np.array([[truth[part[0]]] for part in parts], dtype=np.float32)
        if 0 < labels.sum() < len(labels):
            aupr = predictive.aupr(best, labels, interpolation="trapezoid")
            areas.append((predictive.auroc(best, labels)[0], aupr[0]))
    means = np.mean(areas, axis=0) if areas else (np.nan, np.nan)
    return {"localisation AUROC": float(means[0]), "localisation AUPR": float(means[1])}


def widened(planted: np.ndarray) -> np.ndarray:
    """Widen stretches by half of `BOX` on either side.

    Parameters
    ----------
    planted
        Which positions lie in a motif, (batch, length).

    Returns
    -------
    ndarray
        Of the same shape.
    """
    half = BOX // 2
    padded = np.pad(planted, ((0, 0), (half, half)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, BOX + 1, axis=1)
    return np.asarray(windows.any(axis=2))
