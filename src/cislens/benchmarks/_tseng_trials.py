"""The pieces of work of Tseng et al. 2020: make data, train and explain, compare seeds."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import Any

import numpy as np
import torch
from jaxtyping import Bool
from safetensors import numpy as safetensors
from torch import nn

from cislens.attribution import deeplift_shap, ism, saliency, shuffled
from cislens.data import dataset
from cislens.data.dataset import SequenceDataset
from cislens.jobs.store import Place
from cislens.metrics import annotation, consistency, predictive, smoothness
from cislens.models import checkpoint, inference, spec
from cislens.motifs import database
from cislens.pipeline import train as training
from cislens.sequence import alphabet
from cislens.sequence import attributions as maps
from cislens.sequence import onehot as onehots
from cislens.sequence.attributions import Attributions
from cislens.sequence.pwm import Pwm
from cislens.simulation import background, embed
from cislens.training import fit
from cislens.training.options import FitOptions
from cislens.training.prior_options import PriorOptions

Options = Mapping[str, Any]
DATA = "data.zarr"
MAPS = "maps.safetensors"
DATA_SEED = 20200219


def simulate(given: Options, place: Place) -> dict[str, Any]:
    """Plant motifs in every second sequence; options: length, motifs, bound, gc, sequences."""
    rng = np.random.default_rng(DATA_SEED)
    known = {motif.label: motif for motif in database.load("jaspar2016", taxon="vertebrates")}
    motifs = [known[name] for name in given["motifs"]]
    writer = dataset.create(
        place.out / DATA,
        length=given["length"],
        alphabet=alphabet.DNA,
        tasks=("positive",),
        target_kind="binary",
        provenance={"format": "simulation", "task": "tseng2020", **given},
    )
    with writer:
        for split, share in (("train", 1.0), ("validation", 0.2), ("test", 0.2)):
            count = round(share * given["sequences"])
            # Only training data are confounded: what a network relies on shows in the others.
            gc = given["gc"] if split == "train" else 0.5
            codes, sites = _planted(given, motifs, count=count, gc=gc, rng=rng)
            np.save(place.out / f"{split}.npy", sites)
            writer.append(
                codes,
                (np.arange(count)[:, None] % 2 == 0).astype(np.float32),
                ids=[f"{split}{number}" for number in range(count)],
                split=split,
            )
    return {}


def _planted(
    given: Options, motifs: list[Pwm], *, count: int, gc: float, rng: np.random.Generator
) -> tuple[np.ndarray, Bool[np.ndarray, "_ _"]]:
    """Draw sequences, every second with motifs near its centre; gives where they are."""
    length, bound = given["length"], given["bound"]
    draw = partial(background.sample, sequences=count, length=length, rng=rng)
    codes, positives = draw(background.with_gc(0.5)), draw(background.with_gc(gc))[::2]
    widest = max(motif.width for motif in motifs)
    first = max(0, (length - widest) // 2 - bound)
    layout = embed.Layout(
        counts=(0.0, *[1 / len(motifs)] * len(motifs)), window=(first, length - first)
    )
    codes[::2], planted = embed.plant(positives, motifs, layout=layout, rng=rng)
    sites = np.zeros((count, length), dtype=bool)
    table = planted.table
    for row, start, end in zip(table["sequence"], table["start"], table["end"], strict=True):
        sites[2 * row, start:end] = True
    return codes, sites


def train(given: Options, place: Place) -> dict[str, Any]:
    """Train a network and explain it; options: labels, seed, width_multiplier, mapped, fit."""
    stored = dataset.open(place.needed[0].folder / DATA)
    recipe = spec.Recipe(
        "tseng-binary",
        stored.length,
        stored.tasks,
        "binary",
        options={"width_multiplier": given["width_multiplier"]},
    )
    model = training.initialised(recipe, given["seed"])
    with _one_thread():
        result = fit.fit(
            model,
            stored.view("train"),
            stored.view("validation"),
            objective="binary",
            options=_fit_options(given["fit"]),
            folder=place.scratch,
            seed=given["seed"],
            progress=False,
        )
        test = stored.view("test")
        logits = inference.predict(model, test).numpy()
        explained = _explained(model, stored, given["mapped"])
    result.history.drop(columns="seconds").to_csv(place.out / "history.csv", index=False)
    checkpoint.save(place.out / "model.safetensors", model, recipe, summary=dict(given["labels"]))
    safetensors.save_file(explained, place.out / MAPS)
    sites = np.load(place.needed[0].folder / "test.npy")[::2][: given["mapped"]]
    records = _records(
        given,
        "",
        {
            "test AUROC": predictive.auroc(logits, test.targets).item(),
            "validation loss": float(result.history["validation_loss"][result.best_epoch - 1]),
            "best epoch": float(result.best_epoch),
        },
    )
    onehot = _positives(stored, given["mapped"]).numpy()
    for name, values in explained.items():
        records += _records(given, name, _scores(values, onehot, sites))
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
        records += _records(given, name, values)
    return {"records": records}


def _fit_options(given: Options) -> FitOptions:
    options = dict(given)
    if "prior" in options:
        options["prior"] = PriorOptions(**options["prior"])
    return FitOptions(**options, accelerator="cpu")


def _positives(stored: SequenceDataset, count: int) -> torch.Tensor:
    return onehots.from_codes(stored.view("test")[: 2 * count][::2])


def _explained(model: nn.Module, stored: SequenceDataset, count: int) -> dict[str, np.ndarray]:
    onehot = _positives(stored, count)
    rng = np.random.default_rng(0)
    gradient = saliency.attribute(model, onehot, target=0)
    found: dict[str, Attributions] = {
        "gradient": gradient,
        "corrected gradient": maps.regauge(gradient, to="corrected"),
        "DeepSHAP": deeplift_shap.attribute(
            model, onehot, target=0, references=shuffled(10), rng=rng
        ),
        "ISM": maps.regauge(ism.attribute(model, onehot, target=0), to="corrected"),
    }
    return {name: attributions.values.numpy() for name, attributions in found.items()}


def _scores(values: np.ndarray, onehot: np.ndarray, sites: np.ndarray) -> dict[str, float]:
    tracks = np.abs((values * onehot).sum(axis=1))
    return {
        "high-frequency share": float(np.nanmean(smoothness.high_frequency_share(tracks))),
        "entropy": float(np.nanmean(smoothness.entropy(tracks))),
        "motif-base auPRC": float(np.nanmean(annotation.base_aupr(tracks, sites))),
        "GC reliance": float(np.nanmean(annotation.gc_reliance(values, sites))),
        "share in motifs": float(np.nanmean(annotation.share_in_sites(tracks, sites))),
    }


def _records(given: Options, method: str, values: Mapping[str, float]) -> list[dict[str, Any]]:
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
def _one_thread() -> Iterator[None]:
    """Sum in one order, whatever the executor: threads would change the last bits."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)


PIECES = {"simulate": simulate, "train": train, "compare": compare}
"""Functions that may be pieces."""
