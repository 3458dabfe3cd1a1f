"""Pictures of Koo & Ploenzke: planned, their files made at scale smoke, and drawn on a page."""

import dataclasses
import json
from xml.etree import ElementTree

import h5py
import numpy as np
import pandas as pd
import pytest
from safetensors import torch as safetensors

from cislens.benchmarks import (
    _koo_networks,
    _koo_scores,
    _koo_trials,
    koo2021_exponential,
    suite,
)
from cislens.benchmarks.pictures import Part, Picture
from cislens.data import dataset
from cislens.jobs import executor, plan
from cislens.jobs.plan import Piece
from cislens.jobs.store import Store
from cislens.models import inference
from cislens.report import benchmark, pictures, sheet
from cislens.sequence import meme
from cislens.sequence import onehot as onehots


def test_a_picture_names_its_pieces():
    piece = Piece("toy_trials:measure", {"seed": 0}, label="a seed0")
    record = Picture("Fig. 9", "maps", (Part("a", piece, role="truth"),), "See.").record()
    (part,) = record["parts"]
    assert (part["result"], part["label"]) == (piece.identity, "a seed0")
    assert json.loads(json.dumps(record)) == record


def test_pieces_of_pictures_are_in_the_plan_of_every_scale():
    for scale in koo2021_exponential.SCALES:
        planned = koo2021_exponential.plan(scale, files={})
        known = plan.complete(planned.pieces)
        for picture in planned.pictures:
            assert picture.kind in pictures.KINDS
            assert {part.piece.identity for part in picture.parts} <= set(known)


@pytest.fixture(scope="module")
def planned():
    whole = koo2021_exponential.plan("smoke", files={})
    pieces = [part.piece for picture in whole.pictures for part in picture.parts]
    return dataclasses.replace(whole, pieces=tuple(plan.complete(pieces).values()))


@pytest.fixture(scope="module")
def run(planned, tmp_path_factory):
    out = tmp_path_factory.mktemp("pictures") / "run"
    settings = {"scale": "smoke", "files": {}}
    assert not suite.run(planned, out, settings=settings).failed
    return out


def folder_of(run, planned, label):
    (piece,) = (one for one in planned.pieces if one.label == label)
    return Store(run).read(piece).folder


def test_every_picture_is_drawn_as_svg_pdf_and_png(run, planned):
    text = benchmark.render(run).read_text()
    assert "not complete yet" not in text
    assert len(text) < 5e6
    figures = run / "figures"
    for number, picture in enumerate(planned.pictures, start=1):
        assert picture.title in text
        found = {path.suffix: path for path in sorted(figures.glob(f"{number:02d} *"))}
        assert ElementTree.parse(found[".svg"]).getroot().find(".//{*}path") is not None
        pdf, png = found[".pdf"].read_bytes(), found[".png"].read_bytes()
        assert pdf.startswith(b"%PDF-")
        assert b"%%EOF" in pdf[-16:]
        assert png.startswith(b"\x89PNG\r\n")
        assert min(len(pdf), len(png)) > 4000


def test_a_page_before_its_pieces_says_what_it_lacks(planned, tmp_path):
    suite.run(planned, tmp_path / "run", only=["curves"], settings={"scale": "smoke", "files": {}})
    text = benchmark.html(tmp_path / "run")
    assert "Fig. 1a" in text
    assert "wants task1 cnn-deep exponential seed0 logos, task1 cnn-deep relu seed0 logos" in text


def test_logos_are_named_after_the_planted_factor(run, planned):
    found = folder_of(run, planned, "task1 cnn-50 relu seed0 logos")
    named = pd.read_csv(found / "named.csv", keep_default_na=False)
    assert len(named) == 32
    motifs = {motif.name for motif in meme.read(found / "filters.meme")}
    assert motifs == set(named.loc[named["motif"] == 1, "name"])
    assert (named.loc[named["planted"] != "", "best"] != "").all()


def test_planted_motifs_are_those_of_the_mapped_sequences(run, planned):
    found = folder_of(run, planned, "task3 planted")
    truth = np.load(found / "truth.npz")
    maps = np.load(
        folder_of(run, planned, "task3 cnn-dist exponential seed0 saliency") / "maps.npz"
    )
    count = len(maps["codes"])
    assert np.array_equal(truth["codes"][:count], maps["codes"])
    stored = dataset.open(folder_of(run, planned, "data task3") / "data.zarr")
    test = stored.view("test")
    rows = np.flatnonzero(test.targets[:, 0] == 1)[:12]
    assert np.allclose(truth["bits"], _koo_scores.truth(stored, test.indices[rows]))
    sites = pd.read_csv(found / "sites.csv")
    inside = np.zeros(truth["bits"].shape, bool)
    for site in sites.itertuples():
        inside[site.sequence, site.start : site.end] = True
    assert not truth["bits"][~inside].any()
    assert set(sites["label"]) <= {"SP1", "Gabpa", "CEBPB", "MAX", "YY1"}


