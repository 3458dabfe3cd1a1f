"""Koo & Ploenzke 2021: exponential first-layer activations, scored against planted truth.

The claim: in networks that could build motifs from parts, an exponential first layer nevertheless
learns whole motifs, where ReLU learns none (Task 1), and it makes attribution maps find what was
planted (Task 3), at no loss of accuracy. Rerun with ``cislens benchmark run koo2021``.

References
----------
Koo and Ploenzke 2021, Nature Machine Intelligence 3:258-266, doi:10.1038/s42256-020-00291-x.
"""

from collections.abc import Mapping

from cislens.benchmarks import (
    _koo_figures,
    _koo_gradients,
    _koo_grid,
    _koo_pictures,
    _koo_published,
    _koo_published_controls,
    _koo_published_task2,
)
from cislens.benchmarks._koo_scale import Scale
from cislens.benchmarks.suite import Benchmark
from cislens.errors import UserError

LABELS = ("task", "model", "activation", "variant", "method", "reduction")

CORE_ACTIVATIONS = ("exponential", "relu", "modified-sigmoid")

SCALES = {
    "smoke": Scale(2, ("exponential", "relu"), 1, {"sequences": 300}, 4, brief=True),
    "core": Scale(5, CORE_ACTIVATIONS, 100, {}, 500, controls=False, dist_seeds=10),
    "full": Scale(
        10,
        (*_koo_published.ACTIVATIONS, *_koo_published.MODIFIED, *_koo_published.ABLATION),
        100,
        {},
        500,
    ),
}
"""Scales by name."""


def plan(scale: str, *, files: Mapping[str, str]) -> Benchmark:
    """Plan the benchmark.

    Parameters
    ----------
    scale
        A key of `SCALES`.
    files
        Paths of data that do not come with the package: "irf1" and "zbed2", the ChIP-seq files of
        the authors' repository (Tasks 6 and 5); "task2", the training bundle of DeepSEA (a folder
        of train.mat, valid.mat and test.mat); "task4", er.h5 of Basset.

    Returns
    -------
    Benchmark
        All of seed 0 first, then seed 1, and so on, and what CNN-dist has more; then the recipe of
        interpretable maps, last the gradients of the first layer.

    Raises
    ------
    UserError
        If a file is not there, or belongs to no task.
    """
    size = SCALES[scale]
    if unknown := [name for name in files if name not in _koo_grid.FILES]:
        raise UserError(
            f"files.{unknown[0]}: no task reads it; known are {', '.join(_koo_grid.FILES)}"
        )
    shown = tuple(_koo_pictures.pictures(size, files))
    pieces = [*_koo_grid.of_seed(size, 0, files), *_koo_pictures.pieces(shown)]
    for seed in range(1, size.seeds):
        pieces += _koo_grid.of_seed(size, seed, files)
    for seed in range(size.seeds, size.dist_seeds):
        pieces += _koo_grid.of_task3(size, seed, ("cnn-dist",))
    pieces += _koo_grid.of_recipe(size)
    pieces += _koo_gradients.pieces(size)
    return Benchmark(
        name="koo2021",
        title="Exponential activations, Koo & Ploenzke 2021",
        reference="Koo and Ploenzke 2021, Nature Machine Intelligence 3:258-266, "
        "doi:10.1038/s42256-020-00291-x",
        labels=LABELS,
        # The recipe asks for trials that the grid has too, and pictures share pieces.
        pieces=tuple({piece.identity: piece for piece in pieces}.values()),
        published=(
            *_koo_published.values(),
            *_koo_published_task2.values(),
            *_koo_published_controls.values(),
        ),
        figures=_koo_figures.FIGURES,
        pictures=shown,
        notes=_koo_figures.NOTES,
    )
