"""Trials of Tseng et al. 2020: train and explain, compare seeds."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import torch
from jaxtyping import Int
from safetensors import numpy as safetensors
from torch import nn

from cislens.attribution import deeplift_shap, ism, saliency, shuffled
from cislens.benchmarks import _tseng_data
from cislens.data import dataset
from cislens.data.dataset import SequenceDataset
from cislens.jobs.store import Place
from cislens.metrics import annotation, consistency, predictive, smoothness
from cislens.models import checkpoint, inference, spec
from cislens.pipeline import train as training
from cislens.sequence import attributions as maps
from cislens.sequence import onehot as onehots
from cislens.sequence.attributions import Attributions
from cislens.training import fit
from cislens.training.options import FitOptions
from cislens.training.prior_options import PriorOptions

Options = Mapping[str, Any]
Explain = Callable[[nn.Module, torch.Tensor, int], Attributions]
MAPS, MODEL = "maps.safetensors", "model.safetensors"


class Trained(NamedTuple):
    """What a training leaves behind."""

    model: nn.Module
    recipe: spec.Recipe
    history: pd.DataFrame


def train(given: Options, place: Place) -> dict[str, Any]:
    """Train a network and explain it; options: labels, seed, width_multiplier, mapped, fit."""
    source = place.needed[0].folder
    stored = dataset.open(source / _tseng_data.DATA)
    chosen = _tseng_data.chosen(source, given["mapped"])
    recipe = spec.Recipe(
        "tseng-binary",
        stored.length,
        stored.tasks,
        "binary",
        options={"width_multiplier": given["width_multiplier"]},
    )
    model, result = fitted(given, place, recipe, stored)
    test = stored.view("test")
    with one_thread():
        logits = inference.predict(model, test).numpy()
        onehot = onehots.from_codes(test[chosen.rows])
        found = explained(model, onehot, chosen.targets)
    scored = {
        "test AUROC": float(predictive.auroc(logits, test.targets).mean()),
        "test AUPR": float(predictive.aupr(logits, test.targets).mean()),
        "validation loss": float(result.history["validation_loss"][result.best_epoch - 1]),
        "best epoch": float(result.best_epoch),
    }
    keep(given, place, Trained(model, recipe, result.history), found)
    records = as_records(given, "", scored)
    for name, values in found.items():
        records += as_records(given, name, scores(values, onehot.numpy(), chosen.sites))
    return {"records": records}


def compare(given: Options, place: Place) -> dict[str, Any]:
    """Compare the maps of trainings that differ in their seed; options: labels, seed."""
    runs = [safetensors.load_file(result.folder / MAPS) for result in place.needed]
    similarities: dict[str, Callable[..., np.ndarray]] = {
        "stability, Jaccard": consistency.continuous_jaccard,
        "stability, weighted Jaccard": partial(consistency.continuous_jaccard, weighted=True),
        "stability, cosine": consistency.cosine,
    }
    records = []
    for name in runs[0]:
        together = np.stack([run[name] for run in runs])
        values = {
            metric: float(np.nanmean(consistency.stability(together, similarity=similarity)))
            for metric, similarity in similarities.items()
        }
        records += as_records(given, name, values)
    return {"records": records}


def fitted(
    given: Options, place: Place, recipe: spec.Recipe, stored: SequenceDataset
) -> tuple[nn.Module, fit.FitResult]:
    """Train a network of a recipe as the options of a piece say."""
    model = training.initialised(recipe, given["seed"])
    with one_thread():
        result = fit.fit(
            model,
            stored.view("train"),
            stored.view("validation"),
            objective=recipe.objective,
            options=_fit_options(given["fit"]),
            folder=place.scratch,
            seed=given["seed"],
            progress=False,
        )
    return model, result


def keep(given: Options, place: Place, trained: Trained, explained: dict[str, np.ndarray]) -> None:
    """Write network, history and maps beside the values of a piece."""
    model, recipe, history = trained
    history.drop(columns="seconds").to_csv(place.out / "history.csv", index=False)
    checkpoint.save(place.out / MODEL, model, recipe, summary=dict(given["labels"]))
    safetensors.save_file(explained, place.out / MAPS)


def _fit_options(given: Options) -> FitOptions:
    options = dict(given)
    if "prior" in options:
        options["prior"] = PriorOptions(**options["prior"])
    return FitOptions(**options, accelerator="cpu")


def explained(
    model: nn.Module,
    onehot: torch.Tensor,
    targets: Int[np.ndarray, " n"],
    *,
    methods: Mapping[str, Explain] | None = None,
) -> dict[str, np.ndarray]:
    """Explain each sequence's own target, by every method."""
    # Stable, so that equal targets keep their order.
    back = np.argsort(np.argsort(targets, kind="stable"), kind="stable")
    found = {}
    for name, explain in (methods or METHODS).items():
        parts = [
            explain(model, onehot[torch.from_numpy(targets == target)], int(target)).values
            for target in np.unique(targets)
        ]
        found[name] = np.concatenate([part.numpy() for part in parts])[back]
    return found


def _gradient(model: nn.Module, onehot: torch.Tensor, target: int) -> Attributions:
    return saliency.attribute(model, onehot, target=target)


def _corrected(model: nn.Module, onehot: torch.Tensor, target: int) -> Attributions:
    return maps.regauge(_gradient(model, onehot, target), to="corrected")


def deepshap(model: nn.Module, onehot: torch.Tensor, target: int) -> Attributions:
    """Explain by the rescale rule, against ten dinucleotide shuffles."""
    return deeplift_shap.attribute(
        model, onehot, target=target, references=shuffled(10), rng=np.random.default_rng(0)
    )


def _mutated(model: nn.Module, onehot: torch.Tensor, target: int) -> Attributions:
    return maps.regauge(ism.attribute(model, onehot, target=target), to="corrected")


METHODS: dict[str, Explain] = {
    "gradient": _gradient,
    "corrected gradient": _corrected,
    "DeepSHAP": deepshap,
    "ISM": _mutated,
}


def scores(values: np.ndarray, onehot: np.ndarray, sites: np.ndarray) -> dict[str, float]:
    tracks = np.abs((values * onehot).sum(axis=1))
    return {
        "high-frequency share": float(np.nanmean(smoothness.high_frequency_share(tracks))),
        "entropy": float(np.nanmean(smoothness.entropy(tracks))),
        "motif-base auPRC": float(np.nanmean(annotation.base_aupr(tracks, sites))),
        "GC reliance": float(np.nanmean(annotation.gc_reliance(values, sites))),
        "share in motifs": float(np.nanmean(annotation.share_in_sites(tracks, sites))),
    }


def as_records(given: Options, method: str, values: Mapping[str, float]) -> list[dict[str, Any]]:
    return [
        {
            **given["labels"],
            "method": method,
            "seed": given["seed"],
            "metric": metric,
            "value": value if np.isfinite(value) else None,
        }
        for metric, value in values.items()
    ]


@contextmanager
def one_thread() -> Iterator[None]:
    """Sum in one order, whatever the executor: threads would change the last bits."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)


PIECES = {"train": train, "compare": compare}
"""Functions that may be pieces."""
