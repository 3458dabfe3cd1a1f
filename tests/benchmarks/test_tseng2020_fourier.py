"""The rerun of Tseng et al. 2020: its plan, its data, and trials of it at the smallest scale."""

import numpy as np
import pytest

from cislens.benchmarks import _tseng_trials, suite, tseng2020_fourier
from cislens.data import dataset
from cislens.jobs import executor, plan
from cislens.jobs.store import Store
from cislens.training import prior_options
from cislens.training.prior_options import PriorOptions


def planned(scale):
    return tseng2020_fourier.plan(scale, files={}).pieces


@pytest.mark.parametrize("scale", tseng2020_fourier.SCALES)
def test_pieces_and_labels_are_distinct(scale):
    pieces = plan.complete(planned(scale))
    assert len({piece.label for piece in pieces.values()}) == len(pieces)
    assert set(tseng2020_fourier.SCALES) == set(suite.SCALES)


def test_claim_has_more_seeds():
    labels = [p.label for p in planned("core") if "one-motif-200-bp" in p.label.split()]
    for condition in tseng2020_fourier.CONDITIONS:
        wanted = 5 if condition in tseng2020_fourier.CLAIM else 2
        word = condition.replace(" ", "-")
        assert sum(f" {word} seed" in label for label in labels) == wanted


def test_full_has_every_setting():
    tasks = tseng2020_fourier.SCALES["full"].tasks
    assert {task.length for task in tasks} == {200, 1000}
    assert {len(task.motifs) for task in tasks} == {1, 3}
    assert {task.gc for task in tasks} == {0.5, 0.51, 0.52, 0.53, 0.54}
    assert len({task.name for task in tasks}) == len(tasks)


def test_corrected_condition_is_what_the_name_alone_stands_for():
    corrected = tseng2020_fourier.CONDITIONS["fourier corrected"]["prior"]
    assert PriorOptions(**corrected) == prior_options.parse("fourier")


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    """Run two trainings of one condition, and their comparison."""
    store = Store(tmp_path_factory.mktemp("tseng"))
    pieces = [p for p in planned("smoke") if "fourier-corrected" in p.label]
    sitting = executor.run(pieces, store)
    assert not sitting.failed
    return store


def done(store, *words):
    pieces = plan.complete(planned("smoke")).values()
    return store.read(next(p for p in pieces if all(word in p.label for word in words)))


def test_data_have_their_motifs_where_it_says(store):
    folder = done(store, "data").folder
    view = dataset.open(folder / "data.zarr").view("test")
    sites = np.load(folder / "test.npy")
    assert sites.shape == (len(view), 200)
    assert (sites.any(axis=1) == (view.targets[:, 0] == 1)).all()
    width = sites.sum(axis=1).max()
    assert (sites.sum(axis=1)[::2] == width).all()
    first = (200 - width) // 2 - 75
    assert not sites[:, :first].any()
    assert not sites[:, 200 - first :].any()
    # The core of SPI1 stands in every site.
    letters = np.array(list("ACGT"))
    for codes, mask in zip(view[::2], sites[::2], strict=True):
        text = "".join(letters[codes[mask]])
        assert "GGA" in text or "TCC" in text


def test_trial_scores_every_method(store):
    records = done(store, "fourier-corrected", "seed1").values["records"]
    found = {(row["method"], row["metric"]): row["value"] for row in records}
    methods = {"gradient", "corrected gradient", "DeepSHAP", "ISM"}
    assert {method for method, _ in found} == {"", *methods}
    for method in methods:
        assert 0 < found[method, "high-frequency share"] < 1
        assert 0 < found[method, "motif-base auPRC"] < 1
    assert 0 <= found["", "test AUROC"] <= 1


def test_stability_is_over_the_seeds(store):
    values = done(store, "fourier-corrected", "stability").values
    cosine = {r["method"]: r["value"] for r in values["records"] if "cosine" in r["metric"]}
    runs = [
        _tseng_trials.safetensors.load_file(
            done(store, "fourier-corrected", f"seed{seed}").folder / _tseng_trials.MAPS
        )
        for seed in (0, 1)
    ]
    a, b = (run["ISM"].reshape(8, -1) for run in runs)
    expected = (a * b).sum(1) / np.linalg.norm(a, axis=1) / np.linalg.norm(b, axis=1)
    assert cosine["ISM"] == pytest.approx(expected.mean(), rel=1e-4)


@pytest.mark.slow
def test_whole_plan_runs(tmp_path):
    benchmark = tseng2020_fourier.plan("smoke", files={})
    sitting = suite.run(benchmark, tmp_path / "run")
    assert not sitting.failed
    assert (tmp_path / "run" / "summary.csv").exists()
