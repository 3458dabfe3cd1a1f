"""Scores of profile networks, beside those of the mean profile of the training windows."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cislens.data import dataset, profiles
from cislens.errors import UserError
from cislens.metrics import profile
from cislens.models import checkpoint
from cislens.models import profiles as predicting
from cislens.models.profiles import Predicted

BIN = 10
"""Width of the bins of correlation and average precision, in bp, the widest of Tseng et al. 2020:
at one bp, whose counts are mostly 0 and chance, they say more of the depth than of the network."""
BLOCK = 512
"""Windows in memory at once."""


class Block(NamedTuple):
    """Some windows, what was measured and what is predicted of them."""

    counts: NDArray[np.float32]
    is_peak: NDArray[np.bool_]
    predicted: Predicted
    opposite: Predicted
    """From the other strand, turned to lie along the windows."""


class Scored(NamedTuple):
    """How well a network predicts profiles."""

    table: pd.DataFrame
    """One row a task."""
    divergence: dict[str, NDArray[np.float64]]
    """For each task that of each window, in nats; NaN for background and without a count."""
    likelihood: dict[str, NDArray[np.float64]]
    """The negative log likelihood alike."""


def score(loaded: checkpoint.Checkpoint, view: dataset.SequenceView) -> Scored:
    """Score a network of profiles.

    Shapes are scored at peaks, each against the counts of its window; so are totals, and their
    ranks a second time among all windows (``counts_spearman_all``), where a network that only
    tells peaks from background does well. The mean profile is that of the peaks of the dataset's
    training split: their counts summed, with one more at each position.

    Parameters
    ----------
    loaded
        The network and its recipe.
    view
        Windows of a dataset of profiles.

    Returns
    -------
    Scored
        The table has one row a task: ``nll`` (nats per track), ``jsd`` (nats, smoothed as
        published), ``profile_pearson`` and ``profile_aupr`` (bins of 10 bp), each with that of the
        mean profile behind (``_mean_profile``), then correlations and squared error of log counts,
        the mean Pearson correlation of the shapes predicted from the two strands, and numbers of
        windows and of peaks.

    Raises
    ------
    UserError
        If the view holds no window at a peak.
    """
    strands = profiles.layout(view).strands
    tasks = view.dataset.tasks
    constant = mean_profile(view.dataset.view("train"))
    rows: dict[str, list[dict[str, NDArray]]] = {task: [] for task in tasks}
    for block in blocks(loaded, view):
        for number, task in enumerate(tasks):
            tracks = slice(number * strands, (number + 1) * strands)
            rows[task].append(_windows(block, tracks, constant[tracks]))
    joined = {
        task: {name: np.concatenate([block[name] for block in found]) for name in found[0]}
        for task, found in rows.items()
    }
    table = pd.DataFrame([_task(task, columns) for task, columns in joined.items()])
    shown = [{task: found[name] for task, found in joined.items()} for name in ("jsd", "nll")]
    return Scored(table, *shown)


def blocks(loaded: checkpoint.Checkpoint, view: dataset.SequenceView) -> Iterator[Block]:
    """Predict windows, some at a time.

    Parameters
    ----------
    loaded
        The network and its recipe.
    view
        Windows of a dataset of profiles.

    Yields
    ------
    Block
        In the order of the view.
    """
    strands = profiles.layout(view).strands
    for found in profiles.blocks(view, size=BLOCK):
        yield Block(
            found.counts,
            found.is_peak,
            predicting.predict(loaded.model, found.codes, found.control),
            predicting.predict_other_strand(
                loaded.model, found.codes, found.control, strands=strands
            ),
        )


def mean_profile(view: dataset.SequenceView) -> NDArray[np.float64]:
    """Average the profiles of the peaks of some windows.

    Parameters
    ----------
    view
        Windows of a dataset of profiles.

    Returns
    -------
    NDArray[np.float64]
        (tracks, positions), shares of the counts of all peaks together and one at each position:
        of all fixed profiles the likeliest, but for those ones. The same everywhere without
        windows.
    """
    kept = profiles.layout(view)
    total = np.ones((len(view.tasks) * kept.strands, kept.positions))
    for found in profiles.blocks(view, size=BLOCK):
        total += found.counts[found.is_peak].sum(axis=0, dtype=np.float64)
    shares: NDArray[np.float64] = total / total.sum(axis=1, keepdims=True)
    return shares


def _windows(block: Block, tracks: slice, constant: NDArray) -> dict[str, NDArray]:
    """Score each window of a block; NaN for shapes of background."""
    counts = block.counts[:, tracks]
    shares = block.predicted.shares[:, tracks]
    fixed = np.broadcast_to(constant, counts.shape)
    columns: dict[str, NDArray] = {}
    for name, given in (("", shares), ("_mean_profile", fixed)):
        binned = profile.binned(given, counts, width=BIN)
        columns |= {
            f"nll{name}": profile.negative_log_likelihood(given, counts),
            f"jsd{name}": profile.jensen_shannon(given, counts),
            f"profile_pearson{name}": binned.pearson,
            f"profile_aupr{name}": profile.binned_aupr(given, counts, width=BIN),
        }
    columns["strand_agreement"] = profile.binned(
        shares, block.opposite.shares[:, tracks], width=1
    ).pearson
    columns = {name: np.where(block.is_peak, values, np.nan) for name, values in columns.items()}
    return columns | {
        "is_peak": block.is_peak,
        "totals": counts.sum(axis=2, dtype=np.float64),
        "log_counts": block.predicted.log_counts[:, tracks],
    }


def _task(task: str, columns: dict[str, NDArray]) -> dict[str, float | str]:
    """Sum the windows of a task up."""
    is_peak, totals, logs = (columns[name] for name in ("is_peak", "totals", "log_counts"))
    if not is_peak.any():
        raise UserError("split: no window of it lies at a peak; choose another")
    row: dict[str, float | str] = {"task": task, "n": len(is_peak), "peaks": int(is_peak.sum())}
    shapes = columns.keys() - {"is_peak", "totals", "log_counts", "strand_agreement"}
    row |= {name: _mean(columns[name]) for name in columns if name in shapes}
    scores = profile.log_counts(logs[is_peak], totals[is_peak][:, :, None])
    row |= {f"counts_{metric}": value for metric, value in scores.items()}
    row["counts_spearman_all"] = profile.log_counts(logs, totals[:, :, None])["spearman"]
    return row | {"strand_agreement": _mean(columns["strand_agreement"])}


def _mean(values: NDArray) -> float:
    """Average what is defined."""
    known = values[~np.isnan(values)]
    return float(known.mean()) if len(known) else float("nan")
