"""The progress line shows on a terminal, and only there."""

import io
import sys

import pytest

from cislens.training.fit import fit
from cislens.training.options import FitOptions


@pytest.fixture
def run(motif_views, make_network, tmp_path, monkeypatch):
    """Fit with a terminal, or something like a file, as standard error; give what it got."""

    def run(*, terminal, **options):
        stream = io.StringIO()
        stream.isatty = lambda: terminal
        monkeypatch.setattr(sys, "stderr", stream)
        monkeypatch.setenv("TERM", "xterm")
        monkeypatch.setenv("COLUMNS", "200")
        fit(
            make_network(),
            *motif_views,
            objective="binary",
            options=FitOptions(epochs=3, accelerator="cpu"),
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


def test_nothing_shows_where_it_is_not_wanted(run):
    assert run(terminal=True, progress=False) == ""


def test_nothing_shows_without_a_terminal(run):
    assert run(terminal=False) == ""
