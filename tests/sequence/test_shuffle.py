"""Shuffles against the enumeration of all sequences with the same k-mers."""

import collections

import numba
import numpy as np
import pytest
from scipy import stats

from cislens.errors import UserError
from cislens.sequence import shuffle
from cislens.sequence.alphabet import DNA

DRAWS = 40_000


def kmer_counts(text, k):
    return collections.Counter(text[i : i + k] for i in range(len(text) - k + 1))


def rearrangements(text, k):
    """All texts with the k-mer counts and the first and last k-1 letters of this one."""

    def grow(begun, left):
        if not left.total():
            return {begun} if begun.endswith(text[len(text) - k + 1 :]) else set()
        found = set()
        for letter in "ACGTN":
            word = begun[len(begun) - k + 1 :] + letter
            if left[word]:
                found |= grow(begun + letter, left - collections.Counter([word]))
        return found

    return grow(text[: k - 1], kmer_counts(text, k))


def draws(text, k, rng):
    codes = np.tile(DNA.encode(text), (DRAWS, 1))
    return collections.Counter(DNA.decode(row) for row in shuffle.kmer(codes, k=k, rng=rng))


@pytest.mark.parametrize(
    ("text", "k", "reachable"),
    [
        ("ACCCACGATGATG", 2, 27),
        ("ACGTACGGTCAA", 2, 24),
        ("AACAGATA", 2, 24),
        ("ANCANNGA", 2, 4),
        ("ACGTACTTACGACGAACTA", 3, 72),
        ("ACGACGTACGAACG", 4, 6),
        ("AACGT", 1, 60),
        ("AANT", 1, 12),
        ("AAAAAAAA", 2, 1),
        ("ACGT", 4, 1),
    ],
)
def test_every_rearrangement_is_as_likely(text, k, reachable, rng):
    expected = rearrangements(text, k)
    seen = draws(text, k, rng)
    assert len(expected) == reachable
    assert set(seen) == expected
    if reachable > 1:
        assert stats.chisquare(list(seen.values())).pvalue > 1e-3


@pytest.mark.parametrize("k", range(1, shuffle.MAX_K + 1))
def test_counts_and_ends_stay(k, rng):
    codes = rng.choice(5, size=(20, 300), p=[0.35, 0.15, 0.15, 0.3, 0.05]).astype(np.uint8)
    shuffled = shuffle.kmer(codes, k=k, rng=rng)
    for before, after in zip(map(DNA.decode, codes), map(DNA.decode, shuffled), strict=True):
        assert kmer_counts(after, k) == kmer_counts(before, k)
        assert after[: k - 1] == before[: k - 1]
        assert after[len(after) - k + 1 :] == before[len(before) - k + 1 :]
    assert k > 4 or (shuffled != codes).mean() > 0.4


def test_the_named_shuffles_are_those_of_their_k(rng):
    codes = rng.integers(0, 4, (5, 50), dtype=np.uint8)
    for named, k in ((shuffle.mononucleotide, 1), (shuffle.dinucleotide, 2)):
        expected = shuffle.kmer(codes, k=k, rng=np.random.default_rng(3))
        np.testing.assert_array_equal(named(codes, rng=np.random.default_rng(3)), expected)


def test_the_same_seed_gives_the_same_bits_on_any_number_of_threads(rng, monkeypatch):
    codes = rng.integers(0, 4, (1000, 40), dtype=np.uint8)
    results = []
    for threads in (1, 2, 5):
        monkeypatch.setattr(numba.config, "NUMBA_NUM_THREADS", threads)
        results.append(shuffle.dinucleotide(codes, rng=np.random.default_rng(7)))
    np.testing.assert_array_equal(results[0], results[1])
    np.testing.assert_array_equal(results[0], results[2])


def test_rows_do_not_depend_on_the_rows_that_follow(rng):
    codes = rng.integers(0, 4, (600, 40), dtype=np.uint8)
    all_rows = shuffle.dinucleotide(codes, rng=np.random.default_rng(7))
    few_rows = shuffle.dinucleotide(codes[:300], rng=np.random.default_rng(7))
    np.testing.assert_array_equal(few_rows, all_rows[:300])


def test_equal_rows_are_shuffled_apart(rng):
    codes = np.tile(rng.integers(0, 4, 100, dtype=np.uint8), (50, 1))
    assert len(np.unique(shuffle.dinucleotide(codes, rng=rng), axis=0)) == 50


def test_the_input_stays_and_may_be_a_read_only_view(rng):
    codes = rng.integers(0, 4, (8, 60), dtype=np.uint8)
    before = codes.copy()
    codes.flags.writeable = False
    shuffled = shuffle.dinucleotide(codes[::2, ::-1], rng=np.random.default_rng(1))
    np.testing.assert_array_equal(codes, before)
    copied = np.ascontiguousarray(before[::2, ::-1])
    np.testing.assert_array_equal(
        shuffle.dinucleotide(copied, rng=np.random.default_rng(1)), shuffled
    )


def test_no_rows_give_no_rows(rng):
    assert shuffle.dinucleotide(np.empty((0, 10), np.uint8), rng=rng).shape == (0, 10)


@pytest.mark.parametrize("k", [-1, 0, shuffle.MAX_K + 1])
def test_k_out_of_range_is_an_error(k, rng):
    with pytest.raises(UserError, match=f"k={k}: wants 1 to"):
        shuffle.kmer(np.zeros((1, 20), np.uint8), k=k, rng=rng)


def test_sequences_shorter_than_k_are_an_error(rng):
    with pytest.raises(UserError, match="length 2 with k=3"):
        shuffle.kmer(np.zeros((1, 2), np.uint8), k=3, rng=rng)


def test_a_code_that_is_no_base_is_an_error(rng):
    with pytest.raises(UserError, match="codes: 5 is no base"):
        shuffle.dinucleotide(np.full((1, 9), 5, np.uint8), rng=rng)
