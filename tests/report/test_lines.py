"""Lines in a panel."""

import math
import re
from xml.etree import ElementTree

import pytest

from cislens.report import lines
from cislens.report.lines import Line


def paths(svg):
    """List the points of every line."""
    drawn = [
        one.get("d")
        for one in ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}path")
        if one.get("fill") == "none"
    ]
    return [
        [tuple(map(float, point)) for point in re.findall(r"([\d.]+) ([\d.]+)", d)] for d in drawn
    ]


def draw(every, **options):
    frame = lines.axes(every, **options)
    return lines.svg(every, title="T <x>", across="x & y", along="value", frame=frame)


def test_points_are_where_the_axes_say():
    every = [Line("a", [0, 5, 10], [0, 1, 4])]
    ((first, middle, last),) = paths(draw(every))
    foot = lines.HEIGHT - lines.BOTTOM
    assert first == (lines.LEFT, foot)
    assert last == (lines.WIDTH - lines.RIGHT, lines.TOP)
    assert middle[0] == pytest.approx((first[0] + last[0]) / 2, abs=0.1)
    assert middle[1] == pytest.approx(foot - (foot - lines.TOP) / 4, abs=0.1)


def test_gaps_are_left_and_what_lies_outside_is_cut_off():
    every = [Line("a", [0, 1, 2, 3, 4], [0, math.nan, 1, 2, 9])]
    svg = draw(every, along=(0, 4))
    assert svg.count("M") - svg.count('d="M') == 1
    assert len(paths(svg)[0]) == 3


def test_decades_are_equally_far_apart():
    every = [Line("a", [0, 1, 2, 3], [1, 10, 100, 0])]
    ys = [y for _, y in paths(draw(every, log=True))[0]]
    assert ys[0] - ys[1] == pytest.approx(ys[1] - ys[2], abs=0.1)
    assert len(ys) == 3


def test_lines_of_a_name_share_colour_and_entry():
    every = [
        Line("a & b", [0, 1], [0, 1]),
        Line("c", [0, 1], [1, 0]),
        Line("a & b", [0, 1], [1, 1]),
    ]
    svg = draw(every)
    colours = re.findall(r'fill="none" stroke="(#\w+)"', svg)
    assert colours[0] == colours[2] != colours[1]
    assert svg.count(">a &amp; b<") == 1
    ElementTree.fromstring(svg)


def test_a_band_lies_around_its_line():
    svg = draw([Line("a", [0, 1], [2, 2], [1, 1], [3, 3])])
    band = re.search(r'd="(M[^"]*)Z"', svg)[1]
    ys = [float(y) for y in re.findall(r"[\d.]+ ([\d.]+)", band)]
    assert min(ys) < paths(svg)[0][0][1] < max(ys)


def test_nothing_is_an_empty_panel():
    assert paths(draw([])) == []
