"""The rerun of Koo & Ploenzke 2021: its plan, its scores, and one trial of it."""

import dataclasses
from importlib import util

import h5py
import numpy as np
import pandas as pd
import pytest
import torch
from scipy import io
from sklearn import metrics

from cislens import attribution
from cislens.benchmarks import (
    _koo_gradients,
    _koo_networks,
    _koo_recipe,
    _koo_scan,
    _koo_scores,
    koo2021_exponential,
)
from cislens.benchmarks.pictures import Scatter
from cislens.data import dataset
from cislens.errors import UserError
from cislens.jobs import executor, plan
from cislens.jobs.executor import ExecutorOptions
from cislens.jobs.store import Store
from cislens.models import spec
from cislens.models.activations import ACTIVATIONS
from cislens.motifs import database
from cislens.sequence import onehot as onehots
from cislens.sequence import pwm
from cislens.simulation.tasks import koo2021_task1, koo2021_task3


def pieces(scale, *words, files=None):
    planned = koo2021_exponential.plan(scale, files=files or {}).pieces
    return [piece for piece in planned if set(words) <= set(piece.label.split())]


@pytest.mark.parametrize("scale", koo2021_exponential.SCALES)
def test_pieces_and_labels_are_distinct(scale):
    planned = plan.complete(koo2021_exponential.plan(scale, files={}).pieces)
    assert len({piece.label for piece in planned.values()}) == len(planned)


def test_core_holds_the_networks_of_the_claim():
    trained = [piece.label for piece in pieces("core") if piece.label.endswith("training")]
    chosen_on, more_of_dist = 3 * 2, 3 * 5
    assert len(trained) == 5 * 5 * 3 + chosen_on + more_of_dist
    assert "task3 cnn-dist relu seed9 training" in trained
    assert "task1 cnn-deep modified-sigmoid seed4 training" in trained


def test_full_holds_seventeen_activations():
    size = koo2021_exponential.SCALES["full"]
    assert len(set(size.activations)) == 17
    assert set(size.activations) < set(ACTIVATIONS)


def test_a_core_trial_is_the_same_piece_in_full():
    core = {piece.identity for piece in pieces("core", "exponential")}
    assert core <= {piece.identity for piece in pieces("full", "exponential")}


@pytest.fixture
def bundle(tmp_path):
    """Files by the names of a bundle, which a plan hashes and does not read."""
    (tmp_path / "train.mat").write_bytes(b"train")
    (tmp_path / "irf1.h5").write_bytes(b"irf1")
    return {"task2": str(tmp_path), "irf1": str(tmp_path / "irf1.h5")}


def test_published_values_are_of_things_that_full_measures(bundle):
    planned = pieces("full", "seed0", files=bundle)
    measured = set()
    for piece in planned:
        labels = {"variant": "", "method": "", **piece.options["labels"]}
        measured.add(tuple(labels[name] for name in koo2021_exponential.LABELS[:5]))
    published = koo2021_exponential.plan("full", files={}).published
    for value in published:
        assert set(value.labels) == set(koo2021_exponential.LABELS)
        assert tuple(list(value.labels.values())[:5]) in measured, value
        assert 0 <= value.value < 1
    keys = [(*value.labels.values(), value.metric) for value in published]
    assert len(set(keys)) == len(keys) > 300


def test_every_figure_is_of_records_that_full_has(bundle):
    labels = [
        {"variant": "", "method": "", "reduction": "signed", **piece.options["labels"]}
        for piece in pieces("full", "seed0", files=bundle)
    ]
    for figure in koo2021_exponential.plan("full", files={}).figures:
        where = {k: v for k, v in figure.where.items() if k != "reduction"}
        found = [row for row in labels if all(row[k] in v for k, v in where.items())]
        assert found or "bare" in str(figure.where), figure.title
        other = figure.axes if isinstance(figure, Scatter) else figure.panels or figure.across
        assert {figure.across, other} <= set(koo2021_exponential.LABELS)


