import re

import numpy as np
import pytest

from cislens.report import glyphs


def outline_points(path):
    """Walk the M, L, H, V, C and Z of an outline; curves give their control points too."""
    x = y = 0.0
    for command, text in re.findall(r"([MLHVCZ])([^MLHVCZ]*)", path):
        numbers = [float(number) for number in re.findall(r"-?\.?\d+\.?\d*", text)]
        if command == "H":
            x = numbers[0]
        elif command == "V":
            y = numbers[0]
        for x, y in zip(numbers[::2], numbers[1::2], strict=True) if command in "MLC" else ():
            yield x, y
        yield x, y


@pytest.mark.parametrize("letter", glyphs.OUTLINES)
def test_outline_fills_the_height_of_the_unit_square(letter):
    points = np.array(list(outline_points(glyphs.OUTLINES[letter])))
    assert points[:, 1].min() == 0
    assert points[:, 1].max() == 1
    assert points[:, 0].min() >= 0
    assert points[:, 0].max() <= 1
    assert np.ptp(points[:, 0]) >= 0.9


@pytest.mark.parametrize("letter", glyphs.OUTLINES)
def test_definition_is_a_filled_path(letter):
    text = glyphs.definitions(letter)
    assert f'id="base-{letter}"' in text
    assert f'fill="{glyphs.COLOURS[letter]}"' in text
    assert "<text" not in text


def test_colours_of_dna_stay_apart_for_the_red_green_blind():
    # Machado et al. 2009, doi:10.1109/TVCG.2009.113, deuteranomaly of severity 1.
    seen = np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    )
    labs = [lab(seen @ linear(glyphs.COLOURS[letter])) for letter in "ACGT"]
    gaps = [np.linalg.norm(a - b) for i, a in enumerate(labs) for b in labs[:i]]
    assert min(gaps) > 20


def linear(colour):
    rgb = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


def lab(rgb):
    matrix = np.array(
        [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    )
    xyz = matrix @ np.clip(rgb, 0, 1) / np.array([0.9505, 1, 1.089])
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def test_sheet_holds_every_letter_once():
    assert all(glyphs.sheet().count(f'id="base-{letter}"') == 1 for letter in glyphs.OUTLINES)
