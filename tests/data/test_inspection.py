"""Counts of a dataset, against plain loops over its rows."""

import numpy as np
import pytest

from cislens.data import _value_tally, dataset, inspection, profiles
from cislens.data.splits import SPLITS
from cislens.sequence.alphabet import DNA


@pytest.fixture(params=["binary", "continuous"])
def kind(request):
    return request.param


@pytest.fixture
def counted(written, kind, monkeypatch):
    """A dataset of 200 rows of which some are N alone, and what is counted of it."""
    monkeypatch.setattr(inspection, "BLOCK", 23)
    path, rows = written(200, 12, kind=kind, tasks=("a", "b", "c"))
    told = []
    found = inspection.inspect(dataset.open(path), tell=lambda *at: told.append(at))
    assert told[-1] == (200, 200)
    return found, rows


def test_letters_of_each_split(counted):
    found, rows = counted
    for split in SPLITS:
        mine = rows["codes"][rows["split"] == split]
        known = mine[mine < 4]
        part = found["splits"][split]
        assert part["sequences"] == len(mine)
        assert part["gc"] == pytest.approx(np.isin(known, [1, 2]).mean())
        assert part["n_fraction"] == pytest.approx((mine == 4).mean())
        assert part["with_n"] == sum(4 in row for row in mine)
        assert sum(map(sum, found["gc"]["counts"][split].values())) == len(mine)


def test_targets_of_each_task(counted, kind):
    found, rows = counted
    for number, task in enumerate("abc"):
        for split in SPLITS:
            values = rows["targets"][rows["split"] == split, number].astype(float)
            values = values[~np.isnan(values)]
            part = found["tasks"][task]["splits"][split]
            assert part["measured"] == len(values)
            assert part["mean"] == pytest.approx(values.mean())
            assert part["sd"] == pytest.approx(values.std(), abs=1e-7)
            assert (part["lowest"], part["highest"]) == (values.min(), values.max())
            if kind == "continuous":
                drawn = found["values"][task]
                edges = np.linspace(drawn["low"], drawn["high"], _value_tally.BINS + 1)
                slow = np.histogram(values, edges)[0]
                assert np.abs(np.cumsum(slow) - np.cumsum(drawn["counts"][split])).max() <= 1
                assert sum(drawn["counts"][split]) == len(values)
    assert bool(found["values"]) == (kind == "continuous")


def test_labels_and_gc_of_positives(counted, kind):
    found, rows = counted
    if kind != "binary":
        assert not found["labels"]
        return
    targets, split = rows["targets"], rows["split"]
    for name in SPLITS:
        numbers = (targets[split == name] == 1).sum(axis=1)
        assert found["labels"][name][:4] == [(numbers == n).sum() for n in range(4)]
    gc = np.array([np.isin(row, [1, 2]).sum() / (row < 4).sum() for row in rows["codes"]])
    for number, task in enumerate("abc"):
        for label, word in enumerate(("without", "with")):
            mean = gc[targets[:, number] == label].mean()
            assert found["tasks"][task]["gc"][word] == pytest.approx(mean)


