"""Options of filter importance."""

import typing

import pytest

from cislens.errors import UserError
from cislens.motifs import intact, knockout
from cislens.motifs.knockout_options import KnockoutOptions, On


@pytest.mark.parametrize(
    ("name", "value"),
    [("sequences", 0), ("batch_size", -1)],
)
def test_bad_values_are_refused(name, value):
    with pytest.raises(UserError, match=f"{name}={value!r}"):
        KnockoutOptions(**{name: value})


def test_names_are_those_of_the_room():
    assert set(typing.get_args(On)) == set(intact.CHOICES)
    assert all(KnockoutOptions(replacement=name) for name in knockout.REPLACEMENTS)
