"""Trials of Tseng et al. 2020 on profiles: windows with tags, train and explain."""

import warnings
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from jaxtyping import Bool, Float, Int
from torch import nn

from cislens.benchmarks import _tseng_data, _tseng_trials
from cislens.data import dataset, profiles
from cislens.data.dataset import SequenceDataset, SequenceView
from cislens.jobs.store import Place
from cislens.metrics import annotation, bounds, profile
from cislens.models import heads, spec
from cislens.models import profiles as predicting
from cislens.models.checkpoint import Checkpoint
from cislens.pipeline import building, genome_options, options, profile_scoring
from cislens.sequence import onehot as onehots
from cislens.sequence.pwm import Pwm

Options = Mapping[str, Any]
STRANDS = 2
NEAR = 30
"""A site is bound where a tag lies so many bp from it or nearer: where an exonuclease stops."""


def windows(given: Options, place: Place) -> dict[str, Any]:
    """Cut windows with tags; options: genome, peaks, tags, factor, windows, split."""
    building.write(
        Path(given["genome"]),
        genome_options.GenomeOptions(
            peaks=genome_options.PeakOptions(files=[Path(given["peaks"])]),
            profile=genome_options.ProfileOptions(
                tracks={given["factor"]: [Path(path) for path in given["tags"]]},
                **given["windows"],
            ),
        ),
        place.out / _tseng_data.DATA,
        split=options.SplitOptions(by="chromosome", **given["split"]),
        seed=_tseng_data.SEED,
    )
    stored = dataset.open(place.out / _tseng_data.DATA)
    (motif,) = _tseng_data.motifs_of("jaspar2024", "fungi", [given["factor"]])
    _tseng_data.write_chosen(place.out, _bound(stored, motif))
    return {}


def train(given: Options, place: Place) -> dict[str, Any]:
    """Train a network of profiles and explain its shapes; options: those of trials of labels."""
    source = place.needed[0].folder
    stored = dataset.open(source / _tseng_data.DATA)
    chosen = _tseng_data.chosen(source, given["mapped"])
    recipe = spec.Recipe(
        "tseng-profile",
        stored.length,
        stored.tasks,
        "profile",
        options={
            "width_multiplier": given["width_multiplier"],
            "strands": STRANDS,
            "control": "none",
        },
    )
    model, result = _tseng_trials.fitted(given, place, recipe, stored)
    test = stored.view("test")
    onehot = onehots.from_codes(test[chosen.rows])
    with _tseng_trials.one_thread():
        scored = _scored(Checkpoint(model, recipe, {}), test)
        found = explained(model, onehot, chosen.targets)
    best = result.history.iloc[result.best_epoch - 1]
    scored |= {
        "validation loss": float(best["validation_profile_loss"]),
        "best epoch": float(result.best_epoch),
    }
    _tseng_trials.keep(given, place, _tseng_trials.Trained(model, recipe, result.history), found)
    records = _tseng_trials.as_records(given, "", scored)
    for name, values in found.items():
        scores = _tseng_trials.scores(values, onehot.numpy(), chosen.sites)
        scores |= _beside(values, onehot.numpy(), chosen.sites)
        records += _tseng_trials.as_records(given, name, scores)
    return {"records": records}


def explained(
    model: nn.Module,
    onehot: torch.Tensor,
    targets: Int[np.ndarray, " n"],
    *,
    methods: Mapping[str, _tseng_trials.Explain] | None = None,
) -> dict[str, np.ndarray]:
    """Explain the shapes of profiles, both strands of a task together."""
    with warnings.catch_warnings():
        # The weights of the shape change between sequences, so that sums need not hold exactly.
        warnings.filterwarnings("ignore", message="deeplift_shap: the map misses its sum")
        shape = heads.ProfileShape(model, head=0, strands=STRANDS)
        return _tseng_trials.explained(shape, onehot, targets, methods=methods)


def _scored(loaded: Checkpoint, test: SequenceView) -> dict[str, float]:
    """Score predictions at peaks, beside the tags themselves and the prediction of another peak."""
    row = profile_scoring.score(loaded, test).table.iloc[0]
    peaks = np.flatnonzero(profiles.at_peaks(test))
    read = profiles.read(test, peaks)
    shares = predicting.predict(loaded.model, read.codes).shares
    scored = {
        "test NLL": row["nll"],
        "test NLL, mean profile": row["nll_mean_profile"],
        "test JSD": row["jsd"],
        "test JSD, mean profile": row["jsd_mean_profile"],
        "test Spearman of counts": row["counts_spearman"],
    }
    metrics = {"NLL": profile.negative_log_likelihood, "JSD": profile.jensen_shannon}
    for name, metric in metrics.items():
        found = bounds.bounded(
            partial(_of_shares, metric),
            shares,
            read.counts,
            shuffle=bounds.examples,
            rng=np.random.default_rng(0),
        )
        scored[f"test {name}, tags themselves"] = np.nanmean(found.best)
        scored[f"test {name}, another peak's"] = np.nanmean(found.chance)
    return {name: float(value) for name, value in scored.items()}


def _of_shares(
    metric: Callable[[np.ndarray, np.ndarray], np.ndarray], given: np.ndarray, counts: np.ndarray
) -> np.ndarray:
    """Score shares, or counts as if they had been predicted."""
    whole = given.sum(axis=2, keepdims=True, dtype=np.float64)
    return metric(np.divide(given, whole, out=np.zeros(given.shape), where=whole > 0), counts)


def _beside(values: np.ndarray, onehot: np.ndarray, sites: np.ndarray) -> dict[str, float]:
    """Score how near importance stands to the summit, and shuffled importance at the sites."""
    tracks = np.abs((values * onehot).sum(axis=1))
    summit = tracks.shape[1] // 2
    found = bounds.bounded(
        annotation.base_aupr,
        tracks,
        sites,
        shuffle=bounds.positions,
        rng=np.random.default_rng(0),
    )
    near = annotation.summit_correlation(tracks, [[summit]] * len(tracks))
    return {
        "motif-base auPRC, shuffled": float(np.nanmean(found.chance)),
        "correlation with distance to the summit": float(np.nanmean(near)),
    }


def _bound(stored: SequenceDataset, motif: Pwm) -> _tseng_data.Chosen:
    """Find the test peaks with a site of a motif that has tags beside it."""
    view = stored.view("test")
    peaks = np.flatnonzero(profiles.at_peaks(view))
    read = profiles.read(view, peaks)
    sites = tagged(_tseng_data.motif_sites(read.codes, motif), read.counts.sum(axis=1))
    held = sites.any(axis=1)
    rows = peaks[held]
    return _tseng_data.Chosen(rows, np.zeros_like(rows), sites[held])


def tagged(
    sites: Bool[np.ndarray, "n length"], counts: Float[np.ndarray, "n positions"]
) -> Bool[np.ndarray, "n length"]:
    """Keep the stretches of sites that lie at tags, which are counted in the middle of windows."""
    margin = (sites.shape[1] - counts.shape[1]) // 2
    tags = np.zeros(sites.shape, dtype=bool)
    tags[:, margin : margin + counts.shape[1]] = counts > 0
    kept = np.zeros_like(sites)
    for row, mask in enumerate(sites):
        edges = np.flatnonzero(np.diff(mask, prepend=False, append=False))
        for start, end in edges.reshape(-1, 2):
            kept[row, start:end] = tags[row, max(0, start - NEAR) : end + NEAR].any()
    return kept


PIECES = {"windows": windows, "train": train}
"""Functions that may be pieces."""
