"""The networks that pictures of Koo & Ploenzke 2021 show: those of the first seed."""

from collections.abc import Mapping

from cislens.benchmarks import _koo_grid
from cislens.benchmarks._koo_scale import Scale
from cislens.jobs.plan import Piece

SEED = 0
"""Whose networks are shown: the first, not the best."""

PAIR = ("relu", "exponential")
"""The activations that the paper sets against each other."""


def data(task: str, size: Scale, files: Mapping[str, str]) -> Piece:
    """Name the data of a task."""
    own = task in files
    return _koo_grid.imported(task, files[task]) if own else _koo_grid.simulated(task, size)


def trial(
    task: str, sequences: Piece, model: str, activation: str, size: Scale, *, seed: int = SEED
) -> Piece:
    """Name a training of the grid."""
    wide = {"network": {"width_multiplier": 2}} if task == "task2" else {}
    return _koo_grid.training(task, sequences, model, activation, seed, size, change=wide)
