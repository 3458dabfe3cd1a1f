"""What is measured of one training beside others: its score, its losses, its maps."""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import numpy as np
import torch
from scipy import special

from cislens.attribution import deeplift_shap, ism, saliency, shuffled
from cislens.data import profiles
from cislens.data.dataset import SequenceDataset, SequenceView
from cislens.errors import UserError
from cislens.metrics import annotation, predictive, smoothness
from cislens.models import inference, spec
from cislens.pipeline import evaluating, profile_scoring
from cislens.pipeline import explained as explaining
from cislens.pipeline.compare_options import Compare
from cislens.pipeline.trainings import Training
from cislens.sequence import attributions as maps
from cislens.sequence import onehot as onehots


class Measured(NamedTuple):
    """What is known of one training."""

    score: float
    """Mean over tasks of the headline metric."""
    losses: np.ndarray
    """Loss of each sequence of the split."""
    maps: np.ndarray
    """(sequences, 4, length) of those explained."""


class Explained(NamedTuple):
    """The sequences that are explained."""

    rows: np.ndarray
    """Their places in the split."""
    onehot: torch.Tensor
    """Their bases."""
    sites: np.ndarray | None
    """Planted positions; None without truth."""
    task: int
    """Which output is explained."""


def choose(chosen: Compare, stored: SequenceDataset, view: SequenceView) -> Explained:
    """Choose what is explained of all trainings alike.

    Parameters
    ----------
    chosen
        The options of `cislens compare`.
    stored
        The dataset.
    view
        The part of it that is scored.

    Returns
    -------
    Explained
        Sequences, planted positions, and the output.

    Raises
    ------
    UserError
        If there is no such task, or fewer than two sequences.
    """
    if chosen.task is not None and chosen.task not in stored.tasks:
        raise UserError(f"task={chosen.task!r}: {stored.path} has {', '.join(stored.tasks)}")
    task = 0 if chosen.task is None else stored.tasks.index(chosen.task)
    kept = np.arange(len(view))
    if stored.target_kind == "binary":
        kept = np.flatnonzero(view.targets[:, task] == 1)
    if stored.profile is not None:
        kept = np.flatnonzero(profiles.at_peaks(view))
    rows = kept[: chosen.sequences]
    if len(rows) < 2:
        raise UserError(
            f"split={chosen.split}: {len(rows)} sequence of {stored.path} to explain; wants two"
        )
    onehot = onehots.from_codes(view[rows])
    return Explained(rows, onehot, _sites(stored, view.indices[rows]), task)


def _sites(stored: SequenceDataset, rows: np.ndarray) -> np.ndarray | None:
    """Mark the planted positions of some sequences of a dataset."""
    if stored.placements is None:
        return None
    place = {int(row): number for number, row in enumerate(rows)}
    sites = np.zeros((len(rows), stored.length), dtype=bool)
    table = stored.placements.table
    for row, start, end in zip(table["sequence"], table["start"], table["end"], strict=True):
        if row in place:
            sites[place[row], start:end] = True
    return sites


def measure(
    chosen: Compare,
    training: Training,
    stored: SequenceDataset,
    view: SequenceView,
    *,
    explained: Explained,
) -> Measured:
    """Score and explain one training.

    Parameters
    ----------
    chosen
        The options of `cislens compare`.
    training
        Which.
    stored
        The dataset.
    view
        The part of it that is scored.
    explained
        What is explained.

    Returns
    -------
    Measured
        Its numbers.

    Raises
    ------
    UserError
        If it was trained for other data.
    """
    loaded = evaluating.load(training.place, stored)
    if loaded.recipe.tasks != stored.tasks:
        raise UserError(
            f"{training.place}: predicts {', '.join(loaded.recipe.tasks)}; {stored.path} has "
            f"{', '.join(stored.tasks)}: compare trainings on the same dataset"
        )
    if stored.profile is not None:
        scored = profile_scoring.score(loaded, view)
        losses = _over_tasks(np.stack(list(scored.likelihood.values()), axis=1))
        network = explaining.of_numbers(loaded, training.place)
        score = float(scored.table[evaluating.HEADLINE["profile"]].mean())
        return Measured(score, losses, _maps(chosen, network, explained))
    logits = inference.predict(loaded.model, view)
    values = spec.to_prediction(loaded.recipe.objective, logits).double().numpy()
    targets = view.targets.astype(np.float64)
    table = predictive.evaluate(values, targets, tasks=stored.tasks, target_kind=stored.target_kind)
    metric = evaluating.HEADLINE[stored.target_kind]
    losses = _losses(logits.double().numpy(), targets, stored.target_kind)
    found = _maps(chosen, loaded.model, explained)
    return Measured(float(table[metric].mean()), losses, found)


def _losses(logits: np.ndarray, targets: np.ndarray, kind: str) -> np.ndarray:
    """Average the loss of each sequence over its measured tasks."""
    if kind == "binary":
        losses = np.logaddexp(0, logits) - targets * logits
    elif kind == "count":
        losses = 2 * special.kl_div(targets, np.exp(logits))
    else:
        losses = (logits - targets) ** 2
    return _over_tasks(losses)


def _over_tasks(losses: np.ndarray) -> np.ndarray:
    known = ~np.isnan(losses)
    summed, number = np.where(known, losses, 0).sum(axis=1), known.sum(axis=1)
    return np.asarray(np.divide(summed, number, out=np.full(len(losses), np.nan), where=number > 0))


def _maps(chosen: Compare, model: torch.nn.Module, explained: Explained) -> np.ndarray:
    ask: dict[str, Callable[..., maps.Attributions]] = {
        "gradient": saliency.attribute,
        "DeepSHAP": partial(
            deeplift_shap.attribute,
            references=shuffled(10),
            rng=np.random.default_rng(chosen.seed),
        ),
        "ISM": ism.attribute,
    }
    found = ask[chosen.method](model, explained.onehot, target=explained.task)
    # The part that is equal for all four bases is no property of the sequence.
    return maps.regauge(found, to="corrected").values.numpy()


def scores(measured: Measured, explained: Explained, *, period: float) -> dict[str, np.ndarray]:
    """Score each sequence under one training.

    Parameters
    ----------
    measured
        The training.
    explained
        What is explained.
    period
        Shortest period that counts as low frequency, in bp.

    Returns
    -------
    dict
        The loss of all sequences of the split, and scores of the maps of those explained.
    """
    tracks = np.abs((measured.maps * explained.onehot.numpy()).sum(axis=1))
    found = {
        "loss": measured.losses,
        "high-frequency share": smoothness.high_frequency_share(tracks, period=period),
        "entropy": smoothness.entropy(tracks),
    }
    if explained.sites is not None:
        found["motif-base auPRC"] = annotation.base_aupr(tracks, explained.sites)
        found["share in motifs"] = annotation.share_in_sites(tracks, explained.sites)
    return found
