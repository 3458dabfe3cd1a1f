"""Distributions as stepped lines."""

import re
from xml.etree import ElementTree

import pytest

from cislens.report import histogram


def drawn(series, **options):
    text = histogram.svg(series, title="a <b>", axis="x", limits=(0.0, 1.0), **options)
    ElementTree.fromstring(text)
    return text


def outline(text):
    """Heights and right edges of the first series."""
    path = re.search(r'<path d="M[\d.]+ [\d.]+((?:V[\d.]+H[\d.]+)+)V', text)[1]
    return [(float(y), float(x)) for y, x in re.findall(r"V([\d.]+)H([\d.]+)", path)]


def test_steps_have_the_heights_of_their_shares():
    steps = outline(drawn({"s": [2, 6, 4]}))
    low, high = histogram.HEIGHT - histogram.BOTTOM, histogram.TOP
    assert [y for y, _ in steps] == [
        pytest.approx(low - share * (low - high), abs=0.06) for share in (2 / 6, 1, 4 / 6)
    ]
    assert steps[-1][1] == histogram.WIDTH - histogram.RIGHT


def test_empty_bins_at_the_ends_and_empty_series_are_left_out():
    text = drawn({"s": [0, 0, 1, 0, 3, 0], "empty": [0] * 6, "t": [0, 0, 0, 2, 0, 0]})
    assert len(outline(text)) == 3
    assert "empty" not in text
    assert "a &lt;b&gt;" in text
    assert text.count("fill-opacity") == 2


def test_ticks_in_percent():
    # Upright ticks go to 10 %, the height of ten equal bins.
    assert ">40%<" in drawn({"s": [1] * 10}, percent=True)
    assert ">50%<" not in drawn({"s": [1] * 10})


def test_nothing_to_draw():
    assert "nothing" in drawn({"s": [0, 0]})


def test_ticks_of_a_logarithmic_axis_are_values():
    text = histogram.svg({"s": [1, 0, 1]}, title="a", axis="x", limits=(0.0, 3.1), log=True)
    ticks = re.findall(
        r'<text x="([\d.]+)" y="[\d.]+" text-anchor="middle" opacity=".75">([\d,]+)<', text
    )
    assert [label for _, label in ticks] == ["0", "1", "10", "100", "1,000"]
    places = [float(x) for x, _ in ticks]
    width = histogram.WIDTH - histogram.LEFT - histogram.RIGHT
    assert places[2] == pytest.approx(histogram.LEFT + width * 1.0414 / 3.1, abs=0.1)
