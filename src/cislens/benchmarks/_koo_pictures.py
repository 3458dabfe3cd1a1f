"""Which pictures of Koo & Ploenzke 2021 are drawn, in the order of the paper."""

from collections.abc import Iterable, Mapping

from cislens.benchmarks import (
    _koo_figures,
    _koo_layers,
    _koo_published,
    _koo_sequences,
    _koo_shown,
)
from cislens.benchmarks._koo_scale import Scale
from cislens.benchmarks.pictures import Picture
from cislens.jobs.plan import Piece

NETS = ("cnn-2", "cnn-50", "cnn-deep")


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
    yield _koo_layers.bends(
        "Fig. 1a: activations of the first layer",
        _koo_figures.ORDER[: len(_koo_published.ACTIVATIONS)],
        (-3, 3),
        [(-2, 4, False)],
    )
    yield _koo_layers.filters(
        "Fig. 1b: first-layer filters of CNN-deep, Task 1", "task1", ["cnn-deep"], size, {}
    )
    yield from _koo_sequences.maps(size)
    yield from _koo_sequences.examples(size, files)
    yield _koo_sequences.traces(size)
    yield from _supplement(size, files)


def _supplement(size: Scale, files: Mapping[str, str]) -> Iterable[Picture]:
    yield _koo_layers.filters(
        "Supplementary Figs. 1 and 2: first-layer filters, Task 1", "task1", NETS, size, {}
    )
    losses = {"train_loss": "training loss", "validation_loss": "validation loss"}
    yield _koo_layers.histories(
        "Supplementary Fig. 3: training, Task 1",
        "task1",
        NETS,
        size,
        columns=losses | {"validation_aupr": "validation AUPR"},
        published="Read off the published figure: CNN-deep with ReLU first rises to a validation "
        "loss of about 0.47, converges by epoch 25 to 30 (two of ten after 60) and ends at 0.13 to "
        "0.15; with the exponential it stops after 35 to 90 epochs at 0.14 to 0.18. CNN-2 stalls "
        "near 0.25 with ReLU and ends at 0.14 with the exponential.",
    )
    yield _koo_layers.histories(
        "Training, Task 3, not in the paper",
        "task3",
        ("cnn-local", "cnn-dist"),
        size,
        columns=losses | {"validation_auroc": "validation AUROC"},
    )
    yield from _koo_layers.gradients(size)
    if "task2" in files:
        yield _koo_layers.filters(
            "Supplementary Fig. 6: first-layer filters, Task 2", "task2", NETS, size, files
        )
    yield _koo_layers.bends(
        "Supplementary Fig. 7: modified activations",
        ("exponential", *_koo_published.MODIFIED),
        (-4, 10),
        [(0, 1000, False), (1e-2, 1e4, True)],
    )
    yield _koo_layers.spread(size)


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
    return [piece for piece in parts if piece.function.startswith(_koo_shown.__name__)]
