"""Options of `cislens filters`."""

from pathlib import Path

import pytest

from cislens.errors import UserError
from cislens.pipeline.filters_options import Filters


def test_importance_is_asked_for():
    assert not Filters(run=Path("run")).importance


def test_aligning_wants_a_deeper_layer():
    with pytest.raises(UserError, match="name a deeper one"):
        Filters(run=Path("run"), align=True)
