"""Counts, and a guess at the time left."""

import pytest

from cislens.jobs import progress


def test_counts_go_from_waiting_to_done():
    waiting = {"a": "train", "b": "train", "c": "train"}
    told = progress.Progress(total=4, done=1, workers=2, waiting=waiting)
    told.start("a", "first")
    told.start("b", "second")
    assert told.seconds_left() is None
    assert told.text() == "1 of 4 done, 2 running"
    told.finish("a", failed=False, seconds=8.0)
    told.finish("b", failed=True, seconds=1.0)
    assert told.text() == "2 of 4 done, 0 running, 1 failed, about 4 s left"
    told.start("c", "third")
    told.finish("c", failed=False, seconds=8.0)
    assert told.text() == "3 of 4 done, 0 running, 1 failed"


def test_time_left_is_that_of_pieces_of_the_same_function():
    waiting = {"a": "train", "b": "train", "c": "score", "d": "draw"}
    told = progress.Progress(total=9, done=5, workers=2, waiting=waiting)
    for function, seconds in (("train", 90.0), ("train", 110.0), ("score", 4.0)):
        told.learn(function, seconds)
    told.finish("a", failed=False, seconds=100.0)
    # A training, a score, and what nothing is known of yet as long as the mean of all.
    assert told.seconds_left() == pytest.approx((100 + 4 + 304 / 4) / 2)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.0, "0 s"), (89.0, "89 s"), (90.0, "2 min"), (5399.0, "90 min"), (9000.0, "2.5 h")],
)
def test_times_are_written_for_people(seconds, text):
    assert progress.duration(seconds) == text
