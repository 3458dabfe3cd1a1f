"""Values that Koo & Ploenzke 2021 published, as far as their notebooks or figures show them."""

from collections.abc import Mapping, Sequence

from cislens.benchmarks.suite import Published

ACTIVATIONS = ("relu", "exponential", "sigmoid", "tanh", "softplus", "linear", "elu")
MODIFIED = ("modified-sigmoid", "modified-tanh", "modified-relu", "modified-exponential")

ABLATION = (
    "shifted-sigmoid",
    "scaled-sigmoid",
    "shifted-tanh",
    "scaled-tanh",
    "shifted-relu",
    "cubed-relu",
)
"""Half of a modification each."""

HALF = "half of maximum"
"""The published rule by which a filter's sites are chosen."""

MEDIAN = "median of 10, read off a figure"
_RANGE = "middle of the range of 10, read off a figure"
MEAN = "mean of 10"

_TASK1 = {
    "test AUROC": {
        "cnn-2": (0.963, 0.975, 0.937, 0.961, 0.963, 0.958, 0.961),
        "cnn-50": (0.956, 0.972, 0.895, 0.794, 0.960, 0.958, 0.956),
        "cnn-deep": (0.972, 0.975, 0.972, 0.970, 0.972, 0.958, 0.937),
    },
    "test AUPR": {
        "cnn-2": (0.860, 0.898, 0.790, 0.860, 0.860, 0.851, 0.860),
        "cnn-50": (0.850, 0.892, 0.723, 0.512, 0.860, 0.850, 0.850),
        "cnn-deep": (0.898, 0.903, 0.898, 0.893, 0.898, 0.865, 0.814),
    },
    "match": {
        "cnn-2": (0.0, 0.97, 0.0, 0.0, 0.03, 0.0, 0.0),
        "cnn-50": (0.77, 0.84, 0.06, 0.28, 0.73, 0.82, 0.75),
        "cnn-deep": (0.0, 0.91, 0.0, 0.0, 0.0, 0.0, 0.0),
    },
}

_TASK1_MODIFIED = {
    "cnn-2": (0.97, 0.875, 0.875, 0.03),
    "cnn-50": (0.81, 0.78, 0.78, 0.81),
    "cnn-deep": (0.93, 0.81, 0.89, 0.0),
}

_TASK1_ABLATION = {
    "cnn-2": (0.97, 0.0, 0.0, 0.0, 0.0, 0.92),
    "cnn-50": (0.79, 0.12, 0.0, 0.39, 0.80, 0.81),
    "cnn-deep": (0.94, 0.0, 0.0, 0.0, 0.0, 0.94),
}

_TASK3_TEST = {
    "cnn-local": (
        (0.936, 0.960),
        (0.967, 0.976),
        (0.919, 0.940),
        (0.913, 0.931),
        (0.939, 0.960),
        (0.947, 0.958),
        (0.945, 0.958),
    ),
    "cnn-dist": (
        (0.967, 0.974),
        (0.968, 0.983),
        (0.972, 0.979),
        (0.970, 0.976),
        (0.970, 0.978),
        (0.961, 0.972),
        (0.969, 0.977),
    ),
}

METHODS = {
    "saliency": "signed",
    "mutagenesis": "norm",
    "integrated gradients": "signed",
    "DeepSHAP": "signed",
}
"""Published methods and the reduction over channels that each was scored with."""

_TASK3_AUROC = {
    "cnn-local": (
        (0.7710, 0.8084, 0.7800, 0.8098),
        (0.8271, 0.8871, 0.8203, 0.8367),
        (0.7536, 0.7885, 0.7506, 0.7849),
        (0.7312, 0.7639, 0.7406, 0.7826),
        (0.7877, 0.8282, 0.7879, 0.8213),
        (0.7865, 0.8170, 0.7864, 0.8234),
        (0.7735, 0.8192, 0.7786, 0.8098),
    ),
    "cnn-dist": (
        (0.7300, 0.8940, 0.7706, 0.8161),
        (0.8035, 0.9077, 0.7986, 0.8354),
        (0.6623, 0.9032, 0.7225, 0.7990),
        (0.6190, 0.8905, 0.6805, 0.7644),
        (0.7338, 0.9024, 0.7654, 0.8109),
        (0.7158, 0.8810, 0.7626, 0.8045),
        (0.7188, 0.8911, 0.7627, 0.8104),
    ),
}

_TASK3_AUROC_MODIFIED = {
    "cnn-local": (0.8300, 0.8355, 0.8284, 0.7837),
    "cnn-dist": (0.8496, 0.8317, 0.8285, 0.7341),
}

