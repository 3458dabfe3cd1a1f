"""One number a position."""

import re

from cislens.report import _frame, trace


def points(svg):
    return [tuple(map(float, one)) for one in re.findall(r"L([\d.]+) ([\d.]+)", svg)]


def test_points_stand_on_the_columns_of_the_tracks():
    drawn = points(trace.svg([0.0, 4.0, -3.0, 2.0], words="a < b"))
    foot = trace.MARGIN + trace.HEIGHT
    assert [x for x, _ in drawn[:4]] == [_frame.x(place + 0.5) for place in range(4)]
    assert [y for _, y in drawn[:4]] == [foot, trace.MARGIN, foot, foot - trace.HEIGHT / 2]


def test_nothing_above_0_is_flat():
    svg = trace.svg([-1.0, -2.0], words="")
    assert {y for _, y in points(svg)} == {trace.MARGIN + trace.HEIGHT}
    assert 'aria-label="a &lt; b"' in trace.svg([1.0], words="a < b")
