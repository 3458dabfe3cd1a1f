"""Results: whole, provable, and one run at a time."""

import json
import shutil
import subprocess
import sys

import pytest

from cislens.errors import UserError
from cislens.jobs import _disk, executor
from cislens.jobs.store import Store


@pytest.fixture
def done(store, toy):
    """A piece with its result."""
    piece = toy("draw", number=3)
    executor.run([piece], store)
    return piece


def spoil_value(place):
    path = place / "values.json"
    path.write_text(path.read_text().replace("sum", "Sum"))


def spoil_bit(place):
    path = place / "numbers.npy"
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)


def lose_file(place):
    (place / "numbers.npy").unlink()


def add_file(place):
    (place / "more.txt").write_text("?")


def cut_manifest(place):
    path = place / "manifest.json"
    path.write_text(path.read_text()[:-20])


def empty_manifest(place):
    (place / "manifest.json").write_text("[]")


def be_a_file(place):
    shutil.rmtree(place)
    place.write_text("not a folder")


SPOILERS = [
    spoil_value,
    spoil_bit,
    lose_file,
    add_file,
    cut_manifest,
    empty_manifest,
    be_a_file,
]


@pytest.mark.parametrize("spoil", SPOILERS)
def test_corrupt_results_are_found_and_redone(store, done, spoil):
    before = store.read(done)
    place = store.results / done.identity
    spoil(place)
    assert store.state(done) == "corrupt"
    with pytest.raises(UserError, match="corrupt"):
        store.read(done)
    sitting = executor.run([done], store)
    assert sitting.redone == {done.identity: "corrupt"}
    assert store.read(done).values == before.values


def test_results_of_another_piece_are_found_and_redone(store, done, toy):
    other = toy("draw", number=4)
    shutil.copytree(store.results / done.identity, store.results / other.identity)
    assert store.state(other) == "foreign"
    sitting = executor.run([done, other], store)
    assert sitting.redone == {other.identity: "foreign"}
    assert sitting.done == [other.identity]
    assert store.read(other).values != store.read(done).values


def test_results_of_no_piece_are_listed_and_left(store, done, toy):
    assert store.foreign([done]) == []
    other = toy("draw", number=4)
    assert store.foreign([other]) == [done.identity]
    executor.run([other], store)
    assert store.state(done) == "done"


def test_a_result_holds_values_files_and_time(store, done):
    result = store.read(done)
    assert list(result.values) == ["sum"]
    assert sorted(p.name for p in result.folder.iterdir()) == [
        "manifest.json",
        "numbers.npy",
        "values.json",
    ]
    assert 0 <= result.seconds < 10
    manifest = json.loads((result.folder / "manifest.json").read_text())
    assert manifest["options"] == {"number": 3}


def test_a_piece_that_is_not_done_cannot_be_read(store, toy):
    with pytest.raises(UserError, match="draw 9 is absent"):
        store.read(toy("draw", number=9))


def test_one_run_at_a_time(store, grid):
    with _disk.locked(store.folder), pytest.raises(UserError, match="another run works here"):
        executor.run(grid, Store(store.folder))
    executor.run(grid[:1], store)


def test_the_lock_goes_with_its_process(store):
    code = (
        "import os; from pathlib import Path; from cislens.jobs import _disk\n"
        f"lock = _disk.locked(Path({str(store.folder)!r})); lock.__enter__()\n"
        "os.kill(os.getpid(), 9)"
    )
    assert subprocess.run([sys.executable, "-c", code]).returncode == -9
    with _disk.locked(store.folder):
        pass


def test_what_a_killed_process_left_is_swept(store, done):
    left = store.results / f".{done.identity}.0123abcd.partial"
    left.mkdir()
    (left / "half.npy").write_text("half")
    (store.results / f".{done.identity}.0123abcd.former").mkdir()
    executor.run([done], store)
    assert [p.name for p in store.results.iterdir()] == [done.identity]


def test_a_folder_that_cannot_be_made_is_a_clear_error(tmp_path, grid):
    (tmp_path / "file").write_text("")
    with pytest.raises(UserError, match="cannot be written"):
        executor.run(grid, Store(tmp_path / "file" / "run"))


def test_a_result_is_found_by_its_identity_alone(store, done):
    assert store.find(done.identity) == store.read(done).folder
    assert store.find("0" * 20) is None


@pytest.mark.parametrize("spoil", SPOILERS)
def test_a_spoilt_result_is_not_found(store, done, spoil):
    spoil(store.results / done.identity)
    with pytest.raises(UserError, match="corrupt"):
        store.find(done.identity)
