"""Motifs of many sources put into groups."""

import numpy as np
import pytest

from cislens.errors import UserError
from cislens.motifs import database, merging
from cislens.sequence import pwm
from cislens.sequence.pwm import Pwm


def sharp(word, name="m"):
    columns = np.full((4, len(word)), 0.05)
    columns[["ACGT".index(letter) for letter in word], range(len(word))] = 0.85
    return Pwm(name, columns)


def test_copies_shifts_and_the_other_strand_are_one_group(rng):
    first, second = sharp("TTTACGCAG"), sharp("CCGGAAGTG")
    wide = Pwm("w", np.concatenate([np.full((4, 4), 0.25), first.probabilities], axis=1))
    noisy = Pwm("n", 0.8 * first.probabilities + 0.2 * rng.dirichlet([1] * 4, 9).T)
    motifs = [second, first, wide, pwm.reverse_complement(first), noisy, sharp("GATTACAGA")]
    assert merging.groups(motifs) == [[1, 2, 3, 4], [0], [5]]
    assert merging.groups(motifs, both_strands=False) == [[1, 2, 4], [0], [3], [5]]


def test_likeness_by_hand():
    one, other = sharp("ACGTACC"), sharp("ACGTACC")
    turned = pwm.reverse_complement(one)
    flat = Pwm("flat", np.full((4, 5), 0.25))
    found = merging.likeness([one, other, turned, flat])
    np.testing.assert_allclose(found[0, :3], 1, atol=1e-6)
    np.testing.assert_allclose(found[3], 0, atol=1e-6)
    # Six of seven columns lie over each other, all of one length.
    part = sharp("ACGTAC")
    assert merging.likeness([one, part])[0, 1] == pytest.approx(6 / np.sqrt(42), abs=1e-6)


def test_each_known_motif_is_in_one_group():
    known = database.load("jaspar2016")[:60]
    found = merging.groups(known)
    assert sorted(number for group in found for number in group) == list(range(60))
    assert [len(group) for group in found] == sorted(map(len, found), reverse=True)


def test_no_motif_and_one():
    assert merging.groups([]) == []
    assert merging.groups([sharp("ACGT")]) == [[0]]


def test_a_threshold_out_of_its_range():
    with pytest.raises(UserError, match=r"same=2\.0: wants a cosine"):
        merging.groups([], same=2.0)
