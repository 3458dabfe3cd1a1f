"""Background sequences have the composition they were asked for."""

import numpy as np
import pytest

from cislens.errors import UserError
from cislens.simulation import background


def kmer_frequencies(codes, k):
    counts = {}
    for row in codes:
        for start in range(len(row) - k + 1):
            word = tuple(row[start : start + k])
            counts[word] = counts.get(word, 0) + 1
    total = sum(counts.values())
    return {word: count / total for word, count in counts.items()}


@pytest.mark.parametrize("gc", [0.0, 0.41, 0.5, 1.0])
def test_gc_is_as_asked(gc, rng):
    codes = background.sample(background.with_gc(gc), sequences=200, length=200, rng=rng)
    frequency = np.bincount(codes.ravel(), minlength=4) / codes.size
    # Five standard deviations of a frequency over 40,000 bases.
    np.testing.assert_allclose(frequency, [(1 - gc) / 2, gc / 2, gc / 2, (1 - gc) / 2], atol=0.012)


def test_fit_counts_every_stretch_without_n():
    codes = np.array([[0, 1, 0, 1, 4, 0, 2]], dtype=np.uint8)
    chain = background.fit(codes, order=1, pseudocount=1.0)
    # AC twice, CA once, AG once; CN and NA hold N.
    expected = np.array([[1, 3, 2, 1], [2, 1, 1, 1], [1, 1, 1, 1], [1, 1, 1, 1]], dtype=float)
    np.testing.assert_allclose(chain.transitions, expected / expected.sum(axis=1, keepdims=True))
    np.testing.assert_allclose(chain.initial, np.array([4, 2, 1, 1]) / 8)


@pytest.mark.parametrize("order", [0, 1, 2])
def test_sample_has_the_words_of_what_was_fitted(order, rng):
    probabilities = rng.dirichlet(np.full(4, 2.0), size=4**order)
    source = background.Background(np.full(4**order, 4.0**-order), probabilities)
    codes = background.sample(source, sequences=100, length=400, rng=rng)
    refitted = background.fit(codes, order=order)
    again = background.sample(refitted, sequences=100, length=400, rng=rng)
    np.testing.assert_allclose(refitted.transitions, probabilities, atol=0.05)
    words, words_again = kmer_frequencies(codes, order + 1), kmer_frequencies(again, order + 1)
    assert max(abs(words[word] - words_again.get(word, 0)) for word in words) < 0.012


def test_a_chain_without_choice_is_followed_from_the_first_base(rng):
    # A -> C -> G -> T -> A; starts with T.
    chain = background.Background(np.array([0.0, 0, 0, 1]), np.roll(np.eye(4), 1, axis=1))
    codes = background.sample(chain, sequences=2, length=6, rng=rng)
    np.testing.assert_array_equal(codes, [[3, 0, 1, 2, 3, 0]] * 2)


def test_second_order_starts_with_a_word_read_left_to_right(rng):
    initial = np.zeros(16)
    initial[0 * 4 + 3] = 1
    chain = background.Background(initial, np.full((16, 4), 0.25))
    codes = background.sample(chain, sequences=5, length=2, rng=rng)
    np.testing.assert_array_equal(codes, [[0, 3]] * 5)


def test_same_seed_same_sequences():
    chain = background.with_gc(0.4)
    draws = [
        background.sample(chain, sequences=3, length=50, rng=np.random.default_rng(1))
        for _ in range(2)
    ]
    np.testing.assert_array_equal(*draws)


@pytest.mark.parametrize(("uniform", "chosen"), [(0.0, 1), (0.49, 1), (0.5, 3), (0.9999, 3)])
def test_pick_takes_the_first_choice_whose_cumulative_exceeds(uniform, chosen):
    bounds = np.cumsum([0, 0.5, 0, 0.5])[None, :3]
    uniforms = np.array([uniform, uniform])
    assert background.pick(bounds, uniforms).tolist() == [chosen, chosen]
    assert background.pick(np.repeat(bounds, 2, axis=0), uniforms).tolist() == [chosen, chosen]


def test_wrong_numbers_are_told():
    codes = np.zeros((2, 5), dtype=np.uint8)
    with pytest.raises(UserError, match=r"gc=1\.5"):
        background.with_gc(1.5)
    with pytest.raises(UserError, match="order=5; wants 0 to 4"):
        background.fit(codes, order=5)
    with pytest.raises(UserError, match="3 of 4 contexts are never seen"):
        background.fit(codes, order=1, pseudocount=0.0)
    with pytest.raises(UserError, match="pseudocount=-1"):
        background.fit(codes, order=1, pseudocount=-1.0)
    chain = background.fit(codes, order=2)
    with pytest.raises(UserError, match="length=1; wants at least 2"):
        background.sample(chain, sequences=1, length=1, rng=np.random.default_rng(0))
