"""Drawings on one sheet."""

import re
from xml.etree import ElementTree

import numpy as np

from cislens.report import logo, sheet
from cislens.report.sheet import Placed
from cislens.sequence.pwm import Pwm

BOX = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {} {}" width="9"><path d="M0 0"/></svg>'


def test_drawings_keep_the_size_of_their_box():
    made = sheet.make([Placed(BOX.format(30, 20), 5, 7)], extent=(50, 60), words="a < b")
    inner = ElementTree.fromstring(made)[0]
    assert [inner.get(name) for name in ("x", "y", "width", "height", "viewBox")] == [
        "5.0",
        "7.0",
        "30",
        "20",
        "0 0 30 20",
    ]
    assert sheet.size(made) == (50, 60)
    assert 'aria-label="a &lt; b"' in made


def test_rows_break_where_the_width_ends():
    drawings = [BOX.format(*extent) for extent in ((50, 10), (30, 40), (60, 5), (200, 8))]
    made = sheet.beside(drawings, words="", width=110)
    corners = [tuple(map(float, one)) for one in re.findall(r' x="(.*?)" y="(.*?)"', made)]
    gap = sheet.GAP
    first, second = 40 + gap, 40 + gap + 5 + gap
    assert corners == [(0, 0), (50 + gap, 0), (0, first), (0, second)]
    assert sheet.size(made) == (200, second + 8)


def test_texts_are_escaped():
    assert "&lt;i&gt;" in sheet.text("<i>", 0, 0).markup


def test_a_complete_drawing_brings_its_letters_once():
    motif = Pwm("m", np.eye(4)[:, [0, 3]] * 0.9 + 0.025)
    drawn = logo.svg(motif, shared=True)
    whole = sheet.complete(drawn)
    ids = re.findall(r'id="base-(.)"', whole)
    assert ids == ["A", "C", "G", "T"]
    assert {one.get("href") for one in ElementTree.fromstring(whole).iter() if one.get("href")} <= {
        f"#base-{letter}" for letter in ids
    }
    assert sheet.complete(whole) == whole
    assert "defs" not in sheet.complete(BOX.format(1, 1))


def test_a_title_stands_above_and_fits():
    drawing = BOX.format(30, 20)
    made = sheet.titled(drawing, title="a < b, and so on", note="what the signs mean")
    wide, high = sheet.size(made)
    assert wide > 6 * len("a < b, and so on")
    texts = [one.text for one in ElementTree.fromstring(made) if one.tag.endswith("text")]
    assert texts == ["a < b, and so on", "what the signs mean"]
    assert high > 20 + 40
    plain = sheet.titled(drawing, title="a")
    assert sheet.size(plain)[1] < high
