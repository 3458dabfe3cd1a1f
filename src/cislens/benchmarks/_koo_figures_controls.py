"""Figures of the control experiments of Koo & Ploenzke 2021, and of tasks of our own."""

from cislens.benchmarks import _koo_controls
from cislens.benchmarks._koo_grid import HALF
from cislens.benchmarks.suite import Figure

_PENALTIES = ["no first L2", "strong first L2"]
_PAIRS = ["pairs-spacing", "pairs-order", "pairs-orientation", "pairs-all"]

FIGURES: tuple[Figure, ...] = (
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
"""Those that the records allow."""