def test_traces_peak_where_the_motif_is(run, planned):
    found = folder_of(run, planned, "task1 test sequence 1 traces")
    scans = pd.read_csv(found / "traces.csv")
    site = pd.read_csv(found / "sites.csv").iloc[0]
    assert list(scans) == ["log-odds scan", "probability scan", "relu", "exponential"]
    assert (scans["relu"] >= 0).all()
    assert (scans["exponential"] > 0).all()
    # The centre of a planted motif scores more bits than most of the sequence.
    centre = scans["log-odds scan"].iloc[(site["start"] + site["end"]) // 2 - 1 :][:3].max()
    assert centre > scans["log-odds scan"].quantile(0.9)


def test_every_value_of_the_first_layer_is_counted_once(run, planned):
    found = folder_of(run, planned, "task1 cnn-deep exponential seed0 distributions")
    for name in ("before", "after"):
        counts = pd.read_csv(found / f"{name}.csv")
        test = dataset.open(folder_of(run, planned, "data task1") / "data.zarr").view("test")
        every = 32 * 200 * min(len(test), 100)
        assert counts["trained"].sum() == counts["untrained"].sum() == every
        assert np.allclose(counts["high"][:-1], counts["low"][1:])


def test_examples_of_many_targets_are_positive_for_theirs_alone(tmp_path, rng):
    codes = rng.integers(4, size=(40, 600), dtype=np.uint8)
    targets = (rng.random((40, 6)) < 0.3).astype(np.float32)
    targets[:12] = np.eye(6, dtype=np.float32)[4]
    codes[3, 17] = 4
    with h5py.File(tmp_path / "er.h5", "w") as file:
        for split in ("train", "valid", "test"):
            file[f"{split}_in"] = (np.arange(4)[None, :, None] == codes[:, None]).astype(np.int8)
            file[f"{split}_out"] = targets.astype(np.int8)
    files = {"task4": str(tmp_path / "er.h5")}
    whole = koo2021_exponential.plan("smoke", files=files)
    (piece,) = (one for one in whole.pieces if one.label.endswith("relu seed0 examples"))
    store = Store(tmp_path / "run")
    data, trial = piece.needs
    assert not executor.run([data], store).failed
    # Basset is large: untrained weights do, as the choice of sequences is asked about.
    recipe = _koo_trials.recipe_of(
        trial.options, dataset.open(store.read(data).folder / _koo_trials.DATA)
    )
    model = _koo_networks.build(recipe, first={}, seed=0)
    with store.attempt(trial) as attempt:
        safetensors.save_file(model.state_dict(), attempt.place.out / _koo_trials.WEIGHTS)
        attempt.finish({}, seconds=0.0)
    small = dataclasses.replace(piece, options=piece.options | {"positives": [0, 3, 99]})
    assert not executor.run([small], store).failed
    found = np.load(store.read(small).folder / "maps.npz")
    assert found["positives"].tolist() == [0, 3]
    assert np.array_equal(found["codes"], codes[[0, 4]])
    onehot = onehots.from_codes(found["codes"])
    expected = inference.gradient(model.eval(), onehot, target=4).numpy()
    assert np.allclose(found["values"], expected, atol=1e-6)


def test_curves_are_the_activations(run, planned):
    curves = pd.read_csv(folder_of(run, planned, "curves of 7 activations") / "curves.csv")
    assert np.allclose(curves["exponential"], np.exp(curves["x"]))
    assert np.allclose(curves["relu"], np.maximum(curves["x"], 0))


def test_names_on_the_page_are_escaped(run, tmp_path):
    other = tmp_path / "run"
    other.mkdir()
    for name in ("environment.json", "records.csv", "summary.csv", "failed.csv"):
        (other / name).write_bytes((run / name).read_bytes())
    (other / "results").symlink_to(run / "results")
    head = json.loads((run / "benchmark.json").read_text())
    for picture in head["pictures"]:
        picture["title"] = f"<b>&{picture['title']}"
        for number, part in enumerate(picture["parts"]):
            part["name"] = f'<i>"&{number}'
    (other / "benchmark.json").write_text(json.dumps(head))
    text = benchmark.html(other)
    assert "<b>&" not in text
    assert "<i>" not in text
    for drawing in pictures.read(other, head["pictures"]).drawn:
        for panel in drawing.panels.values():
            ElementTree.fromstring(sheet.complete(str(panel)))
