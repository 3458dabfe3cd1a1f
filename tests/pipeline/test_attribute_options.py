"""Options of `cislens attribute` that cannot be right."""

import pytest

from cislens.errors import UserError
from cislens.pipeline.attribute_options import Attribute


@pytest.mark.parametrize("name", ["top", "batch_size", "block_size"])
def test_numbers_are_at_least_1(name):
    with pytest.raises(UserError, match=f"{name}=0: wants a whole number"):
        Attribute(**{name: 0})


def test_sequences_are_named_or_chosen():
    with pytest.raises(UserError, match="top=3: sequences are named as well"):
        Attribute(top=3, sequences=["a"])


@pytest.mark.parametrize("name", ["", "a/b", ".hidden"])
def test_name_is_one_of_a_folder(name):
    with pytest.raises(UserError, match="plain word"):
        Attribute(name=name)
