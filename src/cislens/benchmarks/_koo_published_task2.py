"""Values that Koo & Ploenzke 2021 published of Task 2, the binding of twelve factors in vivo."""

from cislens.benchmarks._koo_published import ACTIVATIONS, MEDIAN, MODIFIED, labels_of, matches
from cislens.benchmarks.suite import Published

_EARLIER = f"{MEDIAN} of an earlier run"

_TEST = {
    "test AUROC": {
        "cnn-2": (0.895, 0.909, 0.895, 0.899, 0.897, 0.895, 0.899),
        "cnn-50": (0.884, 0.912, 0.763, 0.740, 0.897, 0.884, 0.887),
        "cnn-deep": (0.933, 0.933, 0.930, 0.930, 0.933, 0.926, 0.933),
    },
    "test AUPR": {
        "cnn-2": (0.570, 0.607, 0.570, 0.575, 0.575, 0.570, 0.575),
        "cnn-50": (0.565, 0.617, 0.401, 0.357, 0.587, 0.565, 0.571),
        "cnn-deep": (0.673, 0.668, 0.664, 0.664, 0.673, 0.654, 0.673),
    },
}

_MATCH = {
    "cnn-2": (0.02, 0.50, 0.0, 0.0, 0.05, 0.0, 0.01),
    "cnn-50": (0.38, 0.50, 0.23, 0.30, 0.48, 0.38, 0.36),
    "cnn-deep": (0.0, 0.58, 0.0, 0.0, 0.0, 0.0, 0.0),
}

_MATCH_MODIFIED = {
    "cnn-2": (0.52, 0.49, 0.48, 0.04),
    "cnn-50": (0.48, 0.48, 0.53, 0.44),
    "cnn-deep": (0.57, 0.53, 0.54, 0.01),
}


def values() -> tuple[Published, ...]:
    """List all of them.

    Returns
    -------
    tuple of Published
        Labels as in the records of `_koo_trials`.
    """
    test = [
        Published(labels_of("task2", model, activation), metric, value, _EARLIER)
        for metric, nets in _TEST.items()
        for model, row in nets.items()
        for activation, value in zip(ACTIVATIONS, row, strict=True)
    ]
    return (
        *test,
        *matches("task2", ACTIVATIONS, _MATCH),
        *matches("task2", MODIFIED, _MATCH_MODIFIED),
    )
