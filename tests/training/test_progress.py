"""A fit shows a line that moves on a terminal, and writes a line an epoch elsewhere."""

import io
import re
import sys

import pytest

from cislens.training.fit import fit
from cislens.training.options import FitOptions


@pytest.fixture
def run(motif_views, make_network, tmp_path, monkeypatch):
    """Fit with a terminal, or something like a file, as standard error; give what it got."""

    def run(*, terminal, epochs=3, **options):
        stream = io.StringIO()
        stream.isatty = lambda: terminal
        monkeypatch.setattr(sys, "stderr", stream)
        monkeypatch.setenv("TERM", "xterm")
        monkeypatch.setenv("COLUMNS", "200")
        fit(
            make_network(),
            *motif_views,
            objective="binary",
            options=FitOptions(epochs=epochs, accelerator="cpu"),
            folder=tmp_path / "exponential",
            seed=1,
            **options,
        )
        return stream.getvalue()

    return run


def test_line_says_how_the_fit_went(run):
    shown = run(terminal=True)
    assert "exponential" in shown
    assert "epoch 0/3" in shown
    assert "epoch 3/3  loss 0." in shown
    assert shown.count("\n") <= 2


@pytest.mark.parametrize("terminal", [True, False])
def test_nothing_shows_where_it_is_not_wanted(run, terminal):
    assert run(terminal=terminal, progress=False) == ""


def test_log_has_a_line_an_epoch(run):
    lines = run(terminal=False).splitlines()
    assert len(lines) == 3
    number = r"(0|1)\.\d{4}"
    for epoch, line in enumerate(lines, start=1):
        expected = (
            rf"exponential: epoch {epoch} of 3, loss {number}, validation {number}, "
            rf"auroc {number}, aupr {number}, best epoch \d"
        )
        left = r", at most \d+ s left" if epoch < 3 else ""
        assert re.fullmatch(expected + left, line)


@pytest.mark.parametrize("terminal", [True, False])
def test_resumed_fit_says_from_where(run, terminal):
    run(terminal=False, epochs=2)
    shown = run(terminal=terminal, epochs=3)
    assert "exponential: goes on after epoch 2 of 3" in shown
    assert "epoch 1" not in shown
    assert "goes on" not in run(terminal=terminal, epochs=3)
