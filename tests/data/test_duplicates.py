"""Repeated sequences, against comparison of all pairs."""

import itertools

import numpy as np
import pytest

from cislens.data import duplicates
from cislens.data.splits import SPLITS
from cislens.sequence.alphabet import DNA, RNA

PAIRED = {"A": "T", "C": "G", "G": "C", "T": "A", "N": "N"}


def other_strand(text):
    return "".join(PAIRED[letter] for letter in reversed(text))


@pytest.mark.parametrize("alphabet", [DNA, RNA])
def test_groups_are_those_of_all_pairs(alphabet, rng):
    # Three letters of five: every sequence has many equals.
    codes = rng.integers(0, 5, (200, 3)).astype(np.uint8)
    split = rng.choice(SPLITS, 200)
    texts = ["".join("ACGTN"[code] for code in row) for row in codes]

    def same(a, b):
        return texts[a] == texts[b] or (alphabet is DNA and texts[a] == other_strand(texts[b]))

    equals = {row: {r for r in range(200) if same(row, r)} for row in range(200)}
    expected = []
    for row in range(200):
        if len(equals[row]) > 1 and row == min(equals[row]):
            expected.append(sorted(equals[row]))

    found = duplicates.find(duplicates.digests(codes, alphabet=alphabet), split)

    groups = np.split(found.rows, found.edges[1:-1])
    assert [group.tolist() for group in groups] == expected
    for here, there in itertools.permutations(SPLITS, 2):
        slow = sum(
            split[row] == here and any(split[r] == there for r in equals[row]) for row in range(200)
        )
        assert found.across[here, there] == slow > 0
    for here in SPLITS:
        first = {min(r for r in equals[row] if split[r] == here) for row in range(200)
                 if split[row] == here}  # fmt: skip
        assert found.within[here] == (split == here).sum() - len(first) > 0


def test_different_sequences_do_not_repeat(rng):
    codes = rng.integers(0, 4, (500, 40)).astype(np.uint8)
    found = duplicates.find(duplicates.digests(codes, alphabet=DNA), np.full(500, "train"))
    assert len(found.rows) == 0
    assert found.edges.tolist() == [0]
    assert set(found.within.values()) | set(found.across.values()) == {0}
