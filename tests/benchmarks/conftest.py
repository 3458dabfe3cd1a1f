"""A benchmark of toy pieces."""

import sys
from pathlib import Path

import pytest

from cislens.benchmarks.suite import Benchmark, Figure, Published
from cislens.jobs.plan import Piece

HERE = Path(__file__).parent


@pytest.fixture(autouse=True)
def _toy_trials(monkeypatch):
    """Let this process, and those it spawns, find the toy pieces by name."""
    monkeypatch.syspath_prepend(HERE)
    monkeypatch.setenv("PYTHONPATH", f"{HERE}:{Path(sys.modules['cislens'].__file__).parents[1]}")


@pytest.fixture
def make():
    """Make a toy benchmark of two models and some seeds."""

    def benchmark(seeds=3, bad=None, name="toy"):
        pieces = [
            Piece(
                "toy_trials:measure",
                {"model": model, "seed": seed, "bad": bad},
                label=f"{model} seed{seed}",
            )
            for seed in range(seeds)
            for model in ("a", "long")
        ]
        return Benchmark(
            name=name,
            title="Toy",
            reference="Nobody 2021",
            labels=("model",),
            pieces=tuple(pieces),
            published=(
                Published({"model": "a"}, "size", 2.5, "text"),
                Published({"model": "other"}, "size", 7.0),
            ),
            figures=(Figure("Sizes", metric="size", across="model"),),
            notes=("A note.",),
        )

    return benchmark
