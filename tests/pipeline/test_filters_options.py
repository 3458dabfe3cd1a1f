"""Options of `cislens filters`."""

from pathlib import Path

from cislens.pipeline.filters_options import Filters


def test_importance_is_asked_for():
    assert not Filters(run=Path("run")).importance
