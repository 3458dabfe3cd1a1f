"""One piece: done, failed, or refused by the disk."""

import resource
import subprocess
import sys

import pytest

from cislens.jobs import work


def test_a_done_piece_is_not_done_again(store, toy, tmp_path):
    piece = toy("draw", number=1)
    assert work.perform(str(store.folder), piece).state == "done"
    assert work.perform(str(store.folder), piece).state == "done"
    assert (tmp_path / "done.txt").read_text() == "1\n"


def test_a_failure_is_kept_with_its_error_and_forgotten_when_mended(store, toy, tmp_path):
    piece = toy("fail", number=1)
    outcome = work.perform(str(store.folder), piece)
    assert (outcome.state, outcome.error) == ("failed", "ValueError: number 1 is bad")
    assert store.state(piece) == "failed"
    assert "toy_pieces.py" in store.failure(piece)
    (tmp_path / "mended").touch()
    assert work.perform(str(store.folder), piece).state == "done"
    assert not list(store.failures.iterdir())


def test_values_that_json_cannot_hold_are_a_failure(store, toy):
    assert "JSON" in work.perform(str(store.folder), toy("nothing")).error
    assert not list(store.results.iterdir())


def test_scratch_stays_until_the_piece_is_done(store, toy):
    piece = toy("resume")
    states = [work.perform(str(store.folder), piece).state for _ in range(3)]
    assert states == ["failed", "failed", "done"]
    assert store.read(piece).values == {"steps": 2}
    assert not (store.scratch / piece.identity).exists()


def test_a_full_disk_stops_the_run_with_a_sentence(store, tmp_path):
    """The system's own limit on the size of a file stands for a full disk."""
    code = f"""
import resource, signal
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
from pathlib import Path
from cislens.errors import UserError
from cislens.jobs import executor
from cislens.jobs.plan import Piece
from cislens.jobs.store import Store
pieces = [Piece("toy_pieces:draw", {{"number": 1}}), Piece("toy_pieces:fill", {{"bytes": 200_000}}),
          Piece("toy_pieces:draw", {{"number": 2}})]
try:
    executor.run(pieces, Store(Path({str(store.folder)!r})))
except UserError as error:
    print(error)
"""
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] == resource.RLIM_INFINITY
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "cannot be written (File too large)" in ran.stdout
    assert "nothing that is done is lost" in ran.stdout
    # The first piece is kept, the second left nothing, the third was not begun.
    assert len(list(store.results.iterdir())) == 1
    assert not store.failures.exists()


@pytest.mark.parametrize("kind", ["serial", "processes"])
def test_a_read_only_folder_is_a_clear_error(store, toy, monkeypatch, kind):
    from cislens.errors import UserError
    from cislens.jobs import executor

    store.folder.mkdir()
    # Root may write where others may not, so a file stands where the results should be.
    store.results.write_text("")
    with pytest.raises(UserError, match="cannot be written"):
        executor.run(
            [toy("draw", number=1)], store, options=executor.ExecutorOptions(kind, workers=1)
        )


def test_a_file_that_may_not_be_read_fails_its_piece_only(store, toy):
    outcome = work.perform(str(store.folder), toy("forbidden", own=False))
    assert outcome.state == "failed"
    assert "elsewhere/data.h5" in outcome.error
    outcome = work.perform(str(store.folder), toy("forbidden", own=True))
    assert outcome.state == "refused"
    assert "cannot be written" in outcome.error
