"""Planted motifs on the axes of the tracks."""

import re
from xml.etree import ElementTree

import numpy as np
import pytest

from cislens.maps.sequences import Site
from cislens.report import _frame, truth_track


def site(start, end, strand="+", label="SP1"):
    return Site(start, end, strand, "MA0079.3", label, np.ones(end - start))


def draw(sites, *, length=200, shown=(50, 150), mine=frozenset()):
    text = truth_track.svg(sites, length=length, shown=shown, mine=set(mine))
    ElementTree.fromstring(text)
    return text


def boxes(text):
    return re.findall(r"<title>(.*?)</title><path d=\"M([\d.]+) .*?fill-opacity=\"(.*?)\"", text)


def test_a_site_stands_at_its_bases_and_points_along_its_strand():
    text = draw([site(60, 75), site(80, 95, "-")], mine={0})
    (one, left, strong), (other, right, weak) = boxes(text)
    assert one == "SP1 (MA0079.3), 61 to 75, +"
    assert float(left) == _frame.x(10)
    assert float(right) == _frame.x(45)
    assert other.endswith("-")
    assert float(strong) > float(weak)
    assert text.count(">SP1</text>") == 2


def test_sites_outside_the_stretch_are_in_the_bar_alone():
    text = draw([site(0, 15), site(60, 75)])
    assert len(boxes(text)) == 1
    assert text.count("<rect") == 3
    assert "SP1 at 1, SP1 at 61" in text


def test_sites_that_meet_stand_in_rows():
    def height(*sites):
        return float(re.search(r'height="([\d.]+)"', draw(list(sites)))[1])

    alone = height(site(60, 75))
    assert height(site(60, 75), site(75, 90)) == alone
    assert height(site(60, 75), site(70, 90)) == alone + truth_track.LANE


def test_a_long_name_is_left_to_the_title():
    text = draw([site(60, 64, label="long <name>")])
    assert "long &lt;name&gt; (MA0079.3)" in text
    assert "font-weight" not in text


def test_nothing_planted_still_has_positions():
    text = draw([], length=100, shown=(0, 100))
    assert "Planted: nothing" in text
    marks = re.findall(r'text-anchor="middle" opacity=".75">(\d+)<', text)
    assert marks == ["1", *map(str, range(10, 101, 10))]
    width = float(re.search(r'width="([\d.]+)"', text)[1])
    assert width == pytest.approx(_frame.x(100) + _frame.RIGHT)
