"""Figures of Koo & Ploenzke 2021 that records allow, and what a reader of them must know."""

from cislens.benchmarks import _koo_figures_controls, _koo_published, _koo_scores
from cislens.benchmarks._koo_grid import HALF
from cislens.benchmarks.pictures import Scatter
from cislens.benchmarks.suite import Figure

_FIRST = ("exponential", "relu")
ORDER = (
    *_FIRST,
    *(name for name in _koo_published.ACTIVATIONS if name not in _FIRST),
    *_koo_published.MODIFIED,
)
"""Activations in the order of their colours."""

_SALIENCY = {
    "task": ["task3"],
    "method": ["saliency"],
    "reduction": ["signed"],
    "variant": [""],
}

_SCATTERS = tuple(
    Scatter(
        title,
        metric=metric,
        across="activation",
        axes="model",
        pair=("cnn-local", "cnn-dist"),
        where=where,
        order=ORDER,
        caption=f"{caption} Filled is the median of ours with the range of the seeds, open the "
        "published value; activations that one of the two networks lacks are left out.",
    )
    for title, metric, where, caption in (
        (
            "Fig. 2a: test AUROC of CNN-local and CNN-dist, Task 3",
            "test AUROC",
            {"task": ["task3"], "variant": [""]},
            "",
        ),
        (
            "Fig. 2b: saliency AUROC of CNN-local and CNN-dist, Task 3",
            "AUROC",
            _SALIENCY,
            "Which network classifies better does not say which explains better.",
        ),
        ("Fig. 2c: saliency AUPR of CNN-local and CNN-dist, Task 3", "AUPR", _SALIENCY, ""),
    )
)

_HALF_OF_MAXIMUM = "Share of first-layer filters, sites above half of the filter's maximum."

_MODIFIED = ("sigmoid", "tanh", "relu", "exponential", *_koo_published.MODIFIED)
_ABLATED = ("sigmoid", "tanh", "relu", *_koo_published.ABLATION, *_koo_published.MODIFIED[:3])

_MATCHES = tuple(
    Figure(
        title,
        metric="match",
        across="activation",
        panels="model",
        where={
            "task": [task],
            "method": [HALF],
            "variant": [""],
            "activation": list(activations),
        },
        caption=_HALF_OF_MAXIMUM,
    )
    for title, task, activations in (
        (
            "Fig. 1c: filters that match a planted motif, Task 1",
            "task1",
            _koo_published.ACTIVATIONS,
        ),
        (
            "Fig. 1d: filters that match a motif of the factors, Task 2",
            "task2",
            _koo_published.ACTIVATIONS,
        ),
        ("Extended Data Fig. 1a: modified activations, Task 1", "task1", _MODIFIED),
        ("Extended Data Fig. 1b: what the changes do one by one, Task 1", "task1", _ABLATED),
        ("Supplementary Fig. 8: modified activations, Task 2", "task2", _MODIFIED),
    )
)

_OF_MODIFIED = tuple(
    Figure(
        f"Extended Data Fig. 2a: saliency of modified activations, Task 3, {metric}",
        metric=metric,
        across="activation",
        panels="model",
        where=_SALIENCY | {"activation": list(_MODIFIED)},
    )
    for metric in ("AUROC", "AUPR")
)

_METHODS = tuple(
    Figure(
        f"Supplementary Fig. 11a: methods by activation, {model}, {reduction}",
        metric="AUROC",
        across="activation",
        panels="method",
        where={
            "task": ["task3"],
            "model": [model],
            "reduction": [reduction],
            "variant": [""],
            "method": [name for name, own in _koo_published.METHODS.items() if own == reduction],
        },
        caption="Each method with the reduction that it was published with.",
    )
    for model in ("cnn-local", "cnn-dist")
    for reduction in ("signed", "norm")
)

FIGURES: tuple[Figure | Scatter, ...] = (
    *_MATCHES,
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
        where={"task": ["task1"], "method": [HALF], "variant": [""]},
        caption="Not in the paper: many filters of one motif do not raise it.",
    ),
    *(
        Figure(
            f"Test AUROC, {what}",
            metric="test AUROC",
            across="activation",
            panels=panels,
            where={"task": tasks, "variant": [""]},
        )
        for what, tasks, panels in (
            ("Task 1", ["task1"], "model"),
            ("Task 2", ["task2"], "model"),
            ("IRF1 and ZBED2, ResidualBind", ["irf1", "zbed2"], "task"),
        )
    ),
    *_SCATTERS,
    Figure(
        "The values of Fig. 2a, seed by seed: test AUROC, Task 3",
        metric="test AUROC",
        across="activation",
        panels="model",
        where={"task": ["task3"], "variant": [""]},
    ),
    Figure(
        "The values of Fig. 2b: saliency against planted motifs, Task 3",
        metric="AUROC",
        across="activation",
        panels="model",
        where=_SALIENCY,
        caption="AUROC over the positions of a sequence, mean of the first 500 positive test "
        "sequences.",
    ),
    Figure(
        "The values of Fig. 2c: the same, AUPR",
        metric="AUPR",
        across="activation",
        panels="model",
        where=_SALIENCY,
    ),
    *(
        Figure(
            f"Extended Data Fig. 2b: methods, CNN-dist, {name}",
            metric=metric,
            across="method",
            panels="activation",
            where={
                "task": ["task3"],
                "model": ["cnn-dist"],
                "reduction": [reduction],
                "variant": [""],
                "method": list(_koo_scores.METHODS),
            },
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
    *_OF_MODIFIED,
    *_METHODS,
    *_koo_figures_controls.FIGURES,
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
