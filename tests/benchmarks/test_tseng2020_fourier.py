"""The rerun of Tseng et al. 2020: its plan, its data, and trials of it at the smallest scale."""

import dataclasses

import numpy as np
import pytest
import torch

from cislens.attribution import saliency
from cislens.benchmarks import (
    _tseng_counts,
    _tseng_data,
    _tseng_motifs,
    _tseng_profiles,
    _tseng_reb1,
    _tseng_trials,
    _tseng_yeast,
    suite,
    tseng2020_fourier,
)
from cislens.data import dataset
from cislens.errors import UserError
from cislens.jobs import executor, plan
from cislens.jobs.store import Store
from cislens.motifs import database
from cislens.sequence import onehot as onehots
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
    labels = [p.label for p in planned("core") if p.function.endswith(":train")]
    labels = [label for label in labels if "one-motif-200-bp" in label.split()]
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


@pytest.mark.parametrize(
    ("objective", "prior"),
    [
        ("binary", tseng2020_fourier.CONDITIONS["fourier corrected"]["prior"]),
        ("profile", _tseng_reb1.CONDITIONS["fourier corrected"]),
    ],
)
def test_corrected_condition_is_what_the_name_alone_stands_for(objective, prior):
    written, usual = PriorOptions(**prior), prior_options.parse("fourier")
    assert dataclasses.replace(written, terms={}) == dataclasses.replace(usual, terms={})
    assert written.terms == prior_options.weights(usual, objective=objective)


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    """Run two trainings of one condition, and their comparison."""
    store = Store(tmp_path_factory.mktemp("tseng"))
    pieces = [p for p in planned("smoke") if "fourier-corrected" in p.label]
    pieces = [p for p in pieces if not p.label.endswith("TF-MoDISco")]
    sitting = executor.run(pieces, store)
    assert not sitting.failed
    return store


def done(store, *words):
    pieces = plan.complete(planned("smoke")).values()
    return store.read(next(p for p in pieces if all(word in p.label for word in words)))


def test_motifs_are_counted_in_the_maps_of_a_trial(store):
    (found, *more) = done(store, "fourier-corrected", "seed1", "discover").values["records"]
    assert (found["method"], found["metric"]) == ("discover", "motifs")
    # Eight sequences hold no ten seqlets that are alike.
    assert [row["value"] for row in (found, *more)] == [0, 0, 0, 0]


def test_data_have_their_motifs_where_it_says(store):
    folder = done(store, "data").folder
    view = dataset.open(folder / "data.zarr").view("test")
    rows, targets, sites = _tseng_data.chosen(folder, 1000)
    assert rows.tolist() == np.flatnonzero(view.targets[:, 0] == 1).tolist()
    assert not targets.any()
    width = sites.sum(axis=1).max()
    assert (sites.sum(axis=1) == width).all()
    first = (200 - width) // 2 - 75
    assert not sites[:, :first].any()
    assert not sites[:, 200 - first :].any()
    # The core of SPI1 stands in every site.
    letters = np.array(list("ACGT"))
    for codes, mask in zip(view[rows], sites, strict=True):
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


def test_first_of_each_task_are_explained(tmp_path):
    targets = np.array([0, 0, 0, 1, 2, 2])
    found = _tseng_data.Chosen(np.arange(6) * 10, targets, np.eye(6, dtype=bool))
    np.savez_compressed(tmp_path / _tseng_data.EXPLAINED, **found._asdict())
    rows, targets, sites = _tseng_data.chosen(tmp_path, 4)
    assert rows.tolist() == [0, 10, 30, 40, 50]
    assert targets.tolist() == [0, 0, 1, 2, 2]
    assert sites.argmax(axis=1).tolist() == [0, 1, 3, 4, 5]


def planted(rng, *, strength, rows=60):
    """Make sequences with a site of SPI1 in the middle, and maps that point at it."""
    (motif,) = _tseng_data.motifs_of("jaspar2016", "vertebrates", ["SPI1"])
    codes = rng.integers(0, 4, (rows, 80)).astype(np.uint8)
    codes[:, 30 : 30 + motif.width] = motif.probabilities.argmax(axis=0)
    maps = rng.normal(0, 0.1, (rows, 4, 80)).astype(np.float32)
    maps[:, :, 30 : 30 + motif.width] += strength * (motif.probabilities - 0.25)
    return codes, maps


