"""Counts along a sequence."""

import re

import pytest

from cislens.report import position_strip


def test_counts_by_hand():
    places = [0, 9.9, 10, 39.5, 40, -1, float("nan")]
    assert position_strip.counts(places, length=40, bins=4) == [2, 1, 0, 1]
    assert position_strip.counts([], length=40, bins=3) == [0, 0, 0]


def test_bars_are_as_high_as_their_counts():
    drawing = position_strip.svg([4, 0, 2], name="A & B")
    heights = [float(h) for h in re.findall(r"v-([\d.]+)", drawing)]
    assert heights[1] == pytest.approx(heights[0] / 2, abs=0.01)
    assert len(heights) == 2
    assert "A &amp; B" in drawing
    assert "[4, 0, 2]" in drawing


def test_no_site_is_an_empty_line():
    assert "v-" not in position_strip.svg([0, 0], name="none")
