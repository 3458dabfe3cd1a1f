"""Windows whose predicted profiles are shown beside the measured ones, from good to bad."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cislens.data import dataset, profiles
from cislens.models import checkpoint
from cislens.models import profiles as predicting
from cislens.pipeline import profile_scoring

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
"""Where the windows stand among all peaks by divergence: so the page shows no chosen ones."""
DIGITS = 5


def choose(
    loaded: checkpoint.Checkpoint,
    view: dataset.SequenceView,
    divergence: Mapping[str, NDArray[np.float64]],
) -> dict[str, Any]:
    """Choose windows by how well they are predicted, and average all peaks.

    Parameters
    ----------
    loaded
        A network of profiles and its recipe.
    view
        The windows that were scored.
    divergence
        For each task that of each window; NaN for those that are left out.

    Returns
    -------
    dict[str, Any]
        JSON values: ``tasks``, a list of ``task``, ``peaks`` (how many), ``mean`` (shares of the
        counts, averaged over them) and ``windows``: for each quantile the name of the window, its
        divergence ``jsd``, the measured and the expected total of the task, and shares of the
        counts of all strands together. Shares are ``measured`` and ``predicted``, (strands,
        positions).
    """
    strands = profiles.layout(view).strands
    means = _means(loaded, view, divergence)
    shown = []
    for number, (task, values) in enumerate(divergence.items()):
        tracks = slice(number * strands, (number + 1) * strands)
        known = np.flatnonzero(~np.isnan(values))
        ranked = known[np.argsort(values[known], kind="stable")]
        rows = [ranked[round(q * (len(ranked) - 1))] for q in QUANTILES] if len(ranked) else []
        shown.append(
            {
                "task": task,
                "peaks": len(known),
                "mean": {name: _listed(shares[tracks]) for name, shares in means[task].items()},
                "windows": [
                    {"quantile": quantile, "jsd": float(values[row])}
                    | _window(loaded, view, int(row), tracks)
                    for quantile, row in zip(QUANTILES, rows, strict=False)
                ],
            }
        )
    return {"tasks": shown}


def _means(
    loaded: checkpoint.Checkpoint,
    view: dataset.SequenceView,
    divergence: Mapping[str, NDArray[np.float64]],
) -> dict[str, dict[str, NDArray[np.float64]]]:
    """Average shares over the peaks of each task that have counts, a window counting once."""
    size = profile_scoring.BLOCK
    kept = profiles.layout(view)
    shape = (len(view.tasks) * kept.strands, kept.positions)
    total = {
        task: {name: np.zeros(shape) for name in ("measured", "predicted")} for task in divergence
    }
    for block, found in enumerate(profiles.blocks(view, size=size)):
        predicted = predicting.predict(loaded.model, found.codes, found.control)
        whole = found.counts.sum(axis=2, keepdims=True)
        measured = np.divide(found.counts, whole, out=np.zeros_like(found.counts), where=whole > 0)
        for task, values in divergence.items():
            known = ~np.isnan(values[block * size : (block + 1) * size])
            total[task]["measured"] += measured[known].sum(axis=0)
            total[task]["predicted"] += predicted.shares[known].sum(axis=0)
    return {
        task: {
            name: shares / np.maximum(shares.sum(axis=1, keepdims=True), 1e-12)
            for name, shares in both.items()
        }
        for task, both in total.items()
    }


def _window(
    loaded: checkpoint.Checkpoint, view: dataset.SequenceView, row: int, tracks: slice
) -> dict[str, Any]:
    found = profiles.read(view, slice(row, row + 1))
    predicted = predicting.predict(loaded.model, found.codes, found.control)
    counts = found.counts[0, tracks].astype(np.float64)
    expected = predicted.counts[0, tracks].astype(np.float64)
    return {
        "name": str(view.ids[row]),
        "counts": float(counts.sum()),
        "expected": float(expected.sum()),
        "measured": _listed(counts / max(counts.sum(), 1e-12)),
        "predicted": _listed(expected / max(expected.sum(), 1e-12)),
    }


def _listed(shares: NDArray) -> list[list[float]]:
    return [[float(f"{value:.{DIGITS}g}") for value in track] for track in shares]
