"""Pictures of a benchmark, drawn from made-up results."""

import re

import numpy as np
import pytest

from cislens.errors import UserError
from cislens.jobs.plan import Piece
from cislens.jobs.store import Store
from cislens.report import pictures


def result(run, name, write):
    """Leave a result that is whole; give its part."""
    piece = Piece("toy:made", {"name": name}, label=name)
    with Store(run).attempt(piece) as attempt:
        write(attempt.place.out)
        attempt.finish({}, seconds=0.0)
    return {
        "name": name,
        "panel": "",
        "role": "",
        "settings": {"reduction": "signed"},
        "result": piece.identity,
        "label": name,
    }


def picture(kind, *parts, **settings):
    return {"title": "T", "kind": kind, "caption": "C", "settings": settings, "parts": list(parts)}


def maps(out, values, codes, positives=(7,)):
    np.savez(out / "maps.npz", values=values, codes=codes, positives=np.array(positives))


@pytest.fixture
def mapped(tmp_path, rng):
    codes = rng.integers(4, size=(1, 40), dtype=np.uint8)
    bits = np.zeros((1, 40), np.float32)
    bits[0, 10:14] = 2

    def truth(out):
        np.savez(out / "truth.npz", codes=codes, bits=bits)
        (out / "sites.csv").write_text(
            "sequence,start,end,strand,motif,label\n0,10,14,-,MA1,YY<1>\n1,3,5,+,MA2,no\n"
        )

    values = np.zeros((1, 4, 40), np.float32)
    values[0, codes[0, 10:14], np.arange(10, 14)] = [1, 2, 3, 4]
    first = result(tmp_path, "truth", truth) | {"role": "truth"}
    second = result(tmp_path, "saliency", lambda out: maps(out, values, codes))
    return tmp_path, first, second


def test_a_map_stands_below_what_was_planted_with_its_scores(mapped):
    run, truth, part = mapped
    seen = pictures.read(run, [picture("maps", truth, part, sequence=0)])
    (drawn,) = seen.drawn
    svg = str(drawn.panels[""])
    assert "AUROC 1.000, AUPR 1.000" in svg
    assert "YY&lt;1&gt; (MA1), 11 to 14, -" in svg
    assert "MA2" not in svg
    assert seen.absent == {}


def test_what_is_zero_at_the_bases_that_stand_there_is_drawn_by_its_distance(mapped):
    run, truth, part = mapped
    held = np.load(run / "results" / part["result"] / "maps.npz")
    own = held["values"].max(axis=1, keepdims=True)
    differences = np.where(held["values"] > 0, 0, -own)  # of the three others from that base
    other = result(run, "Taylor ISM", lambda out: maps(out, differences, held["codes"]))
    for reduction, scored in (("signed", "AUROC 0.500"), ("centred", "AUROC 1.000, AUPR 1.000")):
        drawn = other | {"settings": {"reduction": reduction}}
        seen = pictures.read(run, [picture("maps", truth, drawn, sequence=0)])
        assert scored in str(seen.drawn[0].panels[""])


def test_a_map_of_another_sequence_is_refused(mapped):
    run, truth, _ = mapped
    other = result(
        run, "other", lambda out: maps(out, np.zeros((1, 4, 40)), np.zeros((1, 40), np.uint8))
    )
    with pytest.raises(UserError, match="another one than the planted"):
        pictures.read(run, [picture("maps", truth, other, sequence=0)])


def test_what_is_not_there_is_named_and_what_is_there_is_drawn(mapped):
    run, truth, part = mapped
    later = part | {"result": "0" * 20, "label": "relu <later>"}
    seen = pictures.read(run, [picture("maps", truth, part, later, sequence=0)])
    assert len(seen.drawn) == 1
    assert seen.absent == {"T": ["relu <later>"]}
    assert pictures.read(run, [picture("maps", truth, later, sequence=0)]).drawn == []


def test_a_changed_result_is_told(mapped):
    run, truth, part = mapped
    (run / "results" / part["result"] / "maps.npz").write_bytes(b"no")
    with pytest.raises(UserError, match="corrupt; run the benchmark again"):
        pictures.read(run, [picture("maps", truth, part, sequence=0)])