_TASK3_AUPR = {
    "cnn-local": (0.587, 0.720, 0.540, 0.473, 0.605, 0.599, 0.582),
    "cnn-dist": (0.625, 0.742, 0.547, 0.484, 0.647, 0.588, 0.617),
}

_TASK3_AUPR_METHODS = {
    ("cnn-local", "relu"): (0.587, 0.621, 0.587, 0.658),
    ("cnn-local", "exponential"): (0.719, 0.766, 0.701, 0.729),
    ("cnn-dist", "relu"): (0.624, 0.763, 0.695, 0.738),
    ("cnn-dist", "exponential"): (0.744, 0.803, 0.754, 0.785),
}

_TASK3_AUPR_MODIFIED = {
    "cnn-local": (0.722, 0.722, 0.714, 0.618),
    "cnn-dist": (0.769, 0.690, 0.738, 0.596),
}


def values() -> tuple[Published, ...]:
    """List all of them.

    Returns
    -------
    tuple of Published
        Labels as in the records of `_koo_trials`.
    """
    return (
        *_task1(),
        *_task3_test(),
        *_task3_auroc(),
        *_task3_aupr(),
    )


def labels_of(task: str, model: str, activation: str, method: str = "") -> dict[str, str]:
    """Give the labels of a record.

    Parameters
    ----------
    task
        Such as "task1".
    model
        Name of the network.
    activation
        Of the first layer.
    method
        By which filters were read or maps made.

    Returns
    -------
    dict
        With the reduction that the method was published with.
    """
    reduction = METHODS.get(method, "")
    return {
        "task": task,
        "model": model,
        "activation": activation,
        "variant": "",
        "method": method,
        "reduction": reduction,
    }


def _task1() -> list[Published]:
    found = []
    for metric, nets in _TASK1.items():
        method = HALF if metric == "match" else ""
        for model, row in nets.items():
            for activation, value in zip(ACTIVATIONS, row, strict=True):
                labels = labels_of("task1", model, activation, method)
                found.append(Published(labels, metric, value, MEDIAN))
    for names, table in ((MODIFIED, _TASK1_MODIFIED), (ABLATION, _TASK1_ABLATION)):
        found += matches("task1", names, table)
    return found


def matches(
    task: str, names: Sequence[str], table: Mapping[str, Sequence[float]]
) -> list[Published]:
    """List the published match of filters.

    Parameters
    ----------
    task
        The task.
    names
        The activations.
    table
        A row of values for each network.

    Returns
    -------
    list of Published
        One a value.
    """
    found = []
    for model, row in table.items():
        for activation, value in zip(names, row, strict=True):
            labels = labels_of(task, model, activation, HALF)
            found.append(Published(labels, "match", value, MEDIAN))
    return found


def _task3_test() -> list[Published]:
    return [
        Published(
            labels_of("task3", model, activation),
            "test AUROC",
            round(sum(limits) / 2, 4),
            f"{_RANGE}: {limits[0]:.3f} to {limits[1]:.3f}",
        )
        for model, row in _TASK3_TEST.items()
        for activation, limits in zip(ACTIVATIONS, row, strict=True)
    ]


def _task3_auroc() -> list[Published]:
    found = []
    for model, rows in _TASK3_AUROC.items():
        for activation, row in zip(ACTIVATIONS, rows, strict=True):
            for method, value in zip(METHODS, row, strict=True):
                labels = labels_of("task3", model, activation, method)
                found.append(Published(labels, "AUROC", value, MEAN))
    for model, changed in _TASK3_AUROC_MODIFIED.items():
        for activation, value in zip(MODIFIED, changed, strict=True):
            labels = labels_of("task3", model, activation, "saliency")
            found.append(Published(labels, "AUROC", value, MEAN))
    return found


def _task3_aupr() -> list[Published]:
    found = []
    for (model, activation), row in _TASK3_AUPR_METHODS.items():
        for method, value in zip(METHODS, row, strict=True):
            labels = labels_of("task3", model, activation, method)
            found.append(Published(labels, "AUPR", value, MEDIAN))
    for model, saliency in _TASK3_AUPR.items():
        others = zip(ACTIVATIONS[2:], saliency[2:], strict=True)
        modified = zip(MODIFIED, _TASK3_AUPR_MODIFIED[model], strict=True)
        for activation, value in (*others, *modified):
            labels = labels_of("task3", model, activation, "saliency")
            found.append(Published(labels, "AUPR", value, MEDIAN))
    return found
