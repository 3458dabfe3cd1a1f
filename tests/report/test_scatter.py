"""One number against another."""

import math
from xml.etree import ElementTree

import pytest

from cislens.report import scatter
from cislens.report.scatter import Point

SPACE = "{http://www.w3.org/2000/svg}"


def draw(*points):
    return ElementTree.fromstring(
        scatter.svg(list(points), title="T", across="local <x>", along="dist")
    )


def circles(root):
    return [(float(c.get("cx")), float(c.get("cy"))) for c in root.iter(f"{SPACE}circle")]


def test_a_dot_is_at_the_medians():
    low, middle, high = circles(
        draw(Point("a", [0], [0]), Point("b", [0, 1, 7], [2, 1, 1.5]), Point("c", [2], [3]))
    )
    assert middle[0] == pytest.approx((low[0] + high[0]) / 2, abs=0.1)
    assert middle[1] == pytest.approx((low[1] + high[1]) / 2, abs=0.1)
    assert high[1] < low[1]


def test_a_name_without_both_axes_shows_its_published_point_alone():
    root = draw(Point("a", [0.5], [math.nan], (0.4, 0.6)), Point("b", [0.1, 0.2], [0.3]))
    assert len(circles(root)) == 1
    assert len([one for one in root.iter() if one.get("class") == "paper"]) == 1
    assert "a not run, published 0.400 and 0.600" in root.get("aria-label")


def test_names_are_escaped_and_nothing_is_an_empty_panel():
    assert "&lt;i&gt;" in scatter.svg([Point("<i>", [1], [1])], title="", across="", along="")
    assert circles(draw()) == []


def test_dashes_are_where_both_axes_are_equal():
    apart = draw(Point("a", [0.1, 0.2], [0.8, 0.9]))
    assert not [one for one in apart.iter() if one.get("stroke-dasharray")]
    met = draw(Point("a", [0.1, 0.9], [0.1, 0.9]))
    assert [one for one in met.iter() if one.get("stroke-dasharray")]
