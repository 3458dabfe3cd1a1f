import numpy as np
import pytest

from cislens.data import checks, dataset
from cislens.errors import UserError
from cislens.sequence.alphabet import DNA

NAN = float("nan")


@pytest.fixture
def stored(tmp_path, monkeypatch):
    monkeypatch.setattr(checks, "BLOCK", 2)

    def write(kind, **targets):
        tasks = ("a", "b")
        with dataset.create(
            tmp_path / "x.zarr",
            length=1,
            alphabet=DNA,
            tasks=tasks,
            target_kind=kind,
            provenance={},
        ) as writer:
            for split, values in targets.items():
                codes = np.zeros((len(values), 1), np.uint8)
                writer.append(codes, values, ids=["x"] * len(values), split=split)
        return dataset.open(tmp_path / "x.zarr")

    return write


BOTH = [[0, 1], [0, 0], [1, NAN]]


def test_nothing_to_say(stored):
    assert checks.check_classes(stored("binary", train=BOTH, validation=BOTH, test=BOTH)) == []


def test_one_class_in_train(stored):
    with pytest.raises(UserError, match=r"x\.zarr: task b has only the class 1 in train; split"):
        checks.check_classes(stored("binary", train=[[0, 1], [1, NAN], [1, 1]], test=BOTH))


def test_no_measurement_in_train(stored):
    with pytest.raises(UserError, match="task b has no measurement in train"):
        checks.check_classes(stored("continuous", train=[[0, NAN]], test=BOTH))


def test_nothing_in_train(stored):
    with pytest.raises(UserError, match="no sequence is in train"):
        checks.check_classes(stored("binary", test=BOTH))


def test_held_out_splits_give_notes(stored):
    notes = checks.check_classes(stored("binary", train=BOTH, test=[[0, NAN], [0, NAN]]))
    assert notes == [
        "no sequence is in validation; its scores are undefined",
        "task a has only the class 0 in test; its scores are undefined",
        "task b has no measurement in test; its scores are undefined",
    ]


def test_one_value_is_no_fault_of_continuous_targets(stored):
    same = [[1, 2], [1, 2]]
    assert checks.check_classes(stored("continuous", train=same, validation=same, test=same)) == []
