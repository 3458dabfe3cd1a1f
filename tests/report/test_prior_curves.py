import math
import re
from xml.etree import ElementTree

import numpy as np
import pytest

from cislens.report import curves, prior_curves

SVG = "{http://www.w3.org/2000/svg}"


def history(**columns):
    count = len(next(iter(columns.values())))
    return [
        {"epoch": float(n + 1), "train_loss": 1.0, **{k: v[n] for k, v in columns.items()}}
        for n in range(count)
    ]


ROWS = history(
    prior_fourier=[math.nan, 0.5, 0.3, 0.2],
    prior_gini=[math.nan, 0.9, 0.8, 0.85],
    prior_weight=[0.0, 0.25, 1.5, 1.5],
)


def draw(rows, *others):
    frame = prior_curves.axes([rows, *others])
    return ElementTree.fromstring(prior_curves.svg(rows, name="a<b", frame=frame)), frame


def test_each_prior_is_a_line_from_the_epoch_it_began():
    root, frame = draw(ROWS)
    lines = [n.get("d") for n in root.iter(f"{SVG}path") if n.get("class") == "prior"]
    for line, name in zip(lines, ("prior_fourier", "prior_gini"), strict=True):
        seen = [(float(x), float(y)) for x, y in re.findall(r"([\d.]+) ([\d.]+)", line)]
        wanted = [(frame.x(row["epoch"]), frame.y(row[name])) for row in ROWS[1:]]
        np.testing.assert_allclose(seen, wanted, atol=0.051)


def test_priors_and_weight_are_named():
    root, _ = draw(ROWS)
    texts = [node.text for node in root.iter(f"{SVG}text")]
    assert texts[0] == "a<b: prior, weights × 1.5"
    assert [node.text for node in root.iter(f"{SVG}tspan")] == ["fourier", "gini"]


def test_training_without_a_prior_has_no_panel():
    plain = history(validation_loss=[1.0, 2.0])
    assert prior_curves.svg(plain, name="relu", frame=prior_curves.axes([plain])) == ""
    assert prior_curves.terms([]) == []


@pytest.mark.parametrize("values", [[math.nan] * 4, [0.0] * 4, [1e-4, 1.0, 5.0, 9.0]])
def test_panels_share_axes_that_hold_every_prior(values):
    other = history(prior_l2=values, prior_weight=[1.0] * 4)
    root, frame = draw(other, ROWS)
    assert frame == prior_curves.axes([ROWS, other])
    for node in root.iter(f"{SVG}path"):
        if node.get("class") == "prior":
            for y in re.findall(r" ([\d.]+)", node.get("d")):
                assert -0.1 <= float(y) - curves.TOP <= curves.HEIGHT
