"""Places of sequences on intervals of the genome."""

import importlib.util
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from cislens.errors import UserError
from cislens.maps import store
from cislens.pipeline import annotating

MAKING = Path(__file__).parents[1] / "maps" / "making.py"


@pytest.fixture
def maps(tmp_path):
    """Seven sequences of 6 bp: of chr2 and chr10 on +, - and no strand, and without interval."""
    spec = importlib.util.spec_from_file_location("making", MAKING)
    making = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(making)
    return store.open(making.write(tmp_path / "SP1.zarr"))


def test_bases_under_intervals_are_those_of_a_slow_loop(maps, tmp_path):
    spans = [("2", 0, 3), ("2", 14, 40), ("chr10", 5, 9), ("chr10", 20, 21), ("chrX", 0, 99)]
    path = tmp_path / "a.bed"
    path.write_text("".join(f"{chrom}\t{start}\t{end}\n" for chrom, start, end in spans))
    mask = annotating.covered(maps, path)
    places = maps.places
    for row in range(7):
        chrom = str(places.chrom[row])
        bases = [places.start[row] + i for i in range(6)]
        if places.strand[row] == "-":
            bases = bases[::-1]
        for place, base in enumerate(bases):
            inside = any(
                chrom.removeprefix("chr") == name.removeprefix("chr") and start <= base < end
                for name, start, end in spans
            )
            assert mask[row, place] == (bool(chrom) and inside)
    assert mask.any()
    assert not mask.all()


def test_sites_and_chance_by_hand():
    mask = np.zeros((2, 6), bool)
    mask[0, 2] = True
    sites = pd.DataFrame({"row": [0, 0, 1], "start": [0, 3, 0], "end": [3, 6, 6]})
    assert annotating.touching(mask, sites).tolist() == [True, False, False]
    # Of eight places of width 3, those that begin at 0, 1 and 2 of the first sequence.
    assert annotating.by_chance(mask, 3) == 3 / 8
    assert np.isnan(annotating.by_chance(mask, 7))


def test_another_genome_is_refused(maps, tmp_path):
    path = tmp_path / "other.bed"
    path.write_text("scaffold_9\t0\t10\n")
    with pytest.raises(UserError, match="no interval on the chromosomes of the sequences, such as"):
        annotating.covered(maps, path)
