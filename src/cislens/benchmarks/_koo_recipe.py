"""Better maps than those published: a consensus of networks and methods, on Task 3.

Chosen on the corrected task with seeds of its own, `TUNED`; told for the legacy task with seeds
that had no part in the choice, `TOLD`.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations
from typing import Any

import numpy as np

from cislens.benchmarks import _koo_networks, _koo_scores, _koo_trials
from cislens.data import dataset
from cislens.jobs.plan import Piece
from cislens.jobs.store import Place
from cislens.metrics import predictive
from cislens.models import inference
from cislens.sequence import consensus
from cislens.sequence import onehot as onehots

Options = Mapping[str, Any]

TUNED = (10, 11)
TOLD = (3, 4, 5, 6, 7)
MEMBERS = ("exponential", "modified-sigmoid", "relu")
METHODS = ("corrected saliency", "DeepSHAP", "mutagenesis")
SMOOTHING = 1.5
"""What `recipe: interpretable` is made of; the standard deviation in bp."""

TRIED = (0.0, 1.0, 1.5, 2.0)
"""Smoothings that the choice was made from, in bp."""


def combine(given: Options, place: Place) -> dict[str, Any]:
    """Score the consensus of several networks and methods.

    Options: labels, seed, n (number of sequences), members (options of the trials, in the order of
    the needs behind the data), and tune: whether all choices are scored, or the recipe alone, with
    its smoothing.
    """
    stored = dataset.open(place.needed[0].folder / _koo_trials.DATA)
    test = stored.view("test")
    rows = np.flatnonzero(test.targets[:, 0] == 1)[: given["n"]]
    codes, truth = test[rows], _koo_scores.truth(stored, test.indices[rows])
    onehot = onehots.from_codes(codes).numpy()
    maps, logits = {}, []
    with _koo_trials.one_thread():
        for member, trial in zip(given["members"], place.needed[1:], strict=True):
            network = _koo_networks.trained(_koo_trials.recipe_of(member, stored), member, trial)
            logits.append(inference.predict(network, test).numpy())
            for name in METHODS:
                maps[member["activation"], name] = _koo_scores.METHODS[name](network, codes)
    records = []
    for names, methods in _choices(given):
        together = consensus.consensus([maps[name, way] for name in names for way in methods])
        labels = {
            **given["labels"],
            "activation": " + ".join(names),
            "method": " + ".join(methods),
        }
        tracks = _tracks(together, onehot, smoothing=given.get("smoothing"))
        for reduction, measured in _koo_scores.of_tracks(tracks, truth).items():
            described = {"labels": {**labels, "reduction": reduction}, "seed": given["seed"]}
            records += _koo_trials.records_of(described, measured)
    records += _predictions(given, logits, test.targets)
    return {"records": records}


def _choices(given: Options) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    """List which networks and methods are taken together."""
    if given["tune"]:
        for names in _some(MEMBERS):
            for methods in _some(METHODS):
                yield names, methods
    else:
        yield MEMBERS, METHODS


def _some(names: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """List all choices of one or more."""
    for count in range(1, len(names) + 1):
        yield from combinations(names, count)


def _tracks(
    map_: np.ndarray, onehot: np.ndarray, *, smoothing: float | None
) -> dict[str, np.ndarray]:
    """Reduce a map by one smoothing, or in all ways that are to choose from."""

    def smooth(sigma: float) -> np.ndarray:
        return consensus.importance(map_, onehot, smoothing=sigma)

    if smoothing is not None:
        return {"importance": smooth(smoothing)}
    tracks = {f"importance, {sigma:g} bp": smooth(sigma) for sigma in TRIED}
    own = (map_ * onehot).sum(axis=1)
    return tracks | {"signed": own, "norm": np.linalg.norm(map_, axis=1)}


def _predictions(
    given: Options, logits: list[np.ndarray], targets: np.ndarray
) -> list[dict[str, Any]]:
    """Score the mean of the networks' predictions."""
    mean = np.mean(logits, axis=0)
    values = {
        "test AUROC": predictive.auroc(mean, targets).item(),
        "test AUPR": predictive.aupr(mean, targets, interpolation="trapezoid").item(),
    }
    return _koo_trials.records_of(given, values)


def piece(trials: Iterable[Piece], *, task: str, seed: int, mapped: int, tune: bool) -> Piece:
    """Plan the consensus of some trials.

    Parameters
    ----------
    trials
        Trainings of one seed, in the order of `MEMBERS`.
    task
        Name of their task.
    seed
        Their seed.
    mapped
        Sequences that are mapped.
    tune
        Whether all choices are scored, or the recipe alone.

    Returns
    -------
    Piece
        The work.
    """
    trials = tuple(trials)
    members = [{k: v for k, v in trial.options.items() if k != "fit"} for trial in trials]
    what = "choices" if tune else "recipe"
    options = {
        "labels": {
            "task": task,
            "model": "cnn-dist",
            "activation": " + ".join(MEMBERS),
            "variant": what,
        },
        "seed": seed,
        "n": mapped,
        "members": members,
        "tune": tune,
        **({} if tune else {"smoothing": SMOOTHING}),
    }
    return Piece(
        f"{__name__}:combine",
        options,
        needs=(*trials[0].needs, *trials),
        label=f"{task} cnn-dist {what} seed{seed}",
    )


PIECES = {"combine": combine}
"""Functions that may be pieces."""
