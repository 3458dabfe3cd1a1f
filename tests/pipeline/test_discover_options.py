"""Options of `discover` and `hits`."""

from pathlib import Path

import pytest

from cislens.errors import UserError
from cislens.pipeline.discover_options import Discover


@pytest.mark.parametrize("bad", [{"shuffled": 0}, {"batch_size": 0}])
def test_options_out_of_range(bad):
    with pytest.raises(UserError, match=f"{next(iter(bad))}=0: wants"):
        Discover(run=Path("run"), **bad)
