import itertools
import math
import re
from xml.etree import ElementTree

import numpy as np
import pytest

from cislens.errors import UserError
from cislens.report import logo
from cislens.sequence.pwm import Pwm

BACKGROUND = np.array([0.3, 0.2, 0.2, 0.3])


def random_pwm(rng, *, width=12, background=None):
    columns = rng.dirichlet(np.full(4, 0.4), size=width).T
    columns[:, 0] = [0, 1, 0, 0]
    columns[:, 1] = 0.25
    return Pwm("m", columns, background=np.full(4, 0.25) if background is None else background)


def slow_heights(pwm, *, scale):
    """Letter heights by the definition, one number at a time: a list of dicts."""
    columns = []
    for column in pwm.probabilities.T:
        bits = sum(
            p * math.log2(p / b) for p, b in zip(column, pwm.background, strict=True) if p > 0
        )
        total = bits if scale == "information" else 1.0
        columns.append({letter: p * total for letter, p in zip("ACGT", column, strict=True)})
    return columns


def drawn(text):
    """Letters of an SVG as (letter, column, bottom, height), read back from the markup."""
    number = r"(-?[\d.]+)"
    pattern = rf'<use href="#base-(\w)" transform="matrix\(1 0 0 {number} (\d+) {number}\)"/>'
    return [
        logo.Letter(letter, int(column), float(bottom), float(height))
        for letter, height, column, bottom in re.findall(pattern, text)
    ]


@pytest.mark.parametrize("scale", ["information", "probability"])
@pytest.mark.parametrize("background", [None, BACKGROUND])
def test_drawn_heights_are_exact_to_1e6(scale, background, rng):
    pwm = random_pwm(rng, background=background)
    expected = slow_heights(pwm, scale=scale)
    found = [dict.fromkeys("ACGT", 0.0) for _ in expected]
    for letter in drawn(logo.svg(pwm, scale=scale)):
        found[letter.column][letter.letter] = letter.height
    for column, wanted in zip(found, expected, strict=True):
        for letter, height in wanted.items():
            assert column[letter] == pytest.approx(height, abs=1e-6)


@pytest.mark.parametrize("scale", ["information", "probability"])
def test_letters_stand_on_one_another_smallest_first(scale, rng):
    letters = drawn(logo.svg(random_pwm(rng), scale=scale))
    assert len(letters) > 20
    for lower, upper in itertools.pairwise(letters):
        if lower.column == upper.column:
            assert upper.height >= lower.height - 1e-6
            assert upper.bottom == pytest.approx(lower.bottom + lower.height, abs=2e-6)
        else:
            assert upper.bottom == 0


def test_drawn_letters_are_the_stacked_ones(rng):
    pwm = random_pwm(rng)
    for seen, wanted in zip(drawn(logo.svg(pwm)), logo.stacks(pwm), strict=True):
        assert seen[:2] == wanted[:2]
        assert seen[2:] == pytest.approx(wanted[2:], abs=1e-6)


def test_certain_column_fills_the_height_and_flat_column_is_empty():
    pwm = Pwm("m", np.array([[0.25, 0], [0.25, 1], [0.25, 0], [0.25, 0]]))
    assert drawn(logo.svg(pwm)) == [logo.Letter("C", 1, 0.0, 2.0)]
    step = "matrix(14.4 0 0 -24 1 49)"
    assert step in logo.svg(pwm, height=48)


def test_rare_base_reaches_the_ceiling_of_its_background():
    pwm = Pwm("m", np.array([[0.0], [1.0], [0.0], [0.0]]), background=BACKGROUND)
    height = drawn(logo.svg(pwm))[0].height
    assert height == pytest.approx(math.log2(5), abs=1e-6)
    assert f"{-48 / math.log2(5):.6f}" in logo.svg(pwm, height=48)


def test_column_at_background_is_empty():
    pwm = Pwm("m", BACKGROUND[:, None], background=BACKGROUND)
    assert drawn(logo.svg(pwm)) == []


def test_start_and_columns_leave_room_on_both_sides(rng):
    pwm = random_pwm(rng, width=4)
    plain, shifted = logo.svg(pwm), logo.svg(pwm, start=3, columns=10)
    assert [x.column + 3 for x in drawn(plain)] == [x.column for x in drawn(shifted)]
    assert 'width="146"' in shifted


def test_rna_is_written_with_u():
    pwm = Pwm("m", np.array([[0.0], [0.0], [0.0], [1.0]]))
    text = logo.svg(pwm, letters="ACGU")
    assert [x.letter for x in drawn(text)] == ["U"]
    assert 'id="base-U"' in text
    assert 'id="base-T"' not in text


def test_letters_are_outlines_not_text(rng):
    assert "<text" not in logo.svg(random_pwm(rng))


@pytest.mark.parametrize("scale", ["information", "probability"])
def test_axis_numbers_bits_and_positions(scale, rng):
    root = ElementTree.fromstring(logo.svg(random_pwm(rng), scale=scale, axis=True, start=2))
    words = [node.text for node in root.iter("{http://www.w3.org/2000/svg}text")]
    bits = ["0", "1", "2"] if scale == "information" else ["0", "0.5", "1"]
    assert words == [*bits, "1", "5", "10"]


def test_own_logo_is_a_complete_file_and_shared_one_has_no_definitions(rng):
    pwm = random_pwm(rng)
    root = ElementTree.fromstring(logo.svg(pwm))
    ids = {node.get("id") for node in root.iter() if node.get("id")}
    targets = {node.get("href")[1:] for node in root.iter() if node.get("href")}
    assert targets <= ids
    shared = logo.svg(pwm, shared=True)
    assert "<defs>" not in shared
    assert "http" not in shared
    assert len(shared) < len(logo.svg(pwm))


def test_page_of_64_filters_with_their_matches_stays_below_2_megabytes(rng):
    columns = rng.dirichlet(np.full(4, 2.0), size=20).T
    assert 128 * len(logo.svg(Pwm("filter_63", columns), shared=True)) < 1_500_000


def test_name_is_spoken_and_escaped():
    pwm = Pwm('a"<b>', np.full((4, 2), 0.25), label="x&y")
    root = ElementTree.fromstring(logo.svg(pwm))
    assert root.get("role") == "img"
    assert root.get("aria-label") == 'Sequence logo of a"<b> x&y'


@pytest.mark.parametrize(("start", "columns"), [(-1, None), (1, 12), (0, 11)])
def test_motif_that_does_not_fit_is_refused(start, columns, rng):
    with pytest.raises(UserError, match=rf"start={start}, columns="):
        logo.svg(random_pwm(rng), start=start, columns=columns)


@pytest.mark.parametrize("letters", ["ACGX", "ACG", "ACGTN"])
def test_wrong_letters_are_refused(letters, rng):
    with pytest.raises(UserError, match="letters="):
        logo.svg(random_pwm(rng), letters=letters)


@pytest.mark.parametrize("height", [0, -3.0, math.nan])
def test_height_must_be_positive(height, rng):
    with pytest.raises(UserError, match="height="):
        logo.svg(random_pwm(rng), height=height)
