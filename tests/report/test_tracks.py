"""Signed letters, read back from the drawing."""

import re
from xml.etree import ElementTree

import numpy as np
import pytest

from cislens.errors import UserError
from cislens.report import _frame, tracks

LETTER = re.compile(
    r'<use href="#base-(\w)" transform="matrix\(([\d.]+) 0 0 (-?[\d.]+) ([\d.]+) ([\d.]+)\)"/>'
)


def letters_of(text):
    """Give letter, column, top and bottom, in px, of each letter."""
    found = []
    for letter, wide, high, x, bottom in LETTER.findall(text):
        assert float(wide) == _frame.STEP
        column = (float(x) - _frame.LEFT) / _frame.STEP
        found.append((letter, round(column), float(bottom) + float(high), float(bottom)))
    return found


def draw(scores, codes, shown=None, **more):
    scores = np.array(scores, np.float32)
    shown = (0, len(scores)) if shown is None else shown
    text = tracks.svg(scores, np.array(codes, np.uint8), shown=shown, words="a <b>", **more)
    ElementTree.fromstring(text)
    return text


def test_letters_are_as_high_as_their_score_and_stand_on_their_side():
    text = draw([2.0, -1.0, 0.5, 3.0], [0, 1, 2, 4])
    (a, c, g) = letters_of(text)
    # The N of 3.0 is not drawn, but the scale is that of all: 4 units are the whole height.
    unit = tracks.HEIGHT / 4
    axis = a[3]
    assert a == ("A", 0, pytest.approx(axis - 2 * unit), axis)
    assert c == ("C", 1, pytest.approx(axis), pytest.approx(axis + unit))
    assert g == ("G", 2, pytest.approx(axis - unit / 2), pytest.approx(axis))
    assert "a &lt;b&gt;" in text


@pytest.mark.parametrize("sign", [1, -1])
def test_maps_of_one_sign_keep_their_axis_in_the_drawing(sign):
    text = draw([sign * 1.0, sign * 0.5], [0, 3])
    height = float(re.search(r'height="([\d.]+)"', text)[1])
    assert all(0 <= top < bottom <= height for _, _, top, bottom in letters_of(text))


def test_a_map_of_zeros_has_an_axis_and_no_letters():
    assert letters_of(draw([0.0, 0.0], [0, 1])) == []


def test_only_the_stretch_is_in_letters_and_the_whole_in_a_bar(rng):
    scores = rng.normal(size=1000)
    text = draw(scores, rng.integers(0, 4, 1000), shown=(300, 400), letters="ACGU")
    assert len(letters_of(text)) <= 100
    assert {column for _, column, _, _ in letters_of(text)} <= set(range(100))
    assert 'class="bar"' in text
    zoom = re.search(r'class="zoom" x="([\d.]+)" y="0" width="([\d.]+)"', text)
    whole = 100 * _frame.STEP
    assert float(zoom[1]) == pytest.approx(_frame.LEFT + 0.3 * whole, abs=0.1)
    assert float(zoom[2]) == pytest.approx(0.1 * whole, abs=0.1)
    assert 'class="bar"' not in draw(scores[:50], np.zeros(50))


def test_the_bar_reaches_the_highest_and_lowest_score():
    scores = np.zeros(1000)
    scores[[17, 900]] = [3.0, -1.0]
    text = draw(scores, np.zeros(1000), shown=(0, 100))
    lines = re.findall(
        r"M([\d.]+) ([\d.]+)V([\d.]+)", re.search(r'class="bar" d="([^"]*)"', text)[1]
    )
    whole = 100 * _frame.STEP
    places = [(float(x) - _frame.LEFT) / whole * 1000 for x, _, _ in lines]
    assert places == [pytest.approx(17, abs=2), pytest.approx(900, abs=2)]
    assert [(float(up), float(down)) for _, up, down in lines] == [(0.0, 12.0), (12.0, 16.0)]


def test_the_stretch_holds_the_importance_in_its_middle():
    scores = np.zeros(500)
    scores[300:310] = -2.0
    start, end = tracks.stretch([scores])
    assert end - start == _frame.WIDTH
    assert abs((start + end) / 2 - 305) <= 1
    assert tracks.stretch([scores[:80]]) == (0, 80)
    assert tracks.stretch([np.zeros(500)])[0] == 200


def test_every_map_of_a_sequence_counts_alike():
    one, other = np.zeros(400), np.zeros(400)
    one[50], other[60], other[300] = 1e-3, 5.0, 4.0
    start, end = tracks.stretch([one, other], width=40)
    assert start <= 50 < 60 < end


def test_ends_of_a_sequence_are_found():
    scores = np.zeros(300)
    scores[299] = 1.0
    assert tracks.stretch([scores])[1] == 300


def test_what_cannot_be_drawn_is_refused():
    with pytest.raises(UserError, match="a stretch of it is wanted"):
        tracks.svg(np.zeros(5, np.float32), np.zeros(5, np.uint8), shown=(2, 7), words="")
    with pytest.raises(UserError, match="NaN"):
        tracks.svg(np.full(5, np.nan, np.float32), np.zeros(5, np.uint8), shown=(0, 5), words="")
