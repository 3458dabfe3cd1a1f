"""Options of a comparison."""

from pathlib import Path

import pytest

from cislens.errors import UserError
from cislens.pipeline.compare_options import Compare


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"runs": [Path("a"), Path("a")]}, "runs: one is named twice"),
        ({"sequences": 1}, "sequences=1, tracks=4: wants at least 2 and 0"),
        ({"tracks": -1}, "tracks=-1"),
    ],
)
def test_what_cannot_be_compared(options, message):
    with pytest.raises(UserError, match=message):
        Compare(**options)
