"""What is in a dataset, as text."""

import numpy as np
import pytest

from cislens.report import dataset_text


def test_columns_are_aligned():
    lines = dataset_text.table([["task", "n"], ["Reb1", "1,234"], ["x", "5"]])
    assert lines == ["task      n", "Reb1  1,234", "x         5"]


def test_everything_is_said(counted):
    text = dataset_text.write(counted())
    assert text.startswith("d: 1,000 sequences of 20 bp, 1 binary task\n")
    assert "train             800  80.0%  50.0%  1.0%       3  5, chr1 … chr5" in text
    assert "10% ▄█ 30%" in text
    assert "no sequence stands there twice" in text
    assert text.endswith("! Beware.")


def test_of_many_tasks_the_ends_are_listed(counted):
    names = [f"t{n:02}" for n in np.random.default_rng(0).permutation(40)]
    found = counted(names)
    shown, hidden = dataset_text.selected(found)
    assert hidden == 28
    assert shown == [*names[:6], *names[-6:]]
    lines = dataset_text.write(found).splitlines()
    assert sum(line.startswith("t") and line[1].isdigit() for line in lines) == 12
    assert "… 28 more" in lines


def test_repeats_are_counted(counted):
    across = [{"here": "test", "there": "train", "sequences": 2}]
    within = {"train": 3, "validation": 0, "test": 1}
    repeats = {"within": within, "across": across, "groups": 5, "conflicting": 0, "examples": []}
    text = dataset_text.write(counted(duplicates=repeats))
    assert (
        "5 sequences stand there more than once: 4 repeats within a split; 2 of test also" in text
    )


def test_one_repeat_is_singular(counted):
    within = {"train": 1, "validation": 0, "test": 0}
    repeats = {"within": within, "across": [], "groups": 1, "conflicting": 0, "examples": []}
    text = dataset_text.write(counted(duplicates=repeats))
    assert "1 sequence stands there more than once: 1 repeat within a split" in text


def test_numbers_of_measurements(counted):
    found = counted(target_kind="continuous")
    found["tasks"]["t"]["gc"] = {}
    found["tasks"]["t"]["splits"]["test"] = {"measured": 0, "mean": None}
    row = next(line for line in dataset_text.write(found).splitlines() if line.startswith("t "))
    assert row.split() == ["t", "20", "0", "0", "–", "0", "1"]


def test_mean_weighs_splits_by_what_was_measured(counted):
    found = counted()
    parts = found["tasks"]["t"]["splits"]
    parts["train"] |= {"measured": 30, "mean": 1.0}
    assert dataset_text.mean(found, "t") == pytest.approx(30 / 50)


def test_windows_of_profiles_are_counted(counted):
    sizes = {"peaks": 7, "background": 3}
    layout = {"positions": 200, "strands": 1, "jitter": 20, "control": "shared"}
    found = counted(profile={**layout, "windows": dict.fromkeys(counted()["splits"], sizes)})
    text = dataset_text.write(found)
    assert "profiles of 200 bp on 1 strand, jitter 20 bp, control: shared" in text
    assert "background      3           3     3" in text
