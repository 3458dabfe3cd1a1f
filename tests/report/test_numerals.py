import math

import pytest

from cislens.report import numerals


@pytest.mark.parametrize(
    ("function", "value", "text"),
    [
        (numerals.fixed, 0.97531, "0.975"),
        (numerals.fixed, 12345.6789, "12,345.679"),
        (numerals.count, 1_394_828, "1,394,828"),
        (numerals.count, 39.6, "40"),
        (numerals.probability, 3.21e-8, "3.2e-08"),
        (numerals.probability, 0.0123, "0.012"),
        (numerals.probability, 4.12, "4.1"),
        (numerals.probability, 1513.2, "1,513"),
        (numerals.probability, 0.0, "0"),
        (numerals.probability, 1.0, "1"),
        (numerals.percent, 0.4872, "48.7%"),
        (numerals.duration, 8.44, "8.4 s"),
        (numerals.duration, 59.97, "1 min 0 s"),
        (numerals.duration, 192, "3 min 12 s"),
        (numerals.duration, 3900, "1 h 05 min"),
        (numerals.rate, 1e-3, "0.001"),
        (numerals.rate, 4e-5, "4e-5"),
        (numerals.rate, 2e-4, "2e-4"),
        (numerals.rate, 1e-10, "1e-10"),
    ],
)
def test_number_reads_well(function, value, text):
    assert function(value) == text


@pytest.mark.parametrize(
    "function",
    [numerals.fixed, numerals.count, numerals.probability, numerals.percent, numerals.duration],
)
@pytest.mark.parametrize("value", [None, math.nan, math.inf])
def test_no_number_is_a_dash(function, value):
    assert function(value) == numerals.NONE


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (True, "yes"),
        (None, "–"),
        (33, "33"),
        (20_000, "20000"),
        (0.25, "0.25"),
        (math.nan, "–"),
        ([1, "a"], "1, a"),
        ({"width": 2, "dropout": [0.1]}, "width 2, dropout 0.1"),
        ({}, "none"),
        ("legacy", "legacy"),
    ],
)
def test_any_json_value_becomes_text(value, text):
    assert numerals.anything(value) == text
