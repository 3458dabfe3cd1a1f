"""Values that Koo & Ploenzke 2021 published of their control experiments."""

from cislens.benchmarks import _koo_controls
from cislens.benchmarks._koo_published import HALF, MEAN, MEDIAN, labels_of
from cislens.benchmarks.suite import Published

_INITIALISERS: dict[tuple[str, str], tuple[float, ...]] = {
    ("relu", ""): (0.0, 0.0, 0.0, 0.0, 0.0, 0.0),
    ("exponential", ""): (0.91, 0.94, 0.97, 0.94, 0.91, 0.92),
    ("exponential", ", bare"): (0.93, 0.93, 0.96, 0.99, 0.96, 0.96),
}

_DEVIATIONS: dict[tuple[str, str], tuple[float, ...]] = {
    ("relu", ""): (0.0,) * 15,
    ("exponential", ""): (
        0.94,
        0.95,
        0.94,
        0.95,
        0.94,
        0.94,
        0.94,
        0.97,
        0.97,
        0.92,
        0.85,
        0.56,
        0.40,
        0.31,
        0.22,
    ),
    ("exponential", ", bare"): (
        0.11,
        0.91,
        0.94,
        0.96,
        0.97,
        0.97,
        0.94,
        0.92,
        0.94,
        0.63,
        0.05,
        0.02,
        0.0,
        0.0,
        0.0,
    ),
}

_EXPONENTS: dict[tuple[str, str], tuple[float, ...]] = {
    ("exponential", ""): (0.0, 0.0, 0.0, 0.0, 0.0, 0.96, 0.84, 0.70, 0.06, 0.03),
    ("exponential", ", bare"): (0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.97, 0.97, 0.91, 0.94),
}

_ABOVE = {
    "relu": (0.02, 0.0, 0.0, 0.0, 0.03, 0.06, 0.06, 0.09),
    "exponential": (0.89, 0.95, 0.95, 0.96, 0.94, 0.90, 0.83, 0.63),
}

_FIRST_L2 = {
    ("log-relu", "strong first L2"): (0.74, 0.7865),
    ("log-relu", "no first L2"): (0.0, 0.7556),
    ("relu", "strong first L2"): (0.24, 0.7466),
    ("relu", "no first L2"): (0.0, 0.7300),
}
"""Match on Task 1 and saliency AUROC on Task 3."""

_COUNTS = (1, 5, 11, 25)
_BY_COUNT = {
    ("DeepSHAP", "relu"): (0.681, 0.769, 0.787, 0.795),
    ("DeepSHAP", "exponential"): (0.757, 0.839, 0.844, 0.847),
    ("integrated gradients", "relu"): (0.685, 0.732, 0.744, 0.751),
    ("integrated gradients", "exponential"): (0.812, 0.831, 0.836, 0.838),
}


def values() -> tuple[Published, ...]:
    """List all of them.

    Returns
    -------
    tuple of Published
        Labels as in the records of `_koo_trials`.
    """
    return (*_sweeps(), *_thresholds(), *_regularised(), *_references(), *_gradients())


def _sweeps() -> list[Published]:
    sweeps: list[tuple[tuple[str, ...], dict[tuple[str, str], tuple[float, ...]]]] = [
        (_koo_controls.INITIALISERS, _INITIALISERS),
        (tuple(f"SD {value:g}" for value in _koo_controls.DEVIATIONS), _DEVIATIONS),
        (tuple(f"scale {value:g}" for value in _koo_controls.SCALES), _EXPONENTS),
    ]
    return [
        Published(
            labels_of("task1", "cnn-deep", activation, HALF) | {"variant": name + ending},
            "match",
            value,
            MEDIAN,
        )
        for names, table in sweeps
        for (activation, ending), row in table.items()
        for name, value in zip(names, row, strict=True)
    ]


def _thresholds() -> list[Published]:
    return [
        Published(
            labels_of("task1", "cnn-deep", activation, f"above {level:g}"), "match", value, MEDIAN
        )
        for activation, row in _ABOVE.items()
        for level, value in zip(_koo_controls.THRESHOLDS, row, strict=True)
    ]


def _regularised() -> list[Published]:
    found = []
    for (activation, variant), (match, auroc) in _FIRST_L2.items():
        change = {"variant": variant}
        labels = labels_of("task1", "cnn-deep", activation, HALF) | change
        found.append(Published(labels, "match", match, MEDIAN))
        labels = labels_of("task3", "cnn-dist", activation, "saliency") | change
        found.append(Published(labels, "AUROC", auroc, MEAN))
    return found


def _references() -> list[Published]:
    found = []
    for (method, activation), row in _BY_COUNT.items():
        for count, value in zip(_COUNTS, row, strict=True):
            labels = labels_of("task3", "cnn-dist", activation, method)
            labels["method"] = f"{method}, {count} references"
            found.append(Published(labels, "AUROC", value, "read off a figure of an earlier run"))
    return found


def _gradients() -> list[Published]:
    values = {"highest of 20 epochs": 0.03, "last epoch": 0.0035}
    return [
        Published(
            labels_of("task1", "cnn-deep", activation, "gradients"),
            f"first-layer gradient SD, {when}",
            value,
            "about, read off a figure",
        )
        for activation in ("exponential", "relu")
        for when, value in values.items()
    ]