def test_files_of_the_user_add_their_tasks(tmp_path):
    path = tmp_path / "irf1.h5"
    path.write_bytes(b"one")
    first = pieces("core", "irf1", files={"irf1": str(path)})
    assert len([piece for piece in first if "training" in piece.label]) == 10
    path.write_bytes(b"two")
    second = pieces("core", "irf1", files={"irf1": str(path)})
    assert not {p.identity for p in first} & {p.identity for p in second}
    with pytest.raises(UserError, match=r"files.irf1"):
        pieces("core", files={"irf1": str(tmp_path / "none.h5")})


@pytest.fixture(scope="module")
def stored(tmp_path_factory):
    out = tmp_path_factory.mktemp("task3") / "data.zarr"
    koo2021_task3.simulate(
        out, database=database.load("jaspar2016"), sequences=40, mode="corrected"
    )
    return dataset.open(out)


def test_truth_is_the_information_of_planted_core_columns(stored):
    rows = np.array([5, 3, 17])
    found = _koo_scores.truth(stored, rows)
    bits = {motif.name: pwm.information(motif) for motif in stored.placements.motifs}
    expected = np.zeros((3, stored.length))
    for site in stored.placements.table.itertuples():
        if site.sequence in rows and site.motif in stored.provenance["core"]:
            for k in range(site.end - site.start):
                column = k if site.strand == "+" else site.end - site.start - 1 - k
                place = list(rows).index(site.sequence)
                expected[place, site.start + k] = bits[site.motif][column]
    assert np.allclose(found, expected)
    assert found.max() > 1.5


def test_scores_agree_with_sklearn_sequence_by_sequence(rng):
    codes = rng.integers(4, size=(5, 60), dtype=np.uint8)
    values = rng.normal(size=(5, 4, 60)).astype(np.float32)
    bits = np.where(rng.random((5, 60)) < 0.3, rng.uniform(0, 2, (5, 60)), 0.0)
    found = _koo_scores.score(values, codes, bits)
    areas = {}
    for n in range(5):
        own = [values[n, codes[n, k], k] for k in range(60)]
        norm = [np.linalg.norm(values[n, :, k]) for k in range(60)]
        for name, numbers in (("signed", own), ("norm", norm), ("absolute", np.abs(own))):
            planted = bits[n] > 0.01
            precision, recall, _ = metrics.precision_recall_curve(planted, numbers)
            areas.setdefault((name, "AUROC"), []).append(metrics.roc_auc_score(planted, numbers))
            areas.setdefault((name, "AUPR"), []).append(metrics.auc(recall, precision))
            areas.setdefault((name, "AUROC (0.5 bit)"), []).append(
                metrics.roc_auc_score(bits[n] > 0.5, numbers)
            )
            areas.setdefault((name, "AUPR at chance"), []).append(planted.mean())
    for (name, metric), each in areas.items():
        assert found[name][metric] == pytest.approx(np.mean(each), abs=1e-6)


def test_scan_by_log_odds_beats_the_published_sum_of_probabilities(tmp_path):
    """The areas are those that an independent program found on the same 1000 sequences."""
    out = tmp_path / "task1.zarr"
    koo2021_task1.simulate(out, database=database.load("jaspar2016"))
    task = dataset.open(out)
    test = task.view("test")
    planted = _koo_scores.truth(task, test.indices[:1000]) > 0.01
    expected = {"log-odds scan": (0.952, 0.939), "probability scan": (0.692, 0.672)}
    for kind, areas in expected.items():
        scores = _koo_scan.scan(test[:1000], task.placements.motifs, kind=kind)
        found = tuple(_koo_scan.localise(scores, planted).values())
        assert found == pytest.approx(areas, abs=0.003), kind


