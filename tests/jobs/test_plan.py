"""Pieces: their identities and their functions."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cislens.errors import UserError
from cislens.jobs import plan
from cislens.jobs.plan import Piece

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
OPTIONS = st.dictionaries(st.text(), JSON, max_size=4)


@given(OPTIONS)
def test_identity_survives_json_and_any_order_of_keys(options):
    piece = Piece("m:f", options)
    back = json.loads(json.dumps(options))
    turned = dict(reversed(list(back.items())))
    assert Piece("m:f", turned, label="another").identity == piece.identity


@given(OPTIONS, OPTIONS)
def test_other_options_are_another_piece(options, others):
    same = Piece("m:f", options).recipe == Piece("m:f", others).recipe
    assert (Piece("m:f", options).identity == Piece("m:f", others).identity) == same


def test_function_and_revision_count_and_the_label_does_not():
    piece = Piece("m:f", {"a": 1})
    assert piece.identity != Piece("m:g", {"a": 1}).identity
    assert piece.identity != Piece("m:f", {"a": 1}, revision=2).identity
    assert piece.identity == Piece("m:f", {"a": 1}, label="x").identity
    # Written down so that a change of the hash, which would orphan every result, is seen.
    assert piece.identity == "a33974d84b0de9c03393"


@pytest.mark.parametrize("value", [float("nan"), float("inf"), (1, 2), {1: 2}, {1, 2}, b"x"])
def test_options_that_json_would_change_are_refused(value):
    with pytest.raises(UserError, match="options of m:f"):
        Piece("m:f", {"a": value})


def test_needs_are_part_of_the_identity_and_come_first(grid):
    last = Piece("m:f", {}, needs=(grid[4], grid[1]))
    assert last.identity != Piece("m:f", {}, needs=(grid[1], grid[4])).identity
    assert last.identity != Piece("m:f", {}).identity
    further = Piece("m:g", {}, needs=(last,))
    assert list(plan.complete([further, *grid, grid[3]]).values()) == [
        grid[4],
        grid[1],
        last,
        further,
        grid[0],
        *grid[2:4],
        *grid[5:],
    ]


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("toy_pieces:gone", "lists draw, fail"),
        ("no_such_module:f", "no_such_module"),
        ("os:system", "PIECES"),
        ("", "wants a module"),
    ],
)
def test_only_listed_functions_are_found(name, told):
    with pytest.raises(UserError, match=told):
        plan.find(name)


def test_a_listed_function_is_found():
    assert plan.find("toy_pieces:draw").__name__ == "draw"
