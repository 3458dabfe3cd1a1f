"""Which pictures of Koo & Ploenzke 2021 are drawn, and of which pieces: networks of seed 0."""

from collections.abc import Iterable, Mapping
from itertools import product

from cislens.benchmarks import _koo_figures, _koo_grid, _koo_published, _koo_shown
from cislens.benchmarks._koo_grid import HALF, SITES, Scale
from cislens.benchmarks.pictures import Part, Picture
from cislens.jobs.plan import Piece

SEED = 0
"""Whose networks are shown: the first, not the best."""

PAIR = ("relu", "exponential")
NETS = ("cnn-2", "cnn-50", "cnn-deep")
SHOWN = 12
"""Sequences whose maps a piece keeps."""

EXAMPLES = {
    "irf1": (5, 12, 40, 45, 46, 52, 56, 58, 73, 93, 95, 98),
    "zbed2": (1, 11, 16, 18, 21, 37, 46, 61, 62, 79, 90, 95),
}
"""Positive test sequences that the paper shows."""

WINDOW = (50, 350)
"""The stretch of the examples that the paper shows, in bp of 400."""

STABILITY = ("exponential", "relu", "modified-sigmoid", "modified-relu", "modified-tanh")
"""Activations whose training curves the paper shows."""

REDUCTIONS = {"mutagenesis": "norm"}
"""How the four values of a position become one where it is not the value of its base."""

_HERE = _koo_shown.__name__
_NOT_CHOSEN = (
    "The network is that of seed 0 and the sequence the first positive one of the test set."
)


def pictures(size: Scale, files: Mapping[str, str]) -> Iterable[Picture]:
    """List the pictures of a plan.

    Parameters
    ----------
    size
        The scale.
    files
        Paths of the user's data by task.

    Yields
    ------
    Picture
        In the order of the paper: figures, extended data, supplement.
    """
    yield _bends(
        "Fig. 1a: activations of the first layer",
        _koo_figures.ORDER[: len(_koo_published.ACTIVATIONS)],
        (-3, 3),
        [(-2, 4, False)],
    )
    yield _filters(
        "Fig. 1b: first-layer filters of CNN-deep, Task 1", "task1", ["cnn-deep"], size, {}
    )
    yield from _maps(size)
    yield from _examples(size, files)
    yield _traces(size)
    yield from _supplement(size, files)


def pieces(shown: Iterable[Picture]) -> list[Piece]:
    """List the pieces that are done for pictures alone.

    Parameters
    ----------
    shown
        The pictures.

    Returns
    -------
    list of Piece
        Seconds of work each.
    """
    parts = [part.piece for picture in shown for part in picture.parts]
    return [piece for piece in parts if piece.function.startswith(_HERE)]


def _data(task: str, size: Scale, files: Mapping[str, str]) -> Piece:
    own = task in files
    return _koo_grid.imported(task, files[task]) if own else _koo_grid.simulated(task, size)


def _trial(
    task: str, data: Piece, model: str, activation: str, size: Scale, *, seed: int = SEED
) -> Piece:
    """Name a training of the grid."""
    wide = {"network": {"width_multiplier": 2}} if task == "task2" else {}
    return _koo_grid.training(task, data, model, activation, seed, size, change=wide)


def _bends(
    title: str,
    names: tuple[str, ...],
    span: tuple[float | int, float | int],
    axes: list[tuple[float | int, float | int, bool]],
) -> Picture:
    given = {"activations": list(names), "low": span[0], "high": span[1], "points": 121}
    piece = Piece(f"{_HERE}:bends", given, label=f"curves of {len(names)} activations")
    return Picture(
        title,
        "curves",
        (Part("", piece),),
        "The functions as the networks have them, of the normalised output of the convolution.",
        {"across": "normalised output of the convolution", "along": "activation", "axes": axes},
    )


def _filters(
    title: str, task: str, models: Iterable[str], size: Scale, files: Mapping[str, str]
) -> Picture:
    parts, data = [], _data(task, size, files)
    names = [name for name in size.activations if name in (*PAIR, "modified-sigmoid")]
    for model, activation in product(models, names):
        trial = _trial(task, data, model, activation, size)
        piece = _koo_grid.asked(f"{_HERE}:logos", trial, "logos", {"sites": SITES[HALF]})
        parts.append(Part(f"{model}, {activation}", piece))
    return Picture(
        title,
        "logos",
        tuple(parts),
        "Every filter, in the order of the layer, from 0 to 2 bits; sites above half of its "
        "maximum. Bold is the planted factor that a filter matches (Tomtom, E of at most 0.1), "
        "grey the best match of a filter that matches none of them.",
    )


