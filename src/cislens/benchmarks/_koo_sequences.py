"""Pictures of Koo & Ploenzke 2021 that show single sequences: maps, examples, scans."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from cislens.benchmarks import _koo_grid, _koo_published, _koo_scores, _koo_seed0, _koo_shown
from cislens.benchmarks._koo_scale import Scale
from cislens.benchmarks._koo_seed0 import PAIR
from cislens.benchmarks.pictures import Part, Picture
from cislens.jobs.plan import Piece

SHOWN = 12
"""Sequences whose maps a piece keeps."""

SCANNED = 3
"""Test sequences of Task 1 along which scans are drawn."""

_BY_AUTHORS = "The positive test sequences that the authors chose, counted from 0."


class Example(NamedTuple):
    """Which sequences of a task are shown."""

    title: str
    model: str
    positives: tuple[int, ...]
    """Which of the positive test sequences, counted from 0."""
    window: tuple[int, int]
    """The stretch that the paper shows, in bp."""
    chosen: str = _BY_AUTHORS
    """How the sequences were chosen."""
    more: dict[str, Any] = {}  # noqa: RUF012 - never written to
    """Further options of `_koo_shown.examples`."""


EXAMPLES = {
    "task4": Example(
        "Fig. 3a and Supplementary Fig. 12: saliency on DNase sites, Basset",
        "basset-koo",
        tuple(range(12)),
        (150, 450),
        "The first test sequences without N that are open in target 4 (fibroblasts) alone; which "
        "ones the paper shows is not known.",
        {"target": 4},
    ),
    "zbed2": Example(
        "Fig. 3b and Supplementary Fig. 13: saliency on ZBED2, ResidualBind",
        "residualbind",
        (1, 11, 16, 18, 21, 37, 46, 61, 62, 79, 90, 95),
        (50, 350),
    ),
    "irf1": Example(
        "Fig. 3c and Supplementary Fig. 14: saliency on IRF1, ResidualBind",
        "residualbind",
        (5, 12, 40, 45, 46, 52, 56, 58, 73, 93, 95, 98),
        (50, 350),
    ),
}
"""By task."""

REDUCTIONS = {"mutagenesis": "norm", "Taylor ISM": "centred"}
"""How the four values of a position become one where it is not the value of its base."""

_SHOWN = _koo_shown.__name__
_NOT_CHOSEN = (
    "The network is that of seed 0 and the sequence the first positive one of the test set."
)


def maps(size: Scale) -> Iterable[Picture]:
    """Draw one sequence of Task 3 by activation, and by method."""
    data = _koo_grid.simulated("task3", size)
    truth = Part(
        "planted",
        Piece(f"{_SHOWN}:planted", {"n": SHOWN}, (data,), label="task3 planted"),
        role="truth",
    )

    def mapped(model: str, activation: str, method: str, name: str) -> Part:
        trial = _koo_seed0.trial("task3", data, model, activation, size)
        more = {"method": method, "n": size.mapped}
        piece = _koo_grid.asked("explain", trial, method, more)
        reduction = {"reduction": REDUCTIONS.get(method, "signed")}
        return Part(name, piece, settings=reduction)

    known = (*_koo_published.ACTIVATIONS, *_koo_published.MODIFIED)
    published = [name for name in size.activations if name in known]
    yield Picture(
        "Fig. 2d: saliency of one sequence by activation, Task 3, CNN-dist",
        "maps",
        (truth, *(mapped("cnn-dist", name, "saliency", name) for name in published)),
        "Gradient of the logit at the base that stands there, each map on a scale of its own; "
        f"AUROC and AUPR are of this sequence. {_NOT_CHOSEN}",
        {"sequence": 0},
    )
    for letter, activation in (("c", "exponential"), ("d", "relu")):
        yield Picture(
            f"Extended Data Fig. 2{letter}: the same sequence by method, CNN-dist, {activation}",
            "maps",
            (truth, *(mapped("cnn-dist", activation, name, name) for name in _koo_scores.METHODS)),
            "Mutagenesis by its norm over the four bases, as published; Taylor ISM, which is 0 at "
            "the base that stands there, by its distance from the mean of the four; the others at "
            f"that base. {_NOT_CHOSEN}",
            {"sequence": 0},
        )


def examples(size: Scale, files: Mapping[str, str]) -> Iterable[Picture]:
    """Draw the paper's examples of the tasks whose files are there."""
    for task, example in EXAMPLES.items():
        if task in files:
            data = _koo_seed0.data(task, size, files)
            more = {"method": "saliency", "positives": list(example.positives), **example.more}
            parts = []
            for activation in PAIR:
                trial = _koo_seed0.trial(task, data, example.model, activation, size)
                piece = _koo_grid.asked(f"{_SHOWN}:examples", trial, "examples", more)
                parts.append(Part(activation, piece))
            start, end = example.window
            yield Picture(
                example.title,
                "examples",
                tuple(parts),
                f"{example.chosen} Letters are the 100 bases with most of the importance among "
                f"bases {start + 1} to {end}, which the paper shows; the bar above them is the "
                "whole sequence. Gradient of the logit at the base that stands there, each map on "
                "a scale of its own.",
                {"window": list(example.window)},
            )


def traces(size: Scale) -> Picture:
    """Draw scans and filters of CNN-deep along a sequence of Task 1."""
    data = _koo_seed0.data("task1", size, {})
    trials = [_koo_seed0.trial("task1", data, "cnn-deep", activation, size) for activation in PAIR]
    members = [{k: v for k, v in trial.options.items() if k != "fit"} for trial in trials]
    parts = []
    for row in range(SCANNED):
        given = {"row": row, "trials": members}
        label = f"task1 test sequence {row + 1} traces"
        piece = Piece(f"{_SHOWN}:traces", given, (data, *trials), label=label)
        parts.append(Part(f"test sequence {row + 1}", piece))
    names = {
        "log-odds scan": "scan, log-odds",
        "probability scan": "scan, probabilities",
        "relu": "filters, relu",
        "exponential": "filters, exponential",
    }
    return Picture(
        "Extended Data Fig. 1d: planted motifs along the first test sequences, Task 1, CNN-deep",
        "traces",
        tuple(parts),
        "Scans are the best score of the 12 planted motifs and both strands, centred on the motif; "
        "scores below 0 are drawn as 0. Filters are the largest activation of the first layer. "
        "What the paper calls a PWM scan adds up probabilities. Networks of seed 0.",
        {"names": names},
    )
