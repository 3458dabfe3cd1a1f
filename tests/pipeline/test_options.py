"""Options that cannot be right are refused when they are made."""

import pytest

from cislens.errors import UserError
from cislens.pipeline import options


@pytest.mark.parametrize("fractions", [[0.5, 0.5], [0.8, 0.1, 0.2], [1.0, 0.0, 0.0]])
def test_fractions_are_three_positive_shares(fractions):
    with pytest.raises(UserError, match="three positive shares"):
        options.SplitOptions(fractions=fractions)


def test_chromosome_split_wants_both_lists():
    with pytest.raises(UserError, match=r"split\.validation and split\.test"):
        options.SplitOptions(by="chromosome", test=["chr8"])


@pytest.mark.parametrize("activations", [[], ["relu", "relu"]])
def test_activations_are_different_names(activations):
    with pytest.raises(UserError, match="different names"):
        options.ModelOptions(activations=activations)
