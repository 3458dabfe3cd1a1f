"""Options of `cislens filters`."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from cislens.errors import UserError
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
    align
        For layers behind a pool, which see a motif now here, now there: take the best site of each
        sequence, the best 200 of all, and shift their windows until they fit each other best; the
        options of filters then have no effect.
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
    align: bool = False
    filters: FilterOptions = field(default_factory=FilterOptions)
    motifs: MotifOptions = field(default_factory=MotifOptions)
    importance: bool = False
    knockout: KnockoutOptions = field(default_factory=KnockoutOptions)

    def __post_init__(self) -> None:
        if self.align and self.layer is None:
            raise UserError(
                "align=True: the first layer sees no pool; name a deeper one with --layer"
            )
