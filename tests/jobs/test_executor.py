"""Executors: the same results, each once, whatever is killed."""

import hashlib
import os
import random
import signal
import subprocess
import sys
import time

import pytest

from cislens.errors import UserError
from cislens.jobs import executor
from cislens.jobs.executor import ExecutorOptions
from cislens.jobs.plan import Piece
from cislens.jobs.store import Store

WAYS = [
    ExecutorOptions(),
    ExecutorOptions("processes", workers=2),
    pytest.param(ExecutorOptions("ray", workers=2), marks=pytest.mark.slow),
]


def content(store):
    """Hash every result but the time it took."""
    return {
        str(path.relative_to(store.results)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(store.results.rglob("*"))
        if path.is_file() and path.name != "manifest.json"
    }


@pytest.fixture
def skip_without_ray(request):
    options = request.getfixturevalue("options")
    if options.kind == "ray":
        pytest.importorskip("ray")


@pytest.mark.parametrize("options", WAYS, ids=lambda options: options.kind)
@pytest.mark.filterwarnings("ignore")  # Ray's own
@pytest.mark.usefixtures("skip_without_ray")
def test_every_executor_gives_the_bits_of_the_serial_one(tmp_path, grid, toy, options):
    serial, other = Store(tmp_path / "a" / "run"), Store(tmp_path / "b" / "run")
    pieces = [*grid, toy("fail", number=9)]
    executor.run(pieces, serial)
    seen = []
    sitting = executor.run(pieces, other, options=options, tell=lambda p: seen.append(p.text()))
    assert content(other) == content(serial)
    assert sorted(sitting.done) == sorted(piece.identity for piece in grid)
    assert sitting.failed == {pieces[-1].identity: "ValueError: number 9 is bad"}
    assert seen[-1] == "8 of 9 done, 0 running, 1 failed"
    again = executor.run(pieces, other, options=options)
    assert (again.done, again.before) == ([], 8)
    assert len((tmp_path / "b" / "done.txt").read_text().split()) == 8


def test_a_process_that_dies_fails_its_piece_and_no_other(store, grid, toy):
    crash = toy("crash")
    pieces = [grid[0], crash, *grid[1:]]
    sitting = executor.run(pieces, store, options=ExecutorOptions("processes", workers=2))
    assert sorted(sitting.done) == sorted(piece.identity for piece in grid)
    assert "signal 9" in sitting.failed[crash.identity]
    assert "signal 9" in store.failure(crash)
    assert store.state(crash) == "failed"


@pytest.mark.parametrize(
    "options", [ExecutorOptions(), ExecutorOptions("processes", workers=2)], ids=lambda o: o.kind
)
def test_what_is_needed_is_done_first_and_read(store, grid, toy, options):
    later = [Piece("toy_pieces:follow", {}, needs=(piece,)) for piece in grid[:3]]
    sitting = executor.run(later, store, options=options)
    assert len(sitting.done) == 6
    for piece, earlier in zip(later, grid, strict=False):
        assert store.read(piece).values == {
            "twice": 2 * store.read(earlier).values["sum"],
            "rows": 5,
        }


def test_what_needs_a_failed_piece_is_not_begun(store, grid, toy, tmp_path):
    bad = toy("fail", number=1)
    later = Piece("toy_pieces:draw", {"number": 1}, needs=(bad,), label="later")
    sitting = executor.run([bad, later, grid[0]], store)
    assert sitting.blocked == ["later"]
    assert sitting.done == [grid[0].identity]
    assert store.state(later) == "absent"
    (tmp_path / "mended").touch()
    assert executor.run([bad, later, grid[0]], store).done == [bad.identity, later.identity]


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "threads"},
        {"workers": 0},
        {"kind": "serial", "workers": 2},
        {"kind": "processes", "gpus": 0.5},
        {"kind": "ray", "gpus": -1.0},
        {"kind": "serial", "address": "10.0.0.1:6379"},
    ],
)
def test_options_out_of_range_are_refused(wrong):
    with pytest.raises(UserError):
        ExecutorOptions(**wrong)


def test_ray_that_is_not_installed_is_named(store, grid, monkeypatch):
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(UserError, match=r"cislens\[cluster\]"):
        executor.run(grid, store, options=ExecutorOptions("ray"))


RUN = """
import sys
from pathlib import Path
from cislens.jobs import executor
from cislens.jobs.plan import Piece
from cislens.jobs.store import Store
if __name__ == "__main__":
    pieces = [Piece("toy_pieces:draw", {"number": n, "seconds": 0.05}) for n in range(12)]
    options = executor.ExecutorOptions(sys.argv[2], workers=int(sys.argv[3]))
    executor.run(pieces, Store(Path(sys.argv[1])), options=options)
"""


def begin(tmp_path, *, kind, workers):
    """Start a run in a process of its own."""
    script = tmp_path / "script.py"
    script.write_text(RUN)
    words = [sys.executable, str(script), str(tmp_path / "run"), kind, str(workers)]
    return subprocess.Popen(words, env=os.environ, stderr=subprocess.DEVNULL)


def kill_and_go_on(tmp_path, *, kills, kind, workers):
    """Kill a run so many times at random moments, then let it end; give what was counted."""
    rng = random.Random(5)
    store = Store(tmp_path / "run")
    for _ in range(kills):
        process = begin(tmp_path, kind=kind, workers=workers)
        before = len(list(store.results.glob("[!.]*")))
        # Past the imports, so that most kills find pieces in work.
        while process.poll() is None and not list(store.results.glob("[!.]*"))[before:]:
            time.sleep(0.005)
        time.sleep(rng.random() * 0.1)
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert begin(tmp_path, kind=kind, workers=workers).wait() == 0
    return store


def expect_all_once(tmp_path, store, *, kills, workers):
    pieces = [Piece("toy_pieces:draw", {"number": n, "seconds": 0.05}) for n in range(12)]
    alone = Store(tmp_path / "alone" / "run")
    executor.run(pieces, alone)
    assert content(store) == content(alone)
    assert [store.state(piece) for piece in pieces] == ["done"] * 12
    counted = (tmp_path / "done.txt").read_text().split()
    # A piece that was killed between its last line and the end is done again, a finished one never.
    assert 12 <= len(counted) <= 12 + kills * workers


def test_two_kills_lose_nothing(tmp_path):
    store = kill_and_go_on(tmp_path, kills=2, kind="serial", workers=1)
    expect_all_once(tmp_path, store, kills=2, workers=1)


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "workers"), [("serial", 1), ("processes", 2)])
def test_twenty_kills_lose_nothing(tmp_path, kind, workers):
    store = kill_and_go_on(tmp_path, kills=20, kind=kind, workers=workers)
    expect_all_once(tmp_path, store, kills=20, workers=workers)


def test_workers_end_with_a_killed_parent(tmp_path, store, toy):
    script = tmp_path / "script.py"
    script.write_text(RUN.replace("toy_pieces:draw", "toy_pieces:hold"))
    process = subprocess.Popen(
        [sys.executable, str(script), str(store.folder), "processes", "1"], env=os.environ
    )
    piece = Piece("toy_pieces:hold", {"number": 0, "seconds": 0.05})
    while not (tmp_path / "holding").exists():
        time.sleep(0.01)
    assert store.state(piece) == "running"
    process.kill()
    process.wait()
    until = time.monotonic() + 10
    while store.state(piece) == "running":
        assert time.monotonic() < until, "the worker lives on"
        time.sleep(0.02)
    assert store.state(piece) == "absent"
