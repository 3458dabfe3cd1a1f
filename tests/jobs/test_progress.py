"""Counts, and a guess at the time left."""

import time

import pytest

from cislens.jobs import progress


def test_counts_go_from_waiting_to_done():
    told = progress.Progress(total=4, done=1, workers=2)
    told.start("a", "first")
    told.start("b", "second")
    assert told.seconds_left() is None
    assert told.text() == "1 of 4 done, 2 running"
    told.finish("a", failed=False)
    told.finish("b", failed=True)
    assert told.text().startswith("2 of 4 done, 0 running, 1 failed, about 0 s left")
    told.start("c", "third")
    told.finish("c", failed=False)
    assert told.text() == "3 of 4 done, 0 running, 1 failed"


def test_time_left_is_that_of_this_sitting():
    told = progress.Progress(total=10, done=7, _began=time.monotonic() - 30)
    told.start("a", "")
    told.finish("a", failed=False)
    assert told.seconds_left() == pytest.approx(60, abs=1)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.0, "0 s"), (89.0, "89 s"), (90.0, "2 min"), (5399.0, "90 min"), (9000.0, "2.5 h")],
)
def test_times_are_written_for_people(seconds, text):
    assert progress.duration(seconds) == text
