"""Windows between intervals, against marking every base."""

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from cislens.data import vacant

INTERVALS = st.lists(st.tuples(st.integers(0, 199), st.integers(1, 60)), max_size=8)


@settings(max_examples=150, deadline=None)
@given(INTERVALS, st.integers(1, 30), st.integers(0, 5), st.integers(0, 2**32))
def test_no_base_is_taken_twice_and_gaps_are_full(intervals, length, distance, seed):
    taken = pd.DataFrame(
        {"start": [a for a, _ in intervals], "end": [a + n for a, n in intervals]}, dtype=np.int64
    )
    rng = np.random.default_rng(seed)
    found = vacant.starts(taken, 200, length=length, distance=distance, rng=rng)
    marked = np.zeros(200, int)
    for a, n in intervals:
        marked[max(0, a - distance) : a + n + distance] = 1
    gaps = "".join(map(str, marked)).split("1")
    assert len(found) == sum(len(gap) // length for gap in gaps)
    for start in found:
        assert 0 <= start <= 200 - length
        marked[start : start + length] += 1
    assert marked.max(initial=0) <= 1


def test_left_over_bases_are_shared_out(rng):
    taken = pd.DataFrame({"start": [], "end": []}, dtype=np.int64)
    firsts = {int(vacant.starts(taken, 13, length=10, rng=rng)[0]) for _ in range(200)}
    assert firsts == {0, 1, 2, 3}


def test_windows_of_the_chromosomes_asked_for(rng):
    taken = pd.DataFrame({"chrom": ["a", "c"], "start": [10, 0], "end": [20, 50]})
    found = vacant.windows(taken, {"a": 30, "b": 10, "d": 3}, length=10, rng=rng)
    assert found.values.tolist() == [["a", 0], ["a", 20], ["b", 0]]
    assert not len(vacant.windows(taken, {}, length=10, rng=rng))