def test_localisation_by_hand():
    planted = np.zeros((1, 60), dtype=bool)
    planted[0, 20:23] = True
    planted[0, 45:50] = True
    truth = _koo_scan.widened(planted)[0]
    assert np.flatnonzero(np.diff(truth)).tolist() == [14, 27, 39, 54]
    scores = np.zeros((1, 60))
    scores[0, [25, 3]] = 3, 2
    # Of six pairs of stretches, the first motif wins three; the second ties with two and loses one.
    assert _koo_scan.localise(scores, planted)["localisation AUROC"] == pytest.approx(4 / 6)
    nothing = _koo_scan.localise(scores, np.zeros((1, 60), dtype=bool))
    assert np.isnan(nothing["localisation AUROC"])


def test_mutagenesis_counts_the_loss_by_other_bases():
    values = np.zeros((1, 4, 2), dtype=np.float32)
    values[0, :, 0] = [0, -3, -6, -3]
    signed = _koo_scores.reductions(values, np.array([[0, 2]], dtype=np.uint8))["signed"]
    assert signed[0].tolist() == [3, 0]


RECIPE = spec.Recipe("cnn-local", 200, ("a",), "binary", activation="exponential")


def first_weights(first, seed=0):
    model = _koo_networks.build(RECIPE, first=first, seed=seed)
    return model.get_submodule("layer1").convolution.weight.detach()


@pytest.mark.parametrize(
    ("name", "variance"),
    [("glorot", 2 / (76 + 24 * 19)), ("he", 2 / 76), ("lecun", 1 / 76)],
)
@pytest.mark.parametrize("shape", ["normal", "uniform"])
def test_initialisers_have_their_variance(name, variance, shape):
    weights = first_weights({"initialiser": f"{name}-{shape}"})
    assert weights.var().item() == pytest.approx(variance, rel=0.1)
    assert weights.mean().item() == pytest.approx(0, abs=0.01)
    outliers = (weights.abs() > np.sqrt(3 * variance)).any().item()
    assert outliers == (shape == "normal")


def test_first_layer_is_changed_as_said():
    assert first_weights({"sd": 3.0}).std().item() == pytest.approx(3, rel=0.1)
    model = _koo_networks.build(RECIPE, first={"normalised": False, "shift": 2.0}, seed=0).eval()
    block = model.get_submodule("layer1")
    x = torch.randn(2, 4, 200)
    shifted = block.activation(block.normalisation(x))
    assert torch.allclose(shifted, torch.exp(x - 2), atol=1e-5)
    model = _koo_networks.build(RECIPE, first={"scale": 0.5}, seed=0)
    assert torch.allclose(model.get_submodule("layer1").activation(x), torch.exp(x / 2))
    with pytest.raises(UserError, match="no known change"):
        _koo_networks.build(RECIPE, first={"depth": 3}, seed=0)


def test_seed_alone_makes_the_weights():
    assert torch.equal(first_weights({}), first_weights({}))
    assert not torch.equal(first_weights({}), first_weights({}, seed=1))


def test_a_trial_is_trained_explained_and_scored(tmp_path):
    chosen = pieces("smoke", "task3", "cnn-local", "exponential", "seed0")
    store = Store(tmp_path / "run")
    sitting = executor.run(chosen, store)
    assert not sitting.failed
    records = [row for piece in chosen for row in store.read(piece).values["records"]]
    metric = {
        (row.get("method", ""), row.get("reduction", ""), row["metric"]): row["value"]
        for row in records
    }
    assert metric["", "", "parameters"] == 14_929
    assert 0 < metric["", "", "test AUROC"] < 1
    assert 0.1 < metric["saliency", "signed", "AUPR at chance"] < 0.4
    plain, corrected = (
        metric[method, "signed", "AUROC"] for method in ("saliency", "corrected saliency")
    )
    assert plain != corrected
    assert metric["input x gradient", "signed", "AUROC"] == pytest.approx(plain)
    norms = [metric[method, "norm", "AUROC"] for method in _koo_scores.METHODS]
    assert all(0.3 < norm < 1 for norm in norms)
    assert len(set(norms)) == len(norms)
    assert {row["task"] for row in records} == {"task3"}


