"""Dots stand where their values are."""

import math
import re
from xml.etree import ElementTree

import pytest

from cislens.report import dots
from cislens.report.dots import Column

SVG = "{http://www.w3.org/2000/svg}"
COLUMNS = [Column("relu", [0.1, 0.3, 0.2], 0.25), Column("exp <&>", [0.9], None)]


def draw(columns, axis=(0.0, 1.0)):
    return ElementTree.fromstring(dots.svg(columns, title="a < b", axis=axis))


def height(value, axis=(0.0, 1.0)):
    inside = dots.HEIGHT - dots.FOOT - dots.TOP
    return dots.HEIGHT - dots.FOOT - (value - axis[0]) / (axis[1] - axis[0]) * inside


def test_every_seed_is_a_dot_at_its_value():
    found = [float(dot.get("cy")) for dot in draw(COLUMNS).iter(f"{SVG}circle")]
    assert found == pytest.approx([height(v) for v in (0.1, 0.3, 0.2, 0.9)], abs=0.06)


def test_median_is_a_bar_and_the_published_value_a_diamond():
    paths = [path.get("d") for path in draw(COLUMNS).iter(f"{SVG}path") if path.get("class")]
    bar, diamond = (float(re.search(r"M[\d.]+ ([\d.]+)", path)[1]) for path in paths)
    assert bar == pytest.approx(height(0.2), abs=0.06)
    assert diamond + 5 == pytest.approx(height(0.25), abs=0.06)


def test_what_is_not_finite_is_left_out():
    root = draw([Column("a", [0.5, math.nan, math.inf], math.nan)])
    assert len(list(root.iter(f"{SVG}circle"))) == 1
    assert not [path for path in root.iter(f"{SVG}path") if path.get("class")]


def test_words_say_the_numbers():
    words = draw(COLUMNS).get("aria-label")
    assert "relu median 0.200 of 3, published 0.250" in words
    assert "exp <&> median 0.900 of 1" in words
    assert "not run" in draw([Column("a", [], 0.5)]).get("aria-label")


@pytest.mark.parametrize(
    ("values", "expected"),
    [([0.12, 0.97], (0.0, 1.0)), ([0.967, 0.974], (0.965, 0.975)), ([0.5], None), ([], (0.0, 1.0))],
)
def test_axis_holds_all_values_between_round_numbers(values, expected):
    low, high = dots.limits([Column("a", values)])
    assert all(low <= value <= high for value in values)
    assert low < high
    if expected:
        assert (low, high) == pytest.approx(expected)


def test_median_of_an_even_number_is_the_mean_of_two():
    assert dots.median([4.0, 1.0, math.nan, 2.0, 8.0]) == 3


def test_columns_keep_the_order_and_take_up_what_only_the_paper_has():
    rows = [{"name": "b", "value": 1.0}, {"name": "a", "value": 2.0}, {"name": "b", "value": 3.0}]
    columns = dots.columns_of(rows, {"c": 0.5, "a": 0.1}, ["a", "b", "none"])
    assert columns == [Column("a", [2.0], 0.1), Column("b", [1.0, 3.0]), Column("c", [], 0.5)]


@pytest.mark.parametrize("axis", [(0.0, 1.0), (0.75, 1.0), (0.965, 0.98), (-1.5, 2.0)])
def test_ticks_stand_where_they_say(axis):
    ticks = [text for text in draw(COLUMNS, axis).iter(f"{SVG}text") if text.get("text-anchor")]
    numbers = [text for text in ticks if not text.get("transform")]
    assert len(numbers) >= 2
    for text in numbers:
        assert float(text.get("y")) - 4 == pytest.approx(height(float(text.text), axis), abs=0.06)


def test_a_title_longer_than_its_columns_is_not_cut():
    one = [dots.Column("a", [0.5])]
    title = "exponential + modified-sigmoid + relu"
    short, long = (dots.svg(one, title=text, axis=(0.0, 1.0)) for text in ("a", title))
    width = float(re.search(r'width="([0-9.]+)"', long)[1])
    assert width > 7 * len(title)
    assert float(re.search(r'width="([0-9.]+)"', short)[1]) < 110


def test_long_names_are_within_the_picture():
    short, long = (
        dots.svg([Column(name, [1.0])], title="t", axis=(0.0, 1.0))
        for name in ("a", "fourier as published by somebody")
    )
    moved, width = (
        [int(re.search(pattern, drawing)[1]) for drawing in (short, long)]
        for pattern in (r"translate\((\d+) 0\)", r'viewBox="0 0 (\d+) ')
    )
    assert moved[0] == 0
    assert width[1] - width[0] == moved[1]
    # The name ends below its column and rises to it: letters of 11 px are some 6 px wide.
    assert moved[1] + 44 + 23 >= len("fourier as published by somebody") * 6 * math.cos(0.7)
