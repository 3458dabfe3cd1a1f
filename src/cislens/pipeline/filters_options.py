"""Options of `cislens filters`."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from cislens.motifs.knockout_options import KnockoutOptions
from cislens.motifs.options import FilterOptions
from cislens.pipeline.options import MotifOptions


@dataclass(frozen=True)
class Filters:
    """Options of `cislens filters`.

    Attributes
    ----------
    run
        A run folder that holds trained models.
    data
        A dataset (.zarr); the one the models were trained on where it is not given.
    split
        Which part of the dataset the filters read.
    layer
        Name of a convolution; the first one where it is not given.
    filters
        How sites are chosen and counted.
    motifs
        Which known motifs the filters are compared with.
    importance
        Also replace the map of each filter and write what that does to each prediction
        (importance.csv, importance_by_filter.csv); one pass of the network's later layers for each.
    knockout
        What replaces a map, and on which sequences it is missed.
    """

    run: Path
    data: Path | None = None
    split: Literal["train", "validation", "test", "all"] = "test"
    layer: str | None = None
    filters: FilterOptions = field(default_factory=FilterOptions)
    motifs: MotifOptions = field(default_factory=MotifOptions)
    importance: bool = False
    knockout: KnockoutOptions = field(default_factory=KnockoutOptions)