def test_planted_motif_is_found_and_known_by_name():
    rng = np.random.default_rng(0)
    found = planted(rng, strength=1.0)
    null = rng.integers(0, 4, (60, 80)).astype(np.uint8), planted(rng, strength=0.0)[1]
    motifs = _tseng_motifs._clustered(found, null)
    known = database.load("jaspar2016", taxon="vertebrates")
    counts = _tseng_motifs._counted(motifs, known, ["SPI1", "YY1"])
    assert counts == {
        "motifs": 1, "motifs, known": 1, "motifs, own": 1, "own motifs found": 1
    }  # fmt: skip
    assert _tseng_motifs._counted(motifs, known, ["YY1"])["motifs, own"] == 0
    assert _tseng_motifs._clustered(planted(rng, strength=0.0), null) == []


def test_few_sequences_give_tf_modisco_no_motif():
    pytest.importorskip("modiscolite")
    codes, maps = planted(np.random.default_rng(0), strength=1.0, rows=12)
    assert _tseng_motifs._patterns(codes, maps) == []


def test_without_tf_modisco_the_plan_counts_by_discover_alone(monkeypatch):
    monkeypatch.setattr(_tseng_counts, "has_modisco", lambda: False)
    benchmark = tseng2020_fourier.plan("core", files={})
    assert not [p for p in benchmark.pieces if p.label.endswith("TF-MoDISco")]
    assert len([p for p in benchmark.pieces if p.label.endswith("discover")]) == 30
    assert _tseng_counts.WITHOUT in benchmark.notes


@pytest.fixture(scope="module")
def yeast_files(tmp_path_factory):
    """Make a genome, and peaks where the motifs of the factors were written into it."""
    folder = tmp_path_factory.mktemp("yeast")
    rng = np.random.default_rng(0)
    known = {m.label.upper(): m for m in database.load("jaspar2024", taxon="fungi")}
    genome = {
        name: rng.choice(list("ACGT"), 6000) for name in ("chrI", "chrIV", "chrVII", "chrXII")
    }
    (folder / "peaks").mkdir()
    for number, factor in enumerate(_tseng_yeast.FACTORS):
        motif = known[factor.upper()]
        site = np.array(list("ACGT"))[motif.probabilities.argmax(axis=0)]
        rows = []
        for chrom, letters in genome.items():
            for place in (number * 600 + 700, number * 600 + 1000):
                letters[place : place + motif.width] = site
                rows.append(f"{chrom}\t{place}\t{place + motif.width}")
        (folder / "peaks" / f"{factor}_CX.bed").write_text("\n".join(rows) + "\n")
    text = "".join(f">{name}\n{''.join(letters)}\n" for name, letters in genome.items())
    (folder / "genome.fa").write_text(text)
    return {"genome": str(folder / "genome.fa"), "peaks": str(folder / "peaks")}


def test_yeast_is_explained_at_the_motifs_of_its_factors(yeast_files, tmp_path):
    pieces = tseng2020_fourier.plan("smoke", files=yeast_files).pieces
    trials = [p for p in pieces if p.label.startswith("yeast-6-factors")][:2]
    assert [p.label for p in trials] == [
        "yeast-6-factors none seed0",
        "yeast-6-factors fourier-corrected seed0",
    ]
    store = Store(tmp_path)
    assert not executor.run(trials[1:], store).failed
    source = store.read(trials[1].needs[0]).folder
    stored = dataset.open(source / _tseng_data.DATA)
    rows, targets, sites = _tseng_data.chosen(source, 1000)
    view = stored.view("test")
    assert (view.targets[rows, targets] == 1).all()
    assert np.unique(targets).tolist() == [0, 1, 2, 3, 4, 5]
    assert sites.any(axis=1).all()
    records = store.read(trials[1]).values["records"]
    assert {r["task"] for r in records} == {"yeast, 6 factors"}
    assert {r["method"] for r in records} >= {"DeepSHAP", "ISM"}


@pytest.fixture(scope="module")
def tagged_files(yeast_files, tmp_path_factory):
    """Add tags on both sides of every second site of Reb1."""
    folder = tmp_path_factory.mktemp("tags")
    for strand, offset in (("plus", -8), ("minus", 16)):
        rows = [
            f"{chrom}\t{3100 + offset + jump}\t{3100 + offset + jump + 1}\t{9 + jump}"
            for chrom in ("chrI", "chrIV", "chrVII", "chrXII")
            for jump in range(3)
        ]
        (folder / f"{strand}.bedgraph").write_text("\n".join(rows) + "\n")
    tags = {f"tags_{strand}": str(folder / f"{strand}.bedgraph") for strand in ("plus", "minus")}
    return yeast_files | tags


