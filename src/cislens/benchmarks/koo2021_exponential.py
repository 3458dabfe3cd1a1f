"""Koo & Ploenzke 2021: exponential first-layer activations, scored against planted truth.

The claim: in networks that could build motifs from parts, an exponential first layer nevertheless
learns whole motifs, where ReLU learns none (Task 1), and it makes attribution maps find what was
planted (Task 3), at no loss of accuracy. Rerun with ``cislens benchmark run koo2021``.

References
----------
Koo and Ploenzke 2021, Nature Machine Intelligence 3:258-266, doi:10.1038/s42256-020-00291-x.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cislens.benchmarks import _koo_published
from cislens.benchmarks.suite import Benchmark, Figure
from cislens.errors import UserError
from cislens.jobs.plan import Piece

LABELS = ("task", "model", "activation", "variant", "method", "reduction")

SITES: dict[str, dict[str, Any]] = {
    _koo_published.HALF: {"rule": "fraction-of-maximum", "threshold": 0.5},
    # Ranks, so that no activation gains by its shape.
    "best 300 sequences": {"rule": "top", "threshold": 300, "selection": "best-per-sequence"},
}
"""Rules by which the sites of a filter are chosen: the published one, and one of ranks."""

METHODS = ("saliency", "corrected saliency", "mutagenesis", "integrated gradients", "DeepSHAP")

CORE_ACTIVATIONS = ("exponential", "relu", "modified-sigmoid")

ABLATION = (
    "shifted-sigmoid",
    "scaled-sigmoid",
    "shifted-tanh",
    "scaled-tanh",
    "shifted-relu",
    "cubed-relu",
)


@dataclass(frozen=True)
class Scale:
    """How much of the grid is run, and how long a trial is.

    Attributes
    ----------
    seeds
        Trials of each network.
    activations
        First-layer activations.
    epochs
        Most epochs.
    data
        Settings of the simulated tasks.
    mapped
        Sequences that are mapped.
    """

    seeds: int
    activations: tuple[str, ...]
    epochs: int
    data: dict[str, Any]
    mapped: int


SCALES = {
    "smoke": Scale(2, ("exponential", "relu"), 1, {"sequences": 300}, 4),
    "core": Scale(5, CORE_ACTIVATIONS, 100, {}, 500),
    "full": Scale(
        10, (*_koo_published.ACTIVATIONS, *_koo_published.MODIFIED, *ABLATION), 100, {}, 500
    ),
}
"""Scales by name."""


def plan(scale: str, *, files: Mapping[str, str]) -> Benchmark:
    """Plan the benchmark.

    Parameters
    ----------
    scale
        A key of `SCALES`.
    files
        Paths of data that do not come with the package: "irf1" and "zbed2", the ChIP-seq files of
        the authors' repository (Tasks 6 and 5).

    Returns
    -------
    Benchmark
        All of seed 0 first, then seed 1, and so on.
    """
    size = SCALES[scale]
    pieces = [piece for seed in range(size.seeds) for piece in _of_seed(size, seed, files)]
    return Benchmark(
        name="koo2021",
        title="Exponential activations, Koo & Ploenzke 2021",
        reference="Koo and Ploenzke 2021, Nature Machine Intelligence 3:258-266, "
        "doi:10.1038/s42256-020-00291-x",
        labels=LABELS,
        pieces=tuple(pieces),
        published=_koo_published.values(),
        figures=FIGURES,
        notes=NOTES,
    )


def _of_seed(size: Scale, seed: int, files: Mapping[str, str]) -> Iterable[Piece]:
    for model in ("cnn-dist", "cnn-local"):
        data = _simulated("task3", size)
        for activation in size.activations:
            yield from _explained(_trial("task3", data, model, activation, seed, size), size)
    for model in ("cnn-50", "cnn-2", "cnn-deep"):
        data = _simulated("task1", size)
        for activation in size.activations:
            yield from _with_filters(_trial("task1", data, model, activation, seed, size))
    for task in ("irf1", "zbed2"):
        if task in files:
            data = _imported(task, files[task])
            for activation in ("exponential", "relu"):
                yield _trial(task, data, "residualbind", activation, seed, size)


def _simulated(task: str, size: Scale) -> Piece:
    settings = {"task": f"koo2021_{task}", "mode": "legacy", **size.data}
    return _piece("simulate", settings, f"data {task}")


def _imported(task: str, path: str) -> Piece:
    """Read a file of the user, known by what it holds and not by its name alone."""
    try:
        with Path(path).open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise UserError(f"files.{task}={path}: {error.strerror}; wants the HDF5 file") from error
    options = {"path": path, "sha256": digest, "tasks": [task.upper()]}
    return _piece("read", options, f"data {task}")


def _trial(task: str, data: Piece, model: str, activation: str, seed: int, size: Scale) -> Piece:
    """Train one network, by the published recipe but for the weights of the best epoch."""
    fit: dict[str, Any] = {"epochs": size.epochs}
    fit["monitor"] = "validation_aupr" if task == "task1" else "validation_auroc"
    if task in ("irf1", "zbed2"):
        # The published runs stack reverse complements: half the batch, as many steps an epoch.
        fit |= {"reverse_complement": 0.5, "batch_size": 50}
    labels = {"task": task, "model": model, "activation": activation}
    options = {
        "labels": labels,
        "architecture": model,
        "activation": activation,
        "seed": seed,
        "fit": fit,
    }
    label = f"{task} {model} {activation} seed{seed}"
    return _piece("train", options, f"{label} training", needs=(data,))


def _with_filters(trial: Piece) -> Iterable[Piece]:
    yield trial
    for name, sites in SITES.items():
        yield _follow("read_filters", trial, name, {"sites": sites})


def _explained(trial: Piece, size: Scale) -> Iterable[Piece]:
    yield trial
    for name in METHODS:
        yield _follow("explain", trial, name, {"method": name, "n": size.mapped})


def _follow(function: str, trial: Piece, name: str, more: dict[str, Any]) -> Piece:
    """Ask the network of a trial."""
    options = {key: value for key, value in trial.options.items() if key != "fit"} | more
    options["labels"] = {**options["labels"], "method": name}
    label = trial.label.replace("training", name)
    return _piece(function, options, label, needs=(*trial.needs, trial))


def _piece(
    function: str, options: dict[str, Any], label: str, needs: tuple[Piece, ...] = ()
) -> Piece:
    module = "cislens.benchmarks._koo_trials"
    return Piece(f"{module}:{function}", options, needs=needs, label=label)


FIGURES = (
    Figure(
        "Fig. 1c: filters that match a planted motif, Task 1",
        metric="match",
        across="activation",
        panels="model",
        where={"task": ["task1"], "method": [_koo_published.HALF], "variant": [""]},
        caption="Share of the 32 first-layer filters, sites above half of the filter's maximum.",
    ),
    Figure(
        "The same by ranks: the best site of the 300 best sequences of each filter",
        metric="match",
        across="activation",
        panels="model",
        where={"task": ["task1"], "method": ["best 300 sequences"], "variant": [""]},
        caption="No activation gains by its shape. Not in the paper.",
    ),
    Figure(
        "Factors recovered of 12, Task 1",
        metric="coverage",
        across="activation",
        panels="model",
        where={"task": ["task1"], "method": [_koo_published.HALF], "variant": [""]},
        caption="Not in the paper: many filters of one motif do not raise it.",
    ),
    Figure(
        "Test AUROC, Task 1",
        metric="test AUROC",
        across="activation",
        panels="model",
        where={"task": ["task1"], "variant": [""]},
    ),
    Figure(
        "Fig. 2a: test AUROC, Task 3",
        metric="test AUROC",
        across="activation",
        panels="model",
        where={"task": ["task3"], "variant": [""]},
    ),
    Figure(
        "Fig. 2b: saliency against planted motifs, Task 3",
        metric="AUROC",
        across="activation",
        panels="model",
        where={"task": ["task3"], "method": ["saliency"], "reduction": ["signed"], "variant": [""]},
        caption="AUROC over the positions of a sequence, mean of the first 500 positive test "
        "sequences.",
    ),
    Figure(
        "Fig. 2c: the same, AUPR",
        metric="AUPR",
        across="activation",
        panels="model",
        where={"task": ["task3"], "method": ["saliency"], "reduction": ["signed"], "variant": [""]},
    ),
    *(
        Figure(
            f"Extended Data Fig. 2b: methods, CNN-dist, {name}",
            metric=metric,
            across="method",
            panels="activation",
            where={"task": ["task3"], "model": ["cnn-dist"], "reduction": [reduction]},
            caption=caption,
        )
        for metric, reduction, name, caption in (
            (
                "AUROC",
                "signed",
                "AUROC, signed",
                "The value of the base that stands there, for every method alike.",
            ),
            (
                "AUROC",
                "norm",
                "AUROC, norm",
                "The norm over the four bases, for every method alike.",
            ),
        )
    ),
)
"""Figures of the paper that the records allow."""

NOTES = (
    "Weights are those of the best epoch by the validation metric; the paper keeps the last "
    "epoch's.",
    "Maps explain the logit; the paper explains the probability. For saliency the order of "
    "positions is the same.",
    "Integrated gradients here are those of Sundararajan et al. (midpoint rule, times the change "
    "of the sequence), against ten dinucleotide shuffles; the paper averages gradients against ten "
    "mononucleotide shuffles.",
    "Filter windows are measured from the network and trimmed at 0.3 bit; the paper takes 20 bp "
    "and trims at 0.5 bit but for 3 flanking columns.",
)
