"""Pictures of Koo & Ploenzke 2021 that show networks: filters, training, first layers."""

from collections.abc import Iterable, Mapping
from itertools import product

from cislens.benchmarks import _koo_gradients, _koo_grid, _koo_seed0, _koo_shown
from cislens.benchmarks._koo_grid import HALF, SITES
from cislens.benchmarks._koo_scale import Scale
from cislens.benchmarks._koo_seed0 import PAIR
from cislens.benchmarks.pictures import Part, Picture
from cislens.jobs.plan import Piece

STABILITY = ("exponential", "relu", "modified-sigmoid", "modified-relu", "modified-tanh")
"""Activations whose training curves the paper shows."""

_SHOWN = _koo_shown.__name__


def bends(
    title: str,
    names: tuple[str, ...],
    span: tuple[float | int, float | int],
    axes: list[tuple[float | int, float | int, bool]],
) -> Picture:
    """Draw activations over a span, on axes of lowest, highest and whether logarithmic."""
    given = {"activations": list(names), "low": span[0], "high": span[1], "points": 121}
    piece = Piece(f"{_SHOWN}:bends", given, label=f"curves of {len(names)} activations")
    return Picture(
        title,
        "curves",
        (Part("", piece),),
        "The functions as the networks have them, of the normalised output of the convolution.",
        {"across": "normalised output of the convolution", "along": "activation", "axes": axes},
    )


def filters(
    title: str, task: str, models: Iterable[str], size: Scale, files: Mapping[str, str]
) -> Picture:
    """Draw the first-layer filters of networks."""
    parts, data = [], _koo_seed0.data(task, size, files)
    names = [name for name in size.activations if name in (*PAIR, "modified-sigmoid")]
    for model, activation in product(models, names):
        trial = _koo_seed0.trial(task, data, model, activation, size)
        piece = _koo_grid.asked(f"{_SHOWN}:logos", trial, "logos", {"sites": SITES[HALF]})
        parts.append(Part(f"{model}, {activation}", piece))
    return Picture(
        title,
        "logos",
        tuple(parts),
        "Every filter, in the order of the layer, from 0 to 2 bits; sites above half of its "
        "maximum. Bold is the planted factor that a filter matches (Tomtom, E of at most 0.1), "
        "grey the best match of a filter that matches none of them.",
    )


def histories(
    title: str,
    task: str,
    models: Iterable[str],
    size: Scale,
    *,
    columns: Mapping[str, str],
    published: str = "",
) -> Picture:
    """Draw every seed of the activations whose training the paper shows."""
    data, names = (
        _koo_seed0.data(task, size, {}),
        [name for name in STABILITY if name in size.activations],
    )
    parts = tuple(
        Part(
            activation,
            _koo_seed0.trial(task, data, model, activation, size, seed=seed),
            panel=model,
        )
        for model, activation, seed in product(models, names, range(size.seeds))
    )
    caption = f"A line is one seed. Losses are without the penalty of the kernels. {published}"
    return Picture(title, "histories", parts, caption, {"columns": dict(columns)})


def spread(size: Scale) -> Picture:
    """Draw the values of the first layer of CNN-deep."""
    data = _koo_seed0.data("task1", size, {})
    parts = []
    for activation in PAIR:
        trial = _koo_seed0.trial("task1", data, "cnn-deep", activation, size)
        piece = _koo_grid.asked(f"{_SHOWN}:distributions", trial, "distributions", {})
        parts.append(Part(activation, piece))
    return Picture(
        "Supplementary Fig. 10: the first layer before and after its activation, CNN-deep",
        "spread",
        tuple(parts),
        "All filters and positions of the first 100 test sequences, network of seed 0. An earlier "
        "run of the paper's (500 sequences) has after ReLU a mean of 0.12, an SD of 0.28 and a "
        "largest value of 2.8, after the exponential 2.5, 6.5 and 384.",
    )


def gradients(size: Scale) -> Iterable[Picture]:
    """Draw the control of `_koo_gradients`, where the scale has it."""
    parts = tuple(
        Part(piece.options["labels"]["activation"], piece) for piece in _koo_gradients.pieces(size)
    )
    if parts:
        yield Picture(
            "Supplementary Fig. 4: gradient of the first layer in training, CNN-deep, Task 1",
            "gradients",
            parts,
            "Gradient of the loss over the whole training set after each epoch, over all weights "
            "of the first layer; a line is one seed, a band one standard deviation. Published, for "
            "both: an SD of about 0.03 at most in the first 20 epochs, then 0.003 to 0.004.",
        )
