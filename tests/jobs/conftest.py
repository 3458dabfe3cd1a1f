"""A run folder and pieces to do in it."""

import sys
from pathlib import Path

import pytest

from cislens.jobs.plan import Piece
from cislens.jobs.store import Store

HERE = Path(__file__).parent


@pytest.fixture(autouse=True)
def _toy_pieces(monkeypatch):
    """Let this process, and those it spawns, find the toy pieces by name."""
    monkeypatch.syspath_prepend(HERE)
    monkeypatch.setenv("PYTHONPATH", f"{HERE}:{Path(sys.modules['cislens'].__file__).parents[1]}")


@pytest.fixture
def store(tmp_path):
    """An empty run folder."""
    return Store(tmp_path / "run")


@pytest.fixture
def toy():
    """Make a piece of a toy function."""

    def make(name, **options):
        return Piece(f"toy_pieces:{name}", options, label=f"{name} {options.get('number', '')}")

    return make


@pytest.fixture
def grid(toy):
    """Eight pieces that draw numbers."""
    return [toy("draw", number=number) for number in range(8)]
