"""Options that cannot be right are refused when they are made."""

from pathlib import Path

import pytest

from cislens.errors import UserError
from cislens.pipeline import options


@pytest.mark.parametrize("fractions", [[0.5, 0.5], [0.8, 0.1, 0.2], [1.0, 0.0, 0.0]])
def test_fractions_are_three_positive_shares(fractions):
    with pytest.raises(UserError, match="three positive shares"):
        options.SplitOptions(fractions=fractions)


def test_chromosome_split_wants_both_lists():
    with pytest.raises(UserError, match=r"wants split\.validation too: names such as \[chr7\]"):
        options.SplitOptions(by="chromosome", test=["chr8"])


def test_folds_want_both_lists_and_only_they_a_table():
    with pytest.raises(
        UserError, match=r"split\.by=folds wants split\.test too: names such as \['2'\]"
    ):
        options.SplitOptions(by="folds", validation=["1"])
    with pytest.raises(
        UserError, match=r"split\.file=f.tsv: a table of folds wants split.by=folds"
    ):
        options.SplitOptions(file=Path("f.tsv"))


def test_names_that_yaml_reads_as_numbers_are_names():
    chosen = options.SplitOptions(by="folds", validation=[1], test=["2", 3])
    assert (chosen.held_out("validation"), chosen.held_out("test")) == (["1"], ["2", "3"])


@pytest.mark.parametrize("activations", [[], ["relu", "relu"]])
def test_activations_are_different_names(activations):
    with pytest.raises(UserError, match="different names"):
        options.ModelOptions(activations=activations)
