"""What is written as bigWig is read again as it was."""

import numpy as np
import pytest

from cislens.data import track_writing, tracks
from cislens.errors import UserError

SIZES = {"chrI": 500, "chrII": 90, "chrX": 40}


def test_bigwig_written_and_read_again(rng, tmp_path):
    values = np.round(rng.normal(size=300)).astype(np.float32)
    values[rng.random(300) < 0.2] = np.nan
    stretches = [
        track_writing.Stretch("chrI", 5, values),
        track_writing.Stretch("chrI", 305, values[:0]),
        track_writing.Stretch("chrI", 400, values[:100]),
        track_writing.Stretch("chrII", 0, values[:90]),
    ]
    track_writing.bigwig(tmp_path / "out.bigwig", SIZES, stretches)
    opened = tracks.open(tmp_path / "out.bigwig")
    for chrom, start, part in stretches:
        if len(part):
            found = opened.values([chrom], [start], length=len(part), missing=np.nan)
            np.testing.assert_array_equal(found[0], part)
    with pytest.raises(UserError, match="exists already"):
        track_writing.bigwig(tmp_path / "out.bigwig", SIZES, stretches)


@pytest.mark.parametrize(
    "places", [[("chrII", 0), ("chrI", 0)], [("chrI", 5), ("chrI", 9)], [("chrX", 35)], [("c", 0)]]
)
def test_stretches_out_of_order_or_place_are_refused(places, tmp_path):
    stretches = [track_writing.Stretch(*place, np.ones(6, np.float32)) for place in places]
    with pytest.raises(UserError, match="wants stretches by name of the chromosome and place"):
        track_writing.bigwig(tmp_path / "out.bw", SIZES, stretches)
    assert not list(tmp_path.iterdir())


def test_nothing_to_write_is_refused(tmp_path):
    unknown = track_writing.Stretch("chrI", 5, np.full(9, np.nan, np.float32))
    for stretches in ([], [unknown]):
        with pytest.raises(UserError, match=r"out\.bw: no base has a value"):
            track_writing.bigwig(tmp_path / "out.bw", SIZES, stretches)
    assert not list(tmp_path.iterdir())
