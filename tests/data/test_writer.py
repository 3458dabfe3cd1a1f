import numpy as np
import pandas as pd
import pytest

from cislens.data import columns, dataset
from cislens.data.placements import Placements
from cislens.errors import UserError
from cislens.sequence.alphabet import DNA
from cislens.sequence.pwm import Pwm


def create(path, *, length=4, tasks=("a",), kind="binary", **options):
    return dataset.create(
        path, length=length, alphabet=DNA, tasks=tasks, target_kind=kind, provenance={}, **options
    )


def codes(n=2, length=4):
    return np.zeros((n, length), np.uint8)


def write(path, *, split=None, placements=None, fail=None):
    with create(path) as writer:
        writer.append(codes(), [[0], [1]], ids=["x", "y"])
        if split is not None:
            writer.set_split(split)
        if placements is not None:
            writer.set_placements(placements)
        if fail is not None:
            raise fail


@pytest.fixture
def path(tmp_path):
    return tmp_path / "new.zarr"


def test_nothing_is_left_after_an_error(path):
    with pytest.raises(RuntimeError, match="stop"):
        write(path, fail=RuntimeError("stop"))
    assert list(path.parent.iterdir()) == []


def test_nothing_is_left_after_a_fault_at_the_end(path):
    with pytest.raises(UserError, match="no sequence was written"), create(path):
        pass
    assert list(path.parent.iterdir()) == []


def test_only_the_dataset_is_left_after_success(path):
    with create(path) as writer:
        writer.append(codes(), [[0], [1]], ids=["x", "y"])
        assert not path.exists()
    assert list(path.parent.iterdir()) == [path]


def test_existing_path_is_refused(path):
    path.mkdir()
    with pytest.raises(UserError, match=r"new\.zarr: exists already; choose another name"):
        create(path)


def test_overwrite_replaces_a_dataset_only_when_complete(path):
    with create(path) as writer:
        writer.append(codes(), [[0], [1]], ids=["x", "y"])
    with pytest.raises(UserError), create(path, overwrite=True):
        pass
    assert len(dataset.open(path)) == 2
    with create(path, overwrite=True) as writer:
        writer.append(codes(3), [[0], [1], [1]], ids=["x", "y", "z"])
    assert len(dataset.open(path)) == 3
    assert list(path.parent.iterdir()) == [path]


def test_overwrite_spares_what_is_no_dataset(path):
    path.mkdir()
    (path / "thesis.txt").write_text("years of work")
    with pytest.raises(UserError, match="exists and is no cislens dataset"):
        create(path, overwrite=True)
    assert (path / "thesis.txt").exists()


def test_overwrite_replaces_a_damaged_dataset(path):
    write(path)
    (path / "codes" / "zarr.json").unlink()
    with pytest.raises(UserError, match="write the dataset again"):
        dataset.open(path)
    with create(path, overwrite=True) as writer:
        writer.append(codes(), [[0], [1]], ids=["x", "y"])
    assert len(dataset.open(path)) == 2


def test_missing_folder(tmp_path):
    with pytest.raises(UserError, match=r"the folder .*nowhere does not exist"):
        create(tmp_path / "nowhere" / "new.zarr")


def test_unknown_kind(path):
    with pytest.raises(UserError, match="target_kind='yes': known are binary, continuous, count"):
        create(path, kind="yes")


@pytest.mark.parametrize("tasks", [(), ("a", "a")])
def test_tasks_want_names_of_their_own(path, tasks):
    with pytest.raises(UserError, match="one or more different names"):
        create(path, tasks=tasks)


def test_length_zero(path):
    with pytest.raises(UserError, match="length=0"):
        create(path, length=0)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (
            {"codes": codes(2, 5)},
            r"codes: got uint8 of shape \(2, 5\); uint8 of shape \(batch, 4\)",
        ),
        ({"codes": codes() + np.uint8(9)}, "codes: row 0 holds 9 at position 0"),
        ({"targets": [[1]]}, r"targets: got shape \(1, 1\) beside 2 rows of codes"),
        ({"targets": [[1], [0.5]]}, "targets: row 1 of task a is 0.5; binary targets are 0 or 1"),
        ({"ids": ["x"]}, "ids: got 1 names beside 2 rows"),
        ({"ids": ["x", "y\nz"]}, "without line breaks"),
        ({"split": ["train", "dev"]}, "split 'dev': known are train, validation, test"),
        ({"split": ["train"] * 3}, "split: got 3 beside 2 rows"),
        ({"chrom": ["chr1"]}, "chrom: got 1 beside 2 rows"),
        ({"start": [1]}, r"start: got shape \(1,\) beside 2 rows"),
        ({"strand": ["+", "x"]}, "strand 'x': known are"),
    ],
)
def test_rows_that_do_not_fit(path, wrong, message):
    rows = {"codes": codes(), "targets": [[0], [1]], "ids": ["x", "y"]} | wrong
    with pytest.raises(UserError, match=message), create(path) as writer:
        writer.append(rows.pop("codes"), rows.pop("targets"), **rows)
    assert not path.exists()


def test_split_of_all_rows_at_the_end(path, monkeypatch):
    monkeypatch.setattr(columns, "CHUNK_BYTES", 1)
    with create(path) as writer:
        writer.append(codes(), [[0], [1]], ids=["x", "y"], split="test")
        writer.append(codes(1), [[0]], ids=["z"])
        writer.set_split(["validation", "train", "test"])
    assert dataset.open(path).split.tolist() == ["validation", "train", "test"]


def test_split_at_the_end_wants_every_row(path):
    with pytest.raises(UserError, match="split: got 3 beside 2 rows"):
        write(path, split=["validation", "train", "test"])


def test_rows_without_interval_among_others(path):
    with create(path) as writer:
        writer.append(codes(1), [[0]], ids=["x"], chrom=["chr1"], start=[5], end=[9], strand=["-"])
        writer.append(codes(1), [[0]], ids=["y"])
    assert dataset.open(path).intervals.to_numpy().tolist() == [
        ["chr1", 5, 9, "-"],
        ["", -1, -1, "."],
    ]


@pytest.mark.parametrize("motifs", [0, 2])
def test_placements_come_back(path, rng, motifs):
    pwms = [
        Pwm(f"M{i}", rng.dirichlet(np.ones(4), 5 + i).T, label=f"F{i}", nsites=None if i else 20.0)
        for i in range(motifs)
    ]
    rows = [(1, 0, 2, "+", "M1"), (0, 1, 4, "-", "M0")][:motifs]
    table = pd.DataFrame(rows, columns=["sequence", "start", "end", "strand", "motif"])
    with create(path) as writer:
        writer.set_placements(Placements(table, pwms))
        writer.append(codes(), [[0], [1]], ids=["x", "y"])
    back = dataset.open(path).placements
    assert back.table.to_numpy().tolist() == table.to_numpy().tolist()
    assert len(back.motifs) == motifs
    for ours, theirs in zip(back.motifs, pwms, strict=True):
        assert (ours.name, ours.label, ours.nsites) == (theirs.name, theirs.label, theirs.nsites)
        np.testing.assert_array_equal(ours.probabilities, theirs.probabilities)
        np.testing.assert_array_equal(ours.background, theirs.background)


def test_placements_outside_the_sequences(path):
    table = pd.DataFrame(
        [(2, 0, 2, "+", "M0")], columns=["sequence", "start", "end", "strand", "motif"]
    )
    pwm = Pwm("M0", np.full((4, 2), 0.25))
    with pytest.raises(UserError, match="a sequence number from 0 to 1"):
        write(path, placements=Placements(table, [pwm]))
