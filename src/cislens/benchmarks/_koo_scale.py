"""How much of Koo & Ploenzke 2021 is run again."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Scale:
    """How much of the grid is run, and how long a trial is.

    Attributes
    ----------
    seeds
        Trials of each network.
    activations
        First-layer activations.
    epochs
        Most epochs.
    data
        Settings of the simulated tasks.
    mapped
        Sequences that are mapped.
    controls
        Whether the control experiments and the tasks of our own are run.
    brief
        Whether only one value of each sweep is tried, with one seed.
    dist_seeds
        Trials of CNN-dist on Task 3, if more: its maps differ most from one to the next.
    """

    seeds: int
    activations: tuple[str, ...]
    epochs: int
    data: dict[str, Any]
    mapped: int
    controls: bool = True
    brief: bool = False
    dist_seeds: int = 0
