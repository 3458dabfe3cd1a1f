"""Options of filter motifs: defaults of each rule, and ranges."""

import dataclasses
import typing

import pytest

from cislens.errors import UserError
from cislens.motifs import options
from cislens.motifs.options import FilterOptions


def test_every_rule_has_a_default_threshold():
    assert set(options.DEFAULT_THRESHOLDS) == set(typing.get_args(options.Rule))
    for rule, level in options.DEFAULT_THRESHOLDS.items():
        assert FilterOptions(rule=rule).level == level


def test_a_given_threshold_goes_before_the_default():
    assert FilterOptions(threshold=0.7).level == 0.7
    assert FilterOptions(rule="absolute", threshold=0).level == 0.0


def test_best_per_sequence_is_a_cap_of_one():
    assert FilterOptions().sites_per_sequence is None
    assert FilterOptions(cap=3).sites_per_sequence == 3
    assert FilterOptions(selection="best-per-sequence", cap=3).sites_per_sequence == 1


def test_options_are_frozen():
    with pytest.raises(dataclasses.FrozenInstanceError):
        FilterOptions().rule = "top"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"threshold": 1.0}, "threshold=1.0: .*below 1 with rule='fraction-of-maximum'"),
        ({"threshold": -0.1}, "threshold=-0.1"),
        ({"rule": "top", "threshold": 2.5}, "whole number of sites"),
        ({"rule": "top", "threshold": 0}, "at least 1"),
        ({"rule": "quantile", "threshold": 1.5}, "at most 1"),
        ({"rule": "absolute", "threshold": float("nan")}, "finite"),
        ({"cap": 0}, "cap=0"),
        ({"pseudocount": -1.0}, "pseudocount=-1.0"),
        ({"trim": -0.3}, "trim=-0.3"),
        ({"buffer_bytes": 0}, "buffer_bytes=0"),
        ({"background": (0.5, 0.5, 0.0, 0.0)}, "above 0"),
        ({"background": (0.5, 0.5, 0.5, 0.5)}, "sum to 1"),
    ],
)
def test_values_out_of_range_are_named(arguments, message):
    with pytest.raises(UserError, match=message):
        FilterOptions(**arguments)
