"""Folds of chromosomes: from a table, packed, and what is said of wrong ones."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cislens.data import folds
from cislens.data.folds import ByFolds
from cislens.errors import UserError

SIZES = st.lists(st.integers(1, 50), min_size=2, max_size=7)


def heaviest(table, sizes):
    return max(sum(sizes[n] for n in sizes if table[n] == f) for f in table.values())


@given(SIZES, st.integers(2, 3))
def test_packed_folds_are_within_graham_of_the_best(weights, count):
    sizes = {f"c{i}": weight for i, weight in enumerate(weights)}
    count = min(count, len(sizes))
    table = folds.pack(sizes, count=count)
    assert set(table.values()) == {str(fold + 1) for fold in range(count)}
    best = min(
        heaviest(dict(zip(sizes, choice, strict=True)), sizes)
        for choice in itertools.product(range(count), repeat=len(sizes))
    )
    assert heaviest(table, sizes) <= (4 / 3 - 1 / (3 * count)) * best + 1e-9


def test_packing_does_not_depend_on_the_order_of_names():
    sizes = {"a": 5, "b": 5, "c": 3, "d": 2}
    assert folds.pack(sizes, count=2) == folds.pack(dict(reversed(sizes.items())), count=2)


@pytest.mark.parametrize("count", [1, 4])
def test_too_many_or_few_folds(count):
    with pytest.raises(UserError, match=f"folds={count}: wants 2 or more, .* sequences, 3"):
        folds.pack({"a": 1, "b": 1, "c": 1}, count=count)


def test_table(tmp_path):
    path = tmp_path / "folds.tsv"
    path.write_text("# a comment\nchr1\tx\nchr2\ty\n\nchr3\tx\nchr1\tx\n")
    assert folds.read(path) == {"chr1": "x", "chr2": "y", "chr3": "x"}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("chr1\t1\nchr2 2\n", "line 2: 1 columns; wants a chromosome and its fold"),
        ("chr1\t1\t2\n", "line 1: 3 columns"),
        ("chr1\t1\nchr2\t1\nchr1\t2\n", "line 3: chr1 is in fold 1 and in 2"),
        ("# nothing\n", "holds no fold"),
    ],
)
def test_wrong_table_is_told(text, told, tmp_path):
    path = tmp_path / "folds.tsv"
    path.write_text(text)
    with pytest.raises(UserError, match=told):
        folds.read(path)


def test_held_out_folds_are_chromosomes_that_are_present():
    table = {"a": "x", "b": "y", "c": "x", "d": "z", "e": "y"}
    plan = folds.resolve(["a", "c", "b", "a", "d"], ByFolds(["y"], ["x"], table))
    assert (plan.validation, plan.test) == (["b"], ["a", "c"])


def test_packed_folds_are_as_heavy_in_sequences():
    chroms = ["a"] * 6 + ["b"] * 3 + ["c"] * 3 + ["d"] * 6
    plan = folds.resolve(chroms, ByFolds(["1"], ["2"], count=3))
    assert (plan.validation, plan.test) == (["a"], ["d"])


@pytest.mark.parametrize(
    ("plan", "told"),
    [
        (ByFolds(["1"], ["4"], count=3), "fold '4': no sequence lies in it; .* 1, 2, 3"),
        (ByFolds(["x"], ["y"], {"a": "x", "b": "y"}), "chromosome 'c' has sequences and stands in"),
        (ByFolds(["x"], ["w"], dict(zip("abcd", "xyzw", strict=True))), "fold 'w': no sequence"),
    ],
)
def test_wrong_folds_are_told(plan, told):
    with pytest.raises(UserError, match=told):
        folds.resolve(["a", "b", "c"], plan)
