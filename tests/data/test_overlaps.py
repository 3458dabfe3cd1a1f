"""Overlapping intervals, against comparison of all pairs."""

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from cislens.data import overlaps

INTERVALS = st.lists(
    st.tuples(st.sampled_from(["chr1", "chr2", ""]), st.integers(-1, 30), st.integers(1, 9)),
    max_size=12,
)


def table(rows):
    frame = pd.DataFrame(rows, columns=["chrom", "start", "end"])
    return frame.assign(end=frame["start"] + frame["end"])


@given(INTERVALS, INTERVALS)
def test_covered_is_what_all_pairs_say(here, there):
    here, there = table(here), table(there)

    def share(a, b):
        known = a.chrom == b.chrom != "" and min(a.start, b.start) >= 0
        return known and a.start < b.end and b.start < a.end

    slow = [any(share(a, b) for b in there.itertuples()) for a in here.itertuples()]
    assert overlaps.covered(here, there).tolist() == slow


def test_neighbours_share_no_base_and_any_index_does():
    here = table([("chr1", 10, 10), ("chr1", 20, 10)]).set_index(np.array([7, 7]))
    assert overlaps.covered(here, table([("chr1", 0, 10)])).tolist() == [False, False]
    assert overlaps.covered(here, table([("chr1", 29, 1)])).tolist() == [False, True]
