"""Bars of importance."""

import re
from xml.etree import ElementTree

from cislens.report import bars


def test_heights_follow_the_values():
    drawn = bars.svg([0.0, 2.0, -1.0, float("nan")], name="a <b>", sites=[1])
    ElementTree.fromstring(drawn)
    heights = [float(h) for h in re.findall(r"v(-?[\d.]+)", drawn)]
    assert heights == [-bars.HEIGHT / 2, bars.HEIGHT / 4]
    assert drawn.count("<rect") == 1
    assert "a &lt;b&gt;" in drawn


def test_zeros_draw_no_bar():
    assert "v" not in re.findall(r'd="([^"]*)"', bars.svg([0.0, 0.0], name="a"))[1]
