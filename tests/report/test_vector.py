"""SVG as PDF and PNG."""

import io

import numpy as np
import pytest
from PIL import Image

from cislens.report import logo, sheet, vector
from cislens.sequence.pwm import Pwm

MOTIF = Pwm("m", np.array([[0.97, 0.01, 0.01, 0.01], [0.01, 0.01, 0.01, 0.97]]).T)


def test_letters_are_seen_in_their_colours(tmp_path):
    path = tmp_path / "a.png"
    vector.write(logo.svg(MOTIF, shared=True), path, kind="png", title="T")
    pixels = np.asarray(Image.open(io.BytesIO(path.read_bytes())).convert("RGB")).reshape(-1, 3)
    found = {tuple(pixel) for pixel in pixels}
    assert {(0x1B, 0xA4, 0x6C), (0xB3, 0x23, 0x2F), (255, 255, 255)} <= found


def test_a_pdf_holds_paths_and_text(tmp_path):
    path = tmp_path / "a.pdf"
    texts = sheet.make([sheet.text("one & two", 5, 20)], extent=(90, 30), words="")
    vector.write(
        sheet.beside([texts, logo.svg(MOTIF, shared=True)], words=""),
        path,
        kind="pdf",
        title='A "title" #of',
    )
    held = path.read_bytes()
    assert held.startswith(b"%PDF-")
    assert b"/Font" in held
    assert b"/Subtype/Image" not in held
    assert b'A "title" #of' in held
    assert b"CreationDate" not in held


def test_the_size_is_that_of_the_drawing(tmp_path):
    path = tmp_path / "a.png"
    vector.write(sheet.make([], extent=(100, 50), words=""), path, kind="png", title="T")
    with Image.open(path) as image:
        width, height = image.size
    border = 2 * 8 / 0.75
    assert width == pytest.approx(2 * (100 + border), abs=1)
    assert height == pytest.approx(2 * (50 + border), abs=1)