def test_every_method_of_the_attribution_room_is_scored():
    assert {way.args[0] for way in _koo_scores.METHODS.values()} == set(attribution.METHODS)


def test_controls_change_the_trial_and_nothing_else():
    changed = pieces("full", "seed0", "training")
    plain = {p.label: p for p in changed if not p.options["labels"].get("variant")}
    variants = [p for p in changed if p.options["labels"].get("variant")]
    assert len(variants) == 6 * 3 + 15 * 3 + 10 * 2 + 10 + 4 + 4
    for piece in variants:
        labels = piece.options["labels"]
        task, model, activation = (labels[name] for name in ("task", "model", "activation"))
        twin = plain[f"{task} {model} {activation.replace('log-', '')} seed0 training"].options
        assert piece.options["fit"]["epochs"] == twin["fit"]["epochs"]
        assert "first" in piece.options or "first_l2" in piece.options["fit"]


def values_of(store, piece):
    return {row["metric"]: row["value"] for row in store.read(piece).values["records"]}


def test_a_changed_first_layer_is_trained_and_asked_again(tmp_path):
    chosen = [p for p in pieces("smoke", "task1", "bare") if "scale" in p.label]
    store = Store(tmp_path / "run")
    assert not executor.run(chosen, store).failed
    # Without normalisation the first layer has two numbers less for each of its 32 filters.
    assert values_of(store, chosen[0])["parameters"] == 286_700 - 64
    assert 0 <= values_of(store, chosen[1])["match"] <= 1


def test_fewer_references_are_another_map(tmp_path):
    chosen = pieces("smoke", "task3", "cnn-dist", "relu", "DeepSHAP,")
    assert [piece.options["references"] for piece in chosen] == [1]
    ten = pieces("smoke", "task3", "cnn-dist", "relu", "seed0", "DeepSHAP")
    store = Store(tmp_path / "run")
    assert not executor.run([*chosen, *ten], store).failed
    maps = [np.load(store.read(p).folder / "maps.npz")["values"] for p in (chosen[0], ten[0])]
    assert not np.allclose(*maps)


def test_gradients_are_watched_without_changing_the_fit(tmp_path, monkeypatch):
    (planned,) = pieces("smoke", "task1", "gradients", "relu")
    fitted = {"epochs": 3, "stop_patience": 1, "monitor": "validation_loss"}
    changes = {"labels": {"task": "task1"}, "architecture": "cnn-2", "fit": fitted}
    watched = dataclasses.replace(planned, options=planned.options | changes)
    plain = dataclasses.replace(watched, function="cislens.benchmarks._koo_trials:train")
    described = _koo_gradients._described

    def killed(*given):
        monkeypatch.setattr(_koo_gradients, "_described", described)
        raise KeyboardInterrupt

    store = Store(tmp_path / "run")
    executor.run(planned.needs, store)
    monkeypatch.setattr(_koo_gradients, "_described", killed)
    with pytest.raises(KeyboardInterrupt):
        executor.run([watched], store)
    assert not executor.run([watched, plain], store).failed
    found = pd.read_csv(store.read(watched).folder / "gradients.csv")
    history = pd.read_csv(store.read(plain).folder / "history.csv")
    assert len(found) == len(history) > 1
    assert found[list(history)].equals(history)
    assert (found["sd"] > 0).all()
    assert (found["lowest"] <= found["median"]).all()
    assert values_of(store, watched)["first-layer gradient SD, last epoch"] == found["sd"].iloc[-1]


