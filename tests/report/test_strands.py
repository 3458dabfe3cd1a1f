"""Strips of two strands: what is drawn where."""

import re

import pytest

from cislens.report import strands


def strokes(text):
    paths = re.findall(r'<path d="(M8[^"]*|M[\d.]+ [^"]*v[^"]*)" stroke="#', text)
    return [re.findall(r"M([\d.]+) ([\d.]+)v(-?[\d.]+)", path) for path in paths]


def test_strokes_stand_at_their_positions_and_are_as_high_as_their_share():
    plus, minus = strokes(strands.svg([[0, 0.5, 0, 1.0], [0.25, 0, 0, 0]], name="x"))
    step = (strands.WIDTH - 2 * strands.LEFT) / 4
    assert [float(x) for x, _, _ in plus] == pytest.approx(
        [strands.LEFT + 1.5 * step, strands.LEFT + 3.5 * step], abs=0.06
    )
    heights = [float(height) for _, _, height in plus]
    assert heights[0] < 0
    assert heights[1] == pytest.approx(2 * heights[0], abs=0.11)
    assert float(minus[0][2]) == pytest.approx(-heights[0] / 2, abs=0.11)


def test_nothing_leaves_the_strip():
    for tracks in ([[3.0, 1.0]], [[0.0, 2.0], [2.0, 0.0]], [[0.0, 0.0]]):
        for track in strokes(strands.svg(tracks, name="x")):
            for _, base, height in track:
                assert 0 <= float(base) + float(height) <= strands.HEIGHT


def test_axis_counts_from_the_middle():
    text = strands.svg([[1.0] * 200], name="x", axis=True)
    assert re.findall(r">([^<]+)</text>", text) == ["−100", "−50", "0 bp", "+50", "+100"]


def test_names_are_escaped():
    assert "<b>" not in strands.svg([[1.0]], name="<b>")
