"""A matrix as a heat map."""

import xml.etree.ElementTree as ET

import numpy as np

from cislens.report import heatmap

NAN = np.nan
MATRIX = heatmap.Matrix(
    values=np.array([[1.0, -0.5, 0.01], [0.0, NAN, 0.25]]),
    rows=["a & b", "filter_12"],
    columns=["x", "y<z", "w"],
    words=[["one", "two", "three"], ["four", "five", "six < 7"]],
)


def drawn():
    return ET.fromstring(heatmap.svg(MATRIX, name='a "map"'))


def test_cells_stand_where_they_belong_in_the_colour_of_their_sign():
    root = drawn()
    cells = [r for r in root.iter("rect") if r.get("class")]
    assert [c.get("class") for c in cells] == ["raises", "lowers", "raises"]
    assert [float(c.get("fill-opacity")) for c in cells] == [1.0, 0.5, 0.25]
    assert [c.find("title").text for c in cells] == ["one", "two", "six < 7"]
    x = [float(c.get("x")) for c in cells]
    y = [float(c.get("y")) for c in cells]
    assert x[1] - x[0] == x[2] - x[1] == heatmap.CELL
    assert y[0] == y[1] == y[2] - heatmap.CELL


def test_unknown_cells_are_crossed_out_and_small_ones_blank():
    crossed = list(drawn().iter("path"))
    assert [c.find("title").text for c in crossed] == ["five"]


def test_names_are_there_and_escaped():
    texts = [t.text for t in drawn().iter("text")]
    assert texts == ["a & b", "filter_12", "x", "y<z", "w"]


def test_nothing_to_draw_is_an_empty_frame():
    empty = heatmap.Matrix(np.zeros((0, 0)), [], [], [])
    root = ET.fromstring(heatmap.svg(empty, name="none"))
    assert len(list(root.iter("rect"))) == 1
