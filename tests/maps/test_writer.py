"""Stores survive a kill at any moment, refuse other work, and never do a block twice."""

import subprocess
import sys

import pytest

from cislens.errors import UserError
from cislens.maps import store, writer


def kill_everywhere(making, folder, stride):
    words = [sys.executable, making.__file__, str(folder), str(stride)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    kills, *blocks = map(int, done.stdout.split())
    return kills, blocks


def test_killed_at_many_steps_it_goes_on_to_the_same_bytes(making, tmp_path):
    kills, blocks = kill_everywhere(making, tmp_path, 13)
    assert kills > 10
    assert blocks == [0, 1, 2, 3]


@pytest.mark.slow
def test_killed_at_every_step_it_goes_on_to_the_same_bytes(making, tmp_path):
    assert kill_everywhere(making, tmp_path, 1)[0] > 100


def test_an_error_leaves_what_is_done_and_nothing_at_the_place(making, tmp_path):
    path = tmp_path / "SP1.zarr"

    def fail():
        with writer.begin(path, making.header(), making.sequences()) as made:
            rows = made.missing()[0]
            made.write(rows, making.block(rows))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    assert not path.exists()
    with writer.begin(path, making.header(), making.sequences()) as made:
        assert made.done == 3
        assert made.missing() == [slice(3, 6), slice(6, 7)]


def test_an_error_before_the_first_block_leaves_nothing(making, tmp_path):
    def fail():
        with writer.begin(tmp_path / "SP1.zarr", making.header(), making.sequences()):
            raise UserError("no such score")

    with pytest.raises(UserError, match="no such score"):
        fail()
    assert not list(tmp_path.iterdir())


def test_a_finished_store_is_done(making, stored):
    before = making.tree(stored)
    with writer.begin(stored, making.header(), making.sequences()) as made:
        assert made.missing() == []
        assert made.done == 7
    assert making.tree(stored) == before


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"method": "ism"}, "method was 'deeplift_shap' and is now 'ism'"),
        ({"model": "c" * 64}, "model was aaaaaaaaaaaa… and is now cccccccccccc…"),
        (
            {"options": {"references": "zeros", "shuffles": 3}},
            "references was 'dinucleotide' and is now 'zeros'",
        ),
        ({"target": "MAX"}, "target was 'SP1' and is now 'MAX'"),
        ({"sequences": "d" * 64}, "sequences was bbbbbbbbbbbb… and is now"),
        ({"seed": 1}, "seed was 0 and is now 1"),
        ({"gauge": "corrected"}, "gauge was 'own'"),
        ({"both_strands": True}, "both_strands was False"),
        ({"cislens": "9.0"}, "cislens was '0.1.0'"),
    ],
)
@pytest.mark.parametrize("finished", [True, False])
def test_other_work_is_refused_in_one_sentence(making, tmp_path, finished, changes, said):
    path = tmp_path / "SP1.zarr"
    with writer.begin(path, making.header(), making.sequences()) as made:
        for rows in made.missing()[: None if finished else 1]:
            made.write(rows, making.block(rows))
    with pytest.raises(UserError) as error:
        making.write(path, **changes)
    assert said in str(error.value)
    assert str(path) in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("finished", [True, False])
def test_other_work_is_replaced_if_told_so(making, tmp_path, finished):
    path = tmp_path / "SP1.zarr"
    with writer.begin(path, making.header(), making.sequences()) as made:
        for rows in made.missing()[: None if finished else 1]:
            made.write(rows, making.block(rows))
    other = making.header(method="ism")
    with writer.begin(path, other, making.sequences(), overwrite=True) as made:
        assert len(made.missing()) == 3
        for rows in made.missing():
            made.write(rows, making.block(rows))
    assert store.open(path).header.provenance.method == "ism"


def test_settings_and_names_may_change(making, stored):
    making.write(stored, settings={"batch_size": 1}, dataset="elsewhere", model_name="moved")


def test_another_block_size_goes_on_with_none_of_them(making, tmp_path):
    path = tmp_path / "SP1.zarr"
    with writer.begin(path, making.header(), making.sequences()) as made:
        made.write(slice(0, 3), making.block(slice(0, 3)))
    with (
        pytest.raises(UserError, match="block_size was 3 and is now 2"),
        writer.begin(path, making.header(block=2), making.sequences()),
    ):
        pass


def test_two_at_once_are_refused(making, tmp_path):
    path = tmp_path / "SP1.zarr"
    with (
        writer.begin(path, making.header(), making.sequences()),
        pytest.raises(UserError, match="another process is writing"),
        writer.begin(path, making.header(), making.sequences()),
    ):
        pass


def test_what_is_no_store_is_left_alone(making, tmp_path):
    (tmp_path / "SP1.zarr").mkdir()
    (tmp_path / "SP1.zarr" / "mine").touch()
    with pytest.raises(UserError, match="no store of maps"):
        writer.begin(tmp_path / "SP1.zarr", making.header(), making.sequences(), overwrite=True)
    assert (tmp_path / "SP1.zarr" / "mine").exists()
