"""Options of genomes say what the library does."""

from cislens.data import bins
from cislens.data.bins import Grid
from cislens.pipeline.genome_options import BinOptions


def test_defaults_and_choices_are_those_of_the_library():
    chosen, grid = BinOptions(), Grid()
    assert (chosen.width, chosen.stride, chosen.context) == (grid.width, grid.stride, grid.context)
    assert set(BinOptions.__annotations__["rule"].__args__) == set(bins.Rule.__args__)
