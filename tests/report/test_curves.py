import math
import re
from xml.etree import ElementTree

import numpy as np
import pytest

from cislens.report import curves

SVG = "{http://www.w3.org/2000/svg}"


def history(losses, *, rates=None):
    return [
        {
            "epoch": float(epoch),
            "train_loss": loss / 2,
            "validation_loss": loss,
            "learning_rate": rates[epoch - 1] if rates else 1e-3,
        }
        for epoch, loss in enumerate(losses, start=1)
    ]


def draw(rows, *, best=None, name="relu", others=()):
    frame = curves.axes([rows, *others])
    return ElementTree.fromstring(curves.svg(rows, name=name, best_epoch=best, frame=frame))


def points(root, kind):
    paths = [node.get("d") for node in root.iter(f"{SVG}path") if node.get("class") == kind]
    return [(float(x), float(y)) for d in paths for x, y in re.findall(r"([\d.]+) ([\d.]+)", d)]


def test_lines_run_through_every_epoch_where_the_axes_say():
    rows = history([1.0, 0.7, 0.4])
    frame = curves.axes([rows])
    seen = points(draw(rows), "validation")
    wanted = [(frame.x(row["epoch"]), frame.y(row["validation_loss"])) for row in rows]
    np.testing.assert_allclose(seen, wanted, atol=0.051)
    assert len(points(draw(rows), "train")) == 3


def test_models_share_their_axes():
    long, short = history([0.9] * 10), history([3.0, 2.0])
    together = draw(short, others=[long])
    alone = draw(short)
    assert points(together, "validation")[1][0] < points(alone, "validation")[1][0]
    assert curves.axes([long, short]) == curves.axes([short, long])


@pytest.mark.parametrize("losses", [[1.0, 0.5], [0.0], [-3.0, -7.0], [5.0, 5.0], [1e4, 0.1, 0.2]])
def test_every_point_stands_inside_the_panel(losses):
    for kind in ("train", "validation"):
        for x, y in points(draw(history(losses)), kind):
            assert curves.LEFT - 0.1 <= x <= curves.WIDTH - curves.RIGHT + 0.1
            assert curves.TOP - 0.1 <= y <= curves.HEIGHT - curves.BOTTOM + 0.1


def test_wide_range_turns_logarithmic():
    assert curves.axes([history([1000.0, 0.1])]).logarithmic
    assert not curves.axes([history([1.0, 0.1])]).logarithmic


def test_loss_that_is_not_finite_leaves_a_gap():
    root = draw(history([1.0, math.nan, 0.5, math.inf, 0.4, 0.3]))
    path = next(node for node in root.iter(f"{SVG}path") if node.get("class") == "validation")
    assert re.sub(r"[^ML]", "", path.get("d")) == "MMML"


def test_best_epoch_is_ringed():
    rows = history([1.0, 0.4, 0.6])
    root = draw(rows, best=2)
    ring = root.find(f"{SVG}circle")
    assert float(ring.get("cx")) == points(root, "validation")[1][0]
    assert float(ring.get("cy")) == points(root, "validation")[1][1]
    assert "best: epoch 2" in [node.text for node in root.iter(f"{SVG}text")]
    assert draw(rows).find(f"{SVG}circle") is None


def test_learning_rate_drops_are_marked():
    rates = [1e-3] * 5 + [2e-4] * 5 + [4e-5] * 10
    root = draw(history([0.5] * 20, rates=rates))
    drops = [node for node in root.iter(f"{SVG}path") if node.get("class") == "drop"]
    words = [node.text for node in root.iter(f"{SVG}text")]
    assert len(drops) == 2
    assert [word for word in words if word.startswith("lr")] == ["lr 2e-4", "lr 4e-5"]


def test_crowded_drops_keep_their_lines_but_not_their_words():
    root = draw(history([0.5] * 40, rates=[0.9**epoch for epoch in range(40)]))
    assert len([node for node in root.iter(f"{SVG}path") if node.get("class") == "drop"]) == 39
    assert len([n for n in root.iter(f"{SVG}text") if n.text.startswith("lr")]) <= 8


@pytest.mark.parametrize("rows", [[], history([math.nan])])
def test_history_without_losses_is_an_empty_panel(rows):
    root = draw(rows, best=3)
    assert points(root, "train") == []
    assert len(list(root.iter(f"{SVG}text"))) > 3


def test_name_is_escaped():
    root = draw(history([1.0]), name='<b>"x"')
    assert next(root.iter(f"{SVG}text")).text == '<b>"x"'