def test_gradient_of_the_whole_set_is_that_of_its_loss(stored):
    recipe = dataclasses.replace(RECIPE, tasks=stored.tasks)
    model = _koo_networks.build(recipe, first={}, seed=0).eval()
    train = stored.view("train")
    found = _koo_gradients.gradient(model, train, l2=0.01)
    slow = model.double()
    kernel = slow.get_submodule("layer1.convolution").weight
    onehot = onehots.from_codes(train[:]).double()

    def loss():
        outputs, targets = slow(onehot), torch.from_numpy(train.targets).double()
        wrong = torch.log1p(torch.exp(outputs)) - targets * outputs
        return float(wrong.mean() + 0.01 * (kernel**2).sum())

    for place in ((0, 0, 0), (5, 2, 11), (23, 3, 18)):
        with torch.no_grad():
            kernel[place] += 1e-5
            above = loss()
            kernel[place] -= 2e-5
            below = loss()
            kernel[place] += 1e-5
        assert found[place] == pytest.approx((above - below) / 2e-5, rel=1e-3, abs=1e-6)


def bundle_like(path, name, length, rng, *, tasks=1, rows=40):
    """Write an HDF5 file as the authors lay it out; `name` makes the names of its arrays."""
    with h5py.File(path, "w") as file:
        for split in ("train", "valid", "test"):
            codes = rng.integers(0, 4, (rows, length))
            file[name(split, "x")] = np.eye(4, dtype=np.int8)[codes].transpose(0, 2, 1)
            file[name(split, "y")] = (rng.random((rows, tasks)) < 0.5).astype(np.int8)
    return str(path)


def test_files_of_tasks_4_and_5_are_read(tmp_path, rng):
    basset = {"x": "in", "y": "out"}
    er = bundle_like(
        tmp_path / "er.h5", lambda split, kind: f"{split}_{basset[kind]}", 600, rng, tasks=3
    )
    zbed2 = bundle_like(tmp_path / "z.h5", lambda split, kind: f"{kind.upper()}_{split}", 400, rng)
    store = Store(tmp_path / "run")
    files = {"task4": er, "zbed2": zbed2}
    (small,) = pieces("smoke", "zbed2", "relu", "seed0", "training", files=files)
    assert not executor.run([small], store).failed
    assert values_of(store, small)["parameters"] == 31_665
    # Basset is large, so that its data are read and its training is left to who has the file.
    (large,) = pieces("smoke", "task4", "relu", "seed0", "training", files=files)
    assert not executor.run(large.needs, store).failed
    stored = dataset.open(store.read(large.needs[0]).folder / "data.zarr")
    assert (stored.length, len(stored), len(stored.tasks)) == (600, 120, 3)
    assert large.options["architecture"] == "basset-koo"


def test_the_bundle_of_deepsea_gives_its_twelve_columns(tmp_path, rng):
    truth = {}
    for split in ("train", "valid", "test"):
        codes = rng.integers(0, 4, (10, 1000))
        onehot = np.eye(4, dtype=np.uint8)[codes].transpose(0, 2, 1)
        targets = (rng.random((10, 919)) < 0.1).astype(np.uint8)
        truth[split] = targets
        # DeepSEA keeps its channels in the order A G C T.
        arrays = {f"{split}xdata": onehot[:, [0, 2, 1, 3]], f"{split}data": targets}
        if split == "train":
            with h5py.File(tmp_path / "train.mat", "w") as file:
                file["trainxdata"] = arrays["trainxdata"].transpose(2, 1, 0)
                file["traindata"] = arrays["traindata"].T
        else:
            io.savemat(tmp_path / f"{split}.mat", arrays)
    chosen = pieces("smoke", "task2", "cnn-50", "relu", "seed0", files={"task2": str(tmp_path)})
    store = Store(tmp_path / "run")
    assert not executor.run(chosen[0].needs, store).failed
    stored = dataset.open(store.read(chosen[0].needs[0]).folder / "data.zarr")
    columns = [592, 602, 344, 345, 635, 636, 349, 642, 359, 361, 661, 369]
    expected = truth["train"][:, columns]
    assert stored.tasks[0] == "Arid3a"
    assert np.array_equal(stored.view("train").targets, expected[expected.any(axis=1)])
    assert chosen[0].options["network"] == {"width_multiplier": 2}


