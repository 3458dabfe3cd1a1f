"""What is remarked on in a dataset, and what is not."""

import copy

import pytest

from cislens.errors import UserError
from cislens.pipeline import dataset_options, inspecting

SPLITS = ("train", "validation", "test")
PART = {"sequences": 100, "gc": 0.5, "n_fraction": 0.0, "with_n": 0, "only_n": 0}
NUMBERS = {"measured": 100, "mean": 0.5, "sd": 0.5, "lowest": 0.0, "highest": 1.0}
QUIET = {
    "sequences": 300,
    "length": 10,
    "alphabet": "DNA",
    "target_kind": "binary",
    "splits": {name: dict(PART) for name in SPLITS},
    "tasks": {
        f"t{n}": {
            "splits": {name: dict(NUMBERS) for name in SPLITS},
            "gc": {"without": 0.5, "with": 0.52},
        }
        for n in range(5)
    },
    "duplicates": {
        "within": dict.fromkeys(SPLITS, 0),
        "across": [{"here": "test", "there": "train", "sequences": 0}],
        "groups": 0,
        "conflicting": 0,
        "examples": [],
    },
    "overlaps": {"validation": 0, "test": 0},
}


@pytest.fixture
def found():
    return copy.deepcopy(QUIET)


def test_nothing_is_remarked_on_without_reason(found):
    assert inspecting.remarks(found) == []
    assert inspecting.remarks({**found, "overlaps": None}) == []


def remark(found):
    (text,) = inspecting.remarks(found)
    return text


def test_repeats(found):
    found["duplicates"]["across"][0]["sequences"] = 5
    assert "5 sequences of test (5.00%)" in remark(found)
    assert "either strand" in remark(found)
    assert "strand" not in remark({**found, "alphabet": "RNA"})


def test_conflicts(found):
    found["duplicates"] |= {"conflicting": 1, "examples": [["a", "b", "c"]]}
    assert remark(found).endswith("1 sequence, such as a and b.")


def test_likeness(found):
    found["similar"] = {
        "validation": {"sequences": 0, "examples": []},
        "test": {"sequences": 3, "examples": [["a", "b", 0.95]]},
    }
    assert "3 sequences of test (3.00%), such as a, 95% equal to b." in remark(found)
    assert "strand" not in remark({**found, "alphabet": "RNA"})


def test_overlaps(found):
    found["overlaps"]["test"] = 50
    assert "50 intervals of test (50.00%)" in remark(found)


def test_tasks_that_cannot_be_scored(found):
    for task in found["tasks"].values():
        task["splits"]["test"]["mean"] = 0.0
    assert "test has no positive or no negative of t0, t1, t2 and 2 more" in remark(found)
    assert inspecting.remarks({**found, "target_kind": "continuous"}) == []


def test_empty_split_is_said_once(found):
    found["splits"]["test"] = {**PART, "sequences": 0, "gc": None, "n_fraction": None}
    for task in found["tasks"].values():
        task["splits"]["test"]["mean"] = None
    assert remark(found) == "No sequence is in test."


def test_gc_names_the_farthest_task(found):
    found["tasks"]["t1"]["gc"]["with"] = 0.6
    found["tasks"]["t3"]["gc"]["with"] = 0.3
    assert "for t3, t1 (30.0% and 50.0% for t3)" in remark(found)


def test_unknown_bases(found):
    found["splits"]["train"] |= {"n_fraction": 0.3, "only_n": 7}
    assert inspecting.remarks(found) == ["10.0% of all bases are N.", "7 sequences of N alone."]


def test_place_of_the_page_is_checked_first(tmp_path):
    (tmp_path / "there.html").touch()
    for name, told in [
        ("page.txt", "ends in .html"),
        ("no/page.html", "is no folder"),
        ("there.html", "exists already"),
    ]:
        with pytest.raises(UserError, match=told):
            inspecting.run(dataset_options.Inspect(tmp_path / "none.zarr", tmp_path / name))
