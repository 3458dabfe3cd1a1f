"""Figures of Koo & Ploenzke 2021 that records allow, and what a reader of them must know."""

from cislens.benchmarks import _koo_controls, _koo_published
from cislens.benchmarks._koo_grid import HALF, METHODS
from cislens.benchmarks.pictures import Scatter
from cislens.benchmarks.suite import Figure

_PENALTIES = ["no first L2", "strong first L2"]
_PAIRS = ["pairs-spacing", "pairs-order", "pairs-orientation", "pairs-all"]

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

FIGURES: tuple[Figure | Scatter, ...] = (
    Figure(
        "Fig. 1c: filters that match a planted motif, Task 1",
        metric="match",
        across="activation",
        panels="model",
        where={"task": ["task1"], "method": [HALF], "variant": [""]},
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
        where={"task": ["task1"], "method": [HALF], "variant": [""]},
        caption="Not in the paper: many filters of one motif do not raise it.",
    ),
    Figure(
        "Test AUROC, Task 1",
        metric="test AUROC",
        across="activation",
        panels="model",
        where={"task": ["task1"], "variant": [""]},
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
                "method": list(METHODS),
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
    *(
        Figure(
            title,
            metric="match",
            across="variant",
            panels="activation",
            where={
                "task": ["task1"],
                "model": ["cnn-deep"],
                "method": [HALF],
                "variant": [f"{name}{ending}" for name in names],
            },
            caption="CNN-deep, Task 1: filters that match a planted motif.",
        )
        for what, names in (
            ("Supplementary Fig. 5a: initialisers", _koo_controls.INITIALISERS),
            (
                "Supplementary Fig. 5b: standard deviation of normal initial weights",
                [f"SD {value:g}" for value in _koo_controls.DEVIATIONS],
            ),
            (
                "Supplementary Fig. 9: scale of the exponent",
                [f"scale {value:g}" for value in _koo_controls.SCALES],
            ),
            (
                "Shift of the exponent, not in the paper",
                [f"shift {value:g}" for value in _koo_controls.SHIFTS],
            ),
        )
        for ending, title in (("", what), (", bare", f"{what}, without batch normalisation"))
    ),
    Figure(
        "Extended Data Fig. 1e: log activations and first-layer penalty",
        metric="match",
        across="variant",
        panels="activation",
        where={"task": ["task1"], "model": ["cnn-deep"], "method": [HALF], "variant": _PENALTIES},
    ),
    Figure(
        "Supplementary Fig. 11b: the same, saliency on Task 3",
        metric="AUROC",
        across="variant",
        panels="activation",
        where={"task": ["task3"], "reduction": ["signed"], "variant": _PENALTIES},
    ),
    Figure(
        "Supplementary Fig. 15: threshold of filter sites, CNN-deep",
        metric="match",
        across="method",
        panels="activation",
        where={
            "task": ["task1"],
            "model": ["cnn-deep"],
            "variant": [""],
            "method": [HALF, *(f"above {value:g}" for value in _koo_controls.THRESHOLDS)],
        },
        caption="Sites above this share of the filter's maximum.",
    ),
    *(
        Figure(
            f"Supplementary Fig. 16: number of references, {method}",
            metric="AUROC",
            across="method",
            panels="activation",
            where={
                "task": ["task3"],
                "model": ["cnn-dist"],
                "reduction": ["signed"],
                "method": [f"{method}, {n} references" for n in _koo_controls.REFERENCES],
            },
        )
        for method in ("DeepSHAP", "integrated gradients")
    ),
    Figure(
        "Extended Data Fig. 1c: planted motifs localised, Task 1",
        metric="localisation AUROC",
        across="method",
        panels="activation",
        where={"task": ["task1"], "variant": [""]},
        caption="By the best score of whole stretches with and without a motif, first 1000 test "
        "sequences. What the paper calls a PWM scan adds up probabilities; a scan by log-odds "
        "with the true motifs is the bar for filters. No published value is by whole stretches.",
    ),
    Figure(
        "Test AUROC, Task 3 corrected and rules of pairs",
        metric="test AUROC",
        across="task",
        panels="activation",
        where={"task": ["task3-corrected", *_PAIRS], "model": ["cnn-dist"]},
        caption="CNN-dist. Not in the paper.",
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