def test_counts_are_drawn_on_a_logarithmic_axis(tmp_path):
    with dataset.create(
        tmp_path / "c.zarr", length=1, alphabet=DNA, tasks=("t", "none"), target_kind="count",
        provenance={},
    ) as writer:  # fmt: skip
        targets = np.full((3, 2), np.nan, np.float32)
        targets[:, 0] = 0, 9, 99
        writer.append(np.zeros((3, 1), np.uint8), targets, ids=["a", "b", "c"])
    found = inspection.inspect(dataset.open(tmp_path / "c.zarr"))
    assert list(found["values"]) == ["t"]
    drawn = found["values"]["t"]
    assert (drawn["low"], drawn["high"], drawn["log"]) == (0.0, 2.0, True)
    bars = _value_tally.BINS
    assert np.flatnonzero(drawn["counts"]["train"]).tolist() == [0, bars // 2, bars - 1]


def test_profiles_are_summed_along_windows_at_peaks(profile_dataset):
    stored = dataset.open(profile_dataset(control=["shared"]))
    found = inspection.inspect(stored)["profile"]
    windows = profiles.read(stored.view(), slice(None))
    (task,) = stored.tasks
    expected = windows.counts[windows.is_peak].astype(np.float64).mean(axis=0)
    np.testing.assert_allclose(found["mean"][task], expected)
    assert (found["bar"], found["strands"], found["control"]) == (1, 2, "shared")
    for split in SPLITS:
        mine = windows.is_peak[stored.split == split]
        assert found["windows"][split] == {"peaks": mine.sum(), "background": (~mine).sum()}
    totals = inspection.inspect(stored)["values"][task]
    assert totals["log"]
    assert {name: sum(counts) for name, counts in totals["counts"].items()} == {
        "peaks": windows.is_peak.sum(),
        "background": (~windows.is_peak).sum(),
    }


def test_long_profiles_are_drawn_in_wider_bars(profile_dataset, monkeypatch):
    stored = dataset.open(profile_dataset())
    monkeypatch.setattr(inspection._profile_tally, "BARS", 6)
    found = inspection.inspect(stored)["profile"]
    windows = profiles.read(stored.view(), slice(None))
    mean = windows.counts[windows.is_peak].astype(np.float64).mean(axis=0)
    assert found["bar"] == 4
    (task,) = stored.tasks
    np.testing.assert_allclose(found["mean"][task], mean.reshape(2, 5, 4).sum(axis=2))


def write(path, rows, **places):
    """Rows of letters, target and split."""
    codes = np.array([DNA.encode(letters) for letters, _, _ in rows], np.uint8)
    with dataset.create(
        path, length=codes.shape[1], alphabet=DNA, tasks=("t",), target_kind="binary", provenance={}
    ) as writer:
        writer.append(
            codes,
            np.array([[target] for _, target, _ in rows], np.float32),
            ids=[f"s{n}" for n in range(len(rows))],
            split=[split for _, _, split in rows],
            **places,
        )
    return inspection.inspect(dataset.open(path))


@pytest.mark.parametrize("block", [1, 2, 3, 4096])
def test_repeats_conflicts_and_overlaps(tmp_path, monkeypatch, block):
    monkeypatch.setattr(inspection, "BLOCK", block)
    rows = [
        ("AACC", 1, "train"),
        ("GGTT", 0, "test"),  # the other strand of the first, with another target
        ("AACC", np.nan, "train"),  # not measured: no conflict of its own
        ("ACCC", 1, "validation"),
        ("ACCC", 1, "validation"),
        ("NNNN", 0, "train"),
    ]
    places = {"chrom": ["chr1"] * 6, "start": [0, 3, 9, 4, 20, 30], "end": [4, 7, 13, 8, 24, 34]}
    found = write(tmp_path / "d.zarr", rows, **places, strand=["+"] * 6)
    repeats = found["duplicates"]
    assert repeats["within"] == {"train": 1, "validation": 1, "test": 0}
    across = {(p["here"], p["there"]): p["sequences"] for p in repeats["across"] if p["sequences"]}
    assert across == {("train", "test"): 2, ("test", "train"): 1}
    assert (repeats["groups"], repeats["conflicting"]) == (2, 1)
    assert repeats["examples"][0] == ["s0", "s1", "s2"]
    assert found["overlaps"] == {"validation": 0, "test": 1}
    assert found["chromosomes"] == {"chr1": {"train": 3, "validation": 2, "test": 1}}
    assert found["splits"]["train"]["only_n"] == 1
    assert found["splits"]["train"]["gc"] == 0.5


@pytest.mark.parametrize("block", [5, 4096])
def test_conflicts_are_those_of_all_pairs(written, monkeypatch, block):
    monkeypatch.setattr(inspection, "BLOCK", block)
    stored = dataset.open(written(60, 1, kind="binary")[0])  # one base: three different sequences
    codes, targets = stored.view()[:][:, 0], stored.targets
    same = np.where(codes == 4, 4, np.minimum(codes, 3 - codes))
    expected = 0
    for letter in set(same.tolist()):
        mine = targets[same == letter]
        expected += any((set(column[~np.isnan(column)].tolist()) == {0, 1}) for column in mine.T)
    assert inspection.inspect(stored)["duplicates"]["conflicting"] == expected


def test_without_intervals_nothing_is_said_of_overlaps(tmp_path):
    found = write(tmp_path / "d.zarr", [("A", 1, "train")])
    assert found["overlaps"] is None
    assert found["chromosomes"] == {}
    assert found["splits"]["test"]["gc"] is None
    assert found["tasks"]["t"]["splits"]["test"]["mean"] is None


def test_likeness_of_held_out_sequences(tmp_path, rng):
    codes = rng.integers(0, 4, (6, 50)).astype(np.uint8)
    codes[4], codes[4, 20] = codes[1], 3 - codes[1, 20]
    with dataset.create(
        tmp_path / "d.zarr",
        length=50,
        alphabet=DNA,
        tasks=("a",),
        target_kind="binary",
        provenance={},
    ) as writer:
        split = ["train", "train", "train", "test", "test", "validation"]
        writer.append(codes, np.zeros((6, 1)), ids=list("uvwxyz"), split=split)
    assert inspection.similar(dataset.open(tmp_path / "d.zarr")) == {
        "validation": {"sequences": 0, "examples": []},
        "test": {"sequences": 1, "examples": [["y", "v", 0.98]]},
    }