def test_a_file_of_no_task_is_told():
    with pytest.raises(UserError, match=r"files.irf2: no task reads it; known are irf1"):
        pieces("core", files={"irf2": "x.h5"})


def test_recipe_scores_the_consensus_of_its_networks(tmp_path):
    (choices,) = pieces("smoke", "task3-corrected", "choices")
    assert choices.options["seed"] not in _koo_recipe.TOLD
    store = Store(tmp_path)
    assert not executor.run([choices], store).failed
    records = store.read(choices).values["records"]
    chosen = {(r["activation"], r["method"], r["reduction"]) for r in records if "method" in r}
    assert len(chosen) == 7 * 7 * 6
    rows = {
        (r["activation"], r["method"], r["reduction"]): r["value"]
        for r in records
        if r["metric"] == "AUROC"
    }
    # One network and one method: what the piece of that map says.
    (alone,) = pieces("smoke", "task3-corrected", "cnn-dist", "relu", "corrected", "seed0")
    trial = choices.needs[1:][_koo_recipe.MEMBERS.index("relu")]
    alone = dataclasses.replace(
        alone,
        options={**alone.options, "seed": trial.options["seed"]},
        needs=(choices.needs[0], trial),
    )
    assert not executor.run([alone], store).failed
    found = [
        r["value"]
        for r in store.read(alone).values["records"]
        if r["metric"] == "AUROC" and r["reduction"] == "signed"
    ]
    assert rows["relu", "corrected saliency", "signed"] == pytest.approx(found[0], abs=1e-6)


def test_what_a_layer_spreads_over_does_not_depend_on_threads(tmp_path):
    chosen = pieces("smoke", "task1", "cnn-deep", "exponential", "seed0", "spread")[:1]
    before, found = torch.get_num_threads(), []
    for threads in (1, 2):
        store = Store(tmp_path / str(threads))
        torch.set_num_threads(threads)
        try:
            assert not executor.run(chosen, store).failed
        finally:
            torch.set_num_threads(before)
        found.append(store.read(chosen[0]).values)
    assert found[0] == found[1]


@pytest.mark.slow
def test_all_of_smoke_runs_and_executors_agree_to_the_bit(tmp_path):
    chosen = koo2021_exponential.plan("smoke", files={}).pieces
    kinds = ["processes", "ray"] if util.find_spec("ray") else ["processes"]
    here = Store(tmp_path / "here")
    assert not executor.run(chosen, here).failed
    for kind in kinds:
        there = Store(tmp_path / kind)
        assert not executor.run(chosen, there, options=ExecutorOptions(kind, workers=2)).failed
        for piece in chosen:
            _assert_same(here.read(piece), there.read(piece))


def _assert_same(one, other):
    assert one.values == other.values
    for path in one.folder.rglob("*"):
        if path.is_file() and path.name != "manifest.json":
            twin = other.folder / path.relative_to(one.folder)
            assert path.read_bytes() == twin.read_bytes(), path


@pytest.mark.slow
def test_irf1_runs_on_the_real_file(real_data, tmp_path):
    path = real_data / "chip" / "IRF1_400_h3k27ac.h5"
    chosen = pieces("smoke", "irf1", "seed0", "exponential", files={"irf1": str(path)})
    store = Store(tmp_path / "run")
    assert not executor.run(chosen, store).failed
    (maps,) = (store.read(piece) for piece in chosen if "examples" in piece.label)
    assert np.load(maps.folder / "maps.npz")["values"].shape == (12, 4, 400)
    values = {row["metric"]: row["value"] for row in store.read(chosen[0]).values["records"]}
    assert values["parameters"] == 31_665
    assert values["test AUPR at chance"] == pytest.approx(374 / 779)
