"""What a waiting user sees."""

import io

import pytest
from rich.console import Console

from cislens.pipeline import progress


@pytest.fixture
def log(monkeypatch):
    """Standard error as a log has it, and a clock that the test moves."""
    stream, clock = io.StringIO(), [100.0]
    console = Console(file=stream, force_terminal=False, highlight=False, width=40)
    monkeypatch.setattr(progress, "CONSOLE", console)
    monkeypatch.setattr(progress.time, "monotonic", lambda: clock[0])
    return stream, clock


def test_counter_takes_what_is_done_and_what_there_is():
    with progress.counter("work") as tell:
        tell(1, 3)
        tell(3, 3)


def test_counter_moves_a_bar_on_a_terminal(monkeypatch):
    stream = io.StringIO()
    monkeypatch.setattr(progress, "CONSOLE", Console(file=stream, force_terminal=True))
    with progress.counter("work") as tell:
        tell(1, 2)
    assert "work" in stream.getvalue()
    assert "50%" in stream.getvalue()


def test_long_work_tells_a_log_how_far_it_is(log):
    stream, clock = log
    with progress.counter("maps [all], a name that takes a whole line") as tell:
        for done in range(101):
            tell(done, 100)
            clock[0] += 10
    lines = stream.getvalue().splitlines()
    assert len(lines) == 33
    assert lines[0] == (
        "  maps [all], a name that takes a whole line: 3 of 100 (3%), about 16 min left"
    )


def test_time_left_counts_only_what_this_sitting_did(log):
    stream, clock = log
    with progress.counter("maps") as tell:
        tell(90, 100)
        clock[0] += 60
        tell(95, 100)
    assert stream.getvalue() == "  maps: 95 of 100 (95%), about 60 s left\n"


def test_short_work_leaves_a_log_alone(log):
    stream, clock = log
    with progress.counter("work") as tell:
        for done in range(3):
            tell(done, 2)
            clock[0] += 9
    assert stream.getvalue() == ""


def test_one_is_singular():
    assert progress.counted(1, "task") == "1 task"
    assert progress.counted(2000, "task") == "2,000 tasks"


def test_step_goes_to_standard_error(capsys):
    progress.CONSOLE.file = None
    progress.step("reading")
    captured = capsys.readouterr()
    assert "reading" in captured.err
    assert captured.out == ""


def test_brackets_of_names_are_kept(log):
    progress.step("sequence [chr8:1-2] of [b]")
    assert log[0].getvalue() == "• sequence [chr8:1-2] of [b]\n"


def test_step_is_one_line_of_a_log(log):
    progress.step("a sentence that is longer than forty characters are wide")
    assert log[0].getvalue().count("\n") == 1