def _maps(size: Scale) -> Iterable[Picture]:
    data = _koo_grid.simulated("task3", size)
    truth = Part(
        "planted",
        Piece(f"{_HERE}:planted", {"n": SHOWN}, (data,), label="task3 planted"),
        role="truth",
    )

    def mapped(model: str, activation: str, method: str, name: str) -> Part:
        trial = _trial("task3", data, model, activation, size)
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
            (truth, *(mapped("cnn-dist", activation, name, name) for name in _koo_grid.METHODS)),
            "Mutagenesis by its norm over the four bases, as published, the others at the base "
            f"that stands there. {_NOT_CHOSEN}",
            {"sequence": 0},
        )


def _examples(size: Scale, files: Mapping[str, str]) -> Iterable[Picture]:
    titles = {
        "irf1": "Fig. 3c and Supplementary Fig. 14: saliency on IRF1, ResidualBind",
        "zbed2": "Fig. 3b and Supplementary Fig. 13: saliency on ZBED2, ResidualBind",
    }
    for task, title in titles.items():
        if task in files:
            parts, data = [], _data(task, size, files)
            for activation in PAIR:
                trial = _trial(task, data, "residualbind", activation, size)
                more = {"method": "saliency", "positives": list(EXAMPLES[task])}
                parts.append(
                    Part(activation, _koo_grid.asked(f"{_HERE}:examples", trial, "examples", more))
                )
            yield Picture(
                title,
                "examples",
                tuple(parts),
                "The positive test sequences that the authors chose, counted from 0. Letters are "
                "the 100 bases with most of the importance among bases 51 to 350, which the paper "
                "shows; the bar above them is the whole sequence. Gradient of the logit at the "
                "base that stands there, each map on a scale of its own.",
                {"window": list(WINDOW)},
            )


def _supplement(size: Scale, files: Mapping[str, str]) -> Iterable[Picture]:
    yield _filters(
        "Supplementary Figs. 1 and 2: first-layer filters, Task 1", "task1", NETS, size, {}
    )
    losses = {"train_loss": "training loss", "validation_loss": "validation loss"}
    yield _histories(
        "Supplementary Fig. 3: training, Task 1",
        "task1",
        NETS,
        size,
        losses | {"validation_aupr": "validation AUPR"},
    )
    yield _histories(
        "Training, Task 3, not in the paper",
        "task3",
        ("cnn-local", "cnn-dist"),
        size,
        losses | {"validation_auroc": "validation AUROC"},
    )
    if "task2" in files:
        yield _filters(
            "Supplementary Fig. 6: first-layer filters, Task 2", "task2", NETS, size, files
        )
    yield _bends(
        "Supplementary Fig. 7: modified activations",
        ("exponential", *_koo_published.MODIFIED),
        (-4, 10),
        [(0, 1000, False), (1e-2, 1e4, True)],
    )
    yield _spread(size)


def _histories(
    title: str, task: str, models: Iterable[str], size: Scale, columns: Mapping[str, str]
) -> Picture:
    """Draw every seed of the activations whose training the paper shows."""
    data, names = _data(task, size, {}), [name for name in STABILITY if name in size.activations]
    parts = tuple(
        Part(activation, _trial(task, data, model, activation, size, seed=seed), panel=model)
        for model, activation, seed in product(models, names, range(size.seeds))
    )
    caption = "A line is one seed. Losses are without the penalty of the kernels."
    return Picture(title, "histories", parts, caption, {"columns": dict(columns)})


def _traces(size: Scale) -> Picture:
    data = _data("task1", size, {})
    trials = [_trial("task1", data, "cnn-deep", activation, size) for activation in PAIR]
    members = [{k: v for k, v in trial.options.items() if k != "fit"} for trial in trials]
    piece = Piece(
        f"{_HERE}:traces", {"row": 0, "trials": members}, (data, *trials), label="task1 traces"
    )
    names = {
        "log-odds scan": "scan, log-odds",
        "probability scan": "scan, probabilities",
        "relu": "filters, relu",
        "exponential": "filters, exponential",
    }
    return Picture(
        "Extended Data Fig. 1d: planted motifs along a sequence, Task 1, CNN-deep",
        "traces",
        (Part("first test sequence", piece),),
        "Scans are the best score of the 12 planted motifs and both strands, centred on the motif; "
        "scores below 0 are drawn as 0. Filters are the largest activation of the first layer. "
        "What the paper calls a PWM scan adds up probabilities. Networks of seed 0.",
        {"names": names},
    )


def _spread(size: Scale) -> Picture:
    data = _data("task1", size, {})
    parts = []
    for activation in PAIR:
        trial = _trial("task1", data, "cnn-deep", activation, size)
        piece = _koo_grid.asked(f"{_HERE}:distributions", trial, "distributions", {})
        parts.append(Part(activation, piece))
    return Picture(
        "Supplementary Fig. 10: the first layer before and after its activation, CNN-deep",
        "spread",
        tuple(parts),
        "All filters and positions of the first 100 test sequences, network of seed 0. An earlier "
        "run of the paper's (500 sequences) has after ReLU a mean of 0.12, an SD of 0.28 and a "
        "largest value of 2.8, after the exponential 2.5, 6.5 and 384.",
    )