def test_profiles_are_trained_on_and_explained_at_sites_with_tags(tagged_files, tmp_path):
    pieces = tseng2020_fourier.plan("smoke", files=tagged_files).pieces
    mine = {p.label: p for p in pieces if p.label.startswith("Reb1-profiles")}
    assert [label for label, p in mine.items() if p.function.endswith(":train")] == [
        "Reb1-profiles none seed0",
        "Reb1-profiles fourier-corrected seed0",
        "Reb1-profiles fourier-as-published seed0",
    ]
    store = Store(tmp_path)
    trial = mine["Reb1-profiles fourier-corrected seed0"]
    assert not executor.run([mine[f"{trial.label} discover"]], store).failed
    source = store.read(trial.needs[0]).folder
    rows, targets, sites = _tseng_data.chosen(source, 1000)
    view = dataset.open(source / _tseng_data.DATA).view("test")
    # Of two sites on each of two chromosomes one has tags; windows of both hold both.
    assert sites[:, 273 - 60 : 273 + 60].any(axis=1).sum() == 2
    assert all(len(np.flatnonzero(np.diff(mask))) == 2 for mask in sites)
    assert view[rows].shape == sites.shape
    assert not targets.any()
    found = {(r["method"], r["metric"]): r["value"] for r in store.read(trial).values["records"]}
    assert found["", "test JSD, tags themselves"] == pytest.approx(0, abs=1e-9)
    assert found["", "test NLL, tags themselves"] < found["", "test NLL"]
    assert 0 < found["ISM", "motif-base auPRC, shuffled"] < 1
    assert -1 <= found["DeepSHAP", "correlation with distance to the summit"] <= 1


def test_sites_without_a_tag_nearby_are_left_out():
    near, width = _tseng_profiles.NEAR, 200
    rng = np.random.default_rng(0)
    sites = np.zeros((50, width), dtype=bool)
    counts = np.zeros((50, 60), dtype=np.float32)
    starts, tags = rng.integers(0, width - 9, 50), rng.integers(0, 60, 50)
    for row, (start, tag) in enumerate(zip(starts, tags, strict=True)):
        sites[row, start : start + 9] = True
        counts[row, tag] = 2
    kept = _tseng_profiles.tagged(sites, counts)
    for row, (start, tag) in enumerate(zip(starts, tags + 70, strict=True)):
        distance = max(start - tag, tag - (start + 8), 0)
        assert kept[row].any() == (distance <= near)
        assert not (kept[row] & ~sites[row]).any()


def test_maps_are_of_each_sequences_own_target():
    torch.manual_seed(0)
    network = torch.nn.Sequential(
        torch.nn.Conv1d(4, 3, 5), torch.nn.ReLU(), torch.nn.Flatten(), torch.nn.Linear(48, 2)
    ).eval()
    onehot = onehots.from_codes(np.random.default_rng(0).integers(0, 4, (5, 20)).astype(np.uint8))
    targets = np.array([1, 0, 1, 1, 0])
    found = _tseng_trials.explained(network, onehot, targets)["gradient"]
    for row, target in enumerate(targets):
        one = saliency.attribute(network, onehot[row : row + 1], target=int(target))
        assert np.allclose(found[row], one.values[0], atol=1e-7)


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"genome": "g.fa"}, "wants genome and peaks"),
        ({"genome": "g.fa", "peaks": ".", "tags_plus": "t.bw"}, "tags_plus and tags_minus with"),
        ({"genome": "g.fa", "peaks": "."}, "0 files of Abf1"),
    ],
)
def test_files_that_do_not_do_are_refused(files, said):
    with pytest.raises(UserError, match=said):
        tseng2020_fourier.plan("core", files=files)


@pytest.mark.slow
def test_whole_plan_runs(tmp_path):
    benchmark = tseng2020_fourier.plan("smoke", files={})
    sitting = suite.run(benchmark, tmp_path / "run")
    assert not sitting.failed
    assert (tmp_path / "run" / "summary.csv").exists()
