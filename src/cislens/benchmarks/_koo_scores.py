"""Maps of Task 3 by several methods, and how well they find what was planted."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import numpy as np
from torch import nn

from cislens.attribution import METHODS as MAPS
from cislens.attribution import shuffled
from cislens.data.dataset import SequenceDataset
from cislens.data.placements import restrict
from cislens.metrics import predictive
from cislens.sequence import attributions, pwm
from cislens.sequence import onehot as onehots
from cislens.sequence.shapes import Codes

REFERENCES = 10
"""Shuffles that integrated gradients and DeepSHAP compare with; published are 10."""

INFORMATIVE = {"": 0.01, " (0.5 bit)": 0.5}
"""Bits above which a column counts as truth, published and where it can be seen."""


def _map(
    name: str,
    model: nn.Module,
    codes: Codes,
    *,
    corrected: bool = False,
    references: int = 0,
    drawn: bool = False,
    steps: int | None = None,
    target: int = 0,
) -> np.ndarray:
    """Explain the logit; what is drawn, references or else, has a stream of its own."""
    options: dict[str, Any] = {"steps": steps} if steps else {}
    if references:
        options["references"] = shuffled(references)
    if references or drawn:
        options["rng"] = np.random.default_rng(0)
    found = MAPS[name](model, onehots.from_codes(codes), target=target, **options)
    if corrected:
        found = attributions.regauge(found, to="corrected")
    return found.values.numpy()


METHODS: dict[str, Callable[..., np.ndarray]] = {
    "saliency": partial(_map, "saliency"),
    "corrected saliency": partial(_map, "saliency", corrected=True),
    "mutagenesis": partial(_map, "ism"),
    "integrated gradients": partial(_map, "integrated_gradients", references=REFERENCES, steps=20),
    "DeepSHAP": partial(_map, "deeplift_shap", references=REFERENCES),
    "input x gradient": partial(_map, "input_x_gradient"),
    "SmoothGrad": partial(_map, "smoothgrad", drawn=True),
    "expected gradients": partial(_map, "expected_gradients", references=REFERENCES),
    "Taylor ISM": partial(_map, "taylor_ism"),
    "occlusion": partial(_map, "occlusion"),
}
"""Maps (batch, 4, length) by the name of the method."""


def truth(stored: SequenceDataset, rows: np.ndarray) -> np.ndarray:
    """Give the information of the planted column at each position.

    Parameters
    ----------
    stored
        A dataset with planted truth; where it names core motifs, others do not count.
    rows
        Rows of the dataset.

    Returns
    -------
    ndarray
        (rows, length), in bits; 0 outside motifs.
    """
    assert stored.placements is not None
    placed = restrict(stored.placements, rows)
    bits = {motif.name: pwm.information(motif) for motif in placed.motifs}
    core = set(stored.provenance.get("core", bits))
    found = np.zeros((len(rows), stored.length))
    for site in placed.table.itertuples():
        if site.motif in core:
            columns = bits[site.motif] if site.strand == "+" else bits[site.motif][::-1]
            found[site.sequence, site.start : site.end] = columns
    return found


def reductions(values: np.ndarray, codes: Codes) -> dict[str, np.ndarray]:
    """Make one number per position of a map, in three ways.

    Parameters
    ----------
    values
        A map, (batch, 4, length).
    codes
        Its sequences.

    Returns
    -------
    dict
        "signed", the value of the base that stands there (for mutagenesis, whose is 0, the mean
        loss by the three others); "norm", the root of the sum of squares over the four bases;
        "absolute", the signed one without its sign.
    """
    centred = values - values.mean(axis=1, keepdims=True)
    own = np.take_along_axis(values, codes[:, None].astype(np.int64), axis=1)[:, 0]
    if not own.any():
        own = np.take_along_axis(centred, codes[:, None].astype(np.int64), axis=1)[:, 0]
    norm = np.sqrt((values**2).sum(axis=1))
    return {"signed": own, "norm": norm, "absolute": np.abs(own)}


def score(values: np.ndarray, codes: Codes, bits: np.ndarray) -> dict[str, dict[str, float]]:
    """Score maps sequence by sequence and average.

    Parameters
    ----------
    values
        Maps, (batch, 4, length).
    codes
        Their sequences.
    bits
        What `truth` gave.

    Returns
    -------
    dict
        For each reduction AUROC, AUPR (trapezoid, as published), its chance, both for columns of
        more than half a bit, and SNR: mean size of the map inside motifs over that outside.

    References
    ----------
    Koo and Ploenzke 2021, doi:10.1038/s42256-020-00291-x, for the first two, where a column counts
    from 0.01 bit on.
    """
    return of_tracks(reductions(values, codes), bits)


def of_tracks(tracks: Mapping[str, np.ndarray], bits: np.ndarray) -> dict[str, dict[str, float]]:
    """Score one number per position, as `score` does.

    Parameters
    ----------
    tracks
        By name, (batch, length).
    bits
        What `truth` gave.

    Returns
    -------
    dict
        The scores of each.
    """
    scores: dict[str, dict[str, float]] = {}
    for reduction, numbers in tracks.items():
        found = {}
        for suffix, limit in INFORMATIVE.items():
            # Positions are what the metrics call sequences, and sequences what they call tasks.
            planted = (bits > limit).T.astype(np.float32)
            found[f"AUROC{suffix}"] = _mean(predictive.auroc(numbers.T, planted))
            aupr = predictive.aupr(numbers.T, planted, interpolation="trapezoid")
            found[f"AUPR{suffix}"] = _mean(aupr)
            found[f"AUPR at chance{suffix}"] = _mean(predictive.base_rate(planted))
        inside = bits > INFORMATIVE[""]
        size = np.abs(numbers)
        outside = size[~inside].mean()
        found["SNR"] = float(size[inside].mean() / outside) if outside else float("nan")
        scores[reduction] = found
    return scores


def _mean(values: np.ndarray) -> float:
    defined = values[~np.isnan(values)]
    return float(defined.mean()) if defined.size else float("nan")