def test_a_broken_head_is_told(tmp_path):
    with pytest.raises(UserError, match=r"pictures\[0\]: kind='pie'; known are curves"):
        pictures.read(tmp_path, [picture("pie")])
    with pytest.raises(UserError, match=r"pictures\[0\]: key 'parts' is missing"):
        pictures.read(tmp_path, [{"title": "", "kind": "maps", "caption": "", "settings": {}}])
    with pytest.raises(UserError, match="an object is wanted"):
        pictures.read(tmp_path, [3])


def test_examples_show_the_stretch_that_matters_within_the_window(tmp_path, rng):
    codes = rng.integers(4, size=(1, 400), dtype=np.uint8)
    values = np.zeros((1, 4, 400), np.float32)
    values[0, :, 210] = 1
    values[0, :, 20] = 5
    part = result(tmp_path, "relu", lambda out: maps(out, values, codes))
    seen = pictures.read(tmp_path, [picture("examples", part, window=[50, 350])])
    svg = str(seen.drawn[0].panels["positive test sequence 7"])
    assert ">210</text>" in svg
    assert ">20</text>" not in svg


def test_filters_without_a_motif_have_their_place(tmp_path):
    def write(out):
        (out / "named.csv").write_text(
            "name,state,motif,planted,best,q\nfilter_0,dead,0,,,\nfilter_1,flat,0,,,\n"
        )
        (out / "filters.meme").write_text("MEME version 4\n")

    seen = pictures.read(tmp_path, [picture("logos", result(tmp_path, "relu & co", write))])
    svg = str(seen.drawn[0].panels["relu & co"])
    assert "0 dead" in svg
    assert "0 of 2 filters match a planted motif" in svg
    assert "relu &amp; co" in svg


def test_seeds_of_an_activation_share_a_colour_and_columns_their_axes(tmp_path):
    def history(losses):
        rows = "".join(f"{n},{loss},0.5\n" for n, loss in enumerate(losses, start=1))
        return lambda out: (out / "history.csv").write_text("epoch,train_loss,x\n" + rows)

    parts = [
        result(tmp_path, "one", history([3, 2, 1])) | {"name": "relu", "panel": "deep"},
        result(tmp_path, "two", history([3, 1])) | {"name": "relu", "panel": "deep"},
        result(tmp_path, "three", history([9, 8])) | {"name": "exp", "panel": "flat"},
    ]
    seen = pictures.read(tmp_path, [picture("histories", *parts, columns={"train_loss": "loss"})])
    deep, flat = (str(panel) for panel in seen.drawn[0].panels.values())
    assert list(seen.drawn[0].panels) == ["deep: loss", "flat: loss"]
    assert deep.count('fill="none"') == 2
    assert ">10</text>" in deep
    colours = [set(re.findall(r'fill="none" stroke="(#\w+)"', svg)) for svg in (deep, flat)]
    assert [len(one) for one in colours] == [1, 1]
    assert colours[0] != colours[1]


def test_gradients_of_names_share_one_axis(tmp_path):
    def notes(sd):
        text = "epoch,mean,sd,validation_loss,validation_aupr\n"
        rows = "".join(f"{n},0,{sd / n},{1 / n},0.5\n" for n in (1, 2, 3))
        return lambda out: (out / "gradients.csv").write_text(text + rows)

    parts = [result(tmp_path, name, notes(sd)) for name, sd in (("relu", 1), ("exp", 3))]
    panels = pictures.read(tmp_path, [picture("gradients", *parts)]).drawn[0].panels
    first, second, spread, *_ = (str(panel) for panel in panels.values())
    assert [len(re.findall(r'Z" fill="#\w+" fill-opacity', svg)) for svg in (first, second)] == [
        1,
        1,
    ]
    assert re.findall(r">([-.\d]+)</text>", first) == re.findall(r">([-.\d]+)</text>", second)
    assert ">1</text>" in spread
    assert ">10</text>" in spread
    assert pictures.read(tmp_path, [picture("gradients")]).drawn == []
