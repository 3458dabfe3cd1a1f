"""What a waiting user sees."""

from cislens.pipeline import progress


def test_counter_takes_what_is_done_and_what_there_is():
    with progress.counter("work") as tell:
        tell(1, 3)
        tell(3, 3)


def test_step_goes_to_standard_error(capsys):
    progress.CONSOLE.file = None
    progress.step("reading")
    captured = capsys.readouterr()
    assert "reading" in captured.err
    assert captured.out == ""
