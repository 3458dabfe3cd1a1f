"""Labels of bins against a look at every base."""

import numpy as np
import pandas as pd
import pytest

from cislens.data import bins
from cislens.data.bins import Grid
from cislens.errors import UserError


def peaks(rng, count, size):
    start = rng.integers(0, size - 60, count)
    end = start + rng.integers(1, 60, count)
    return pd.DataFrame({"start": start, "end": end, "summit": (start + end) // 2})


def slow(starts, table, *, width, rule, margin, size):
    evidence = np.zeros(size + 2000, bool)
    near = np.zeros(size + 2000, bool)
    for row in table.itertuples():
        first, last = (row.summit, row.summit + 1) if rule == "summit" else (row.start, row.end)
        evidence[1000 + first : 1000 + last] = True
        near[1000 + first - margin : 1000 + last + margin] = True
    out = []
    for start in starts:
        covered = evidence[1000 + start : 1000 + start + width].sum()
        bound = covered > width / 2 if rule == "half" else covered > 0
        close = near[1000 + start : 1000 + start + width].any()
        partly = rule == "half" and covered > 0
        out.append(1.0 if bound else np.nan if partly or (margin and close) else 0.0)
    return np.array(out, np.float32)


@pytest.mark.parametrize("rule", ["summit", "half", "any"])
@pytest.mark.parametrize("margin", [0, 17])
@pytest.mark.parametrize("stride", [20, 7])
def test_labels_equal_a_look_at_every_base(rule, margin, stride, rng):
    size = 3000
    starts = Grid(20, stride, 60).starts(size)
    tables = {"a": peaks(rng, 40, size), "b": peaks(rng, 3, size), "none": peaks(rng, 0, size)}
    found = bins.labels(starts, tables, width=20, rule=rule, margin=margin)
    for column, table in enumerate(tables.values()):
        wanted = slow(starts, table, width=20, rule=rule, margin=margin, size=size)
        np.testing.assert_array_equal(found[:, column], wanted)


@pytest.mark.parametrize(
    ("width", "stride", "context", "size"), [(200, 200, 1000, 5000), (3, 2, 9, 31)]
)
def test_windows_of_a_grid_lie_on_the_chromosome(width, stride, context, size):
    grid = Grid(width, stride, context)
    starts = grid.starts(size)
    wanted = [
        start
        for start in range(0, size, stride)
        if start - grid.flank >= 0 and start - grid.flank + context <= size
    ]
    assert starts.tolist() == wanted
    assert grid.starts(context - 1).size == 0


def test_merged_intervals_cover_the_same_bases(rng):
    begin = rng.integers(0, 200, 30)
    end = begin + rng.integers(1, 12, 30)
    covered = np.zeros(220, bool)
    for a, b in zip(begin, end, strict=True):
        covered[a:b] = True
    first, last = bins.merged(begin, end)
    again = np.zeros(220, bool)
    for a, b in zip(first, last, strict=True):
        again[a:b] = True
    assert (covered == again).all()
    assert (first[1:] > last[:-1]).all()


def test_bound_bins_are_all_taken_and_free_ones_drawn(rng):
    labelled = np.zeros((50, 3), np.float32)
    labelled[::10, 1] = 1
    labelled[5::10, 2] = np.nan
    kept = bins.chosen(labelled, negatives=2.0, rng=rng)
    assert set(range(0, 50, 10)) <= set(kept.tolist())
    assert len(kept) == 15
    assert not set(range(5, 50, 10)) & set(kept.tolist())
    assert (np.diff(kept) > 0).all()
    assert len(bins.chosen(labelled, negatives=100.0, rng=rng)) == 45


@pytest.mark.parametrize("numbers", [(200, 200, 100), (0, 1, 10), (10, 0, 10)])
def test_impossible_grid_is_refused(numbers):
    with pytest.raises(UserError, match="context at least as wide"):
        Grid(*numbers)


def test_odd_flanks_are_refused():
    with pytest.raises(UserError, match="even difference"):
        Grid(200, 200, 401)
