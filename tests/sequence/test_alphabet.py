"""Texts and codes of DNA and RNA."""

import numpy as np
import pytest

from cislens.errors import UserError
from cislens.sequence import alphabet
from cislens.sequence.alphabet import DNA, RNA, AlphabetError

PAIRS = {"A": "T", "C": "G", "G": "C", "T": "A", "N": "N"}


def test_codes_are_those_of_the_house():
    assert DNA.encode("ACGTN").tolist() == RNA.encode("ACGUN").tolist() == [0, 1, 2, 3, 4]


def test_lower_case_reads_as_upper_case():
    np.testing.assert_array_equal(DNA.encode("acgtn"), DNA.encode("ACGTN"))


@pytest.mark.parametrize("letters", [DNA, RNA], ids=lambda a: a.name)
def test_decode_undoes_encode(letters, rng):
    codes = rng.integers(0, 5, 500, dtype=np.uint8)
    np.testing.assert_array_equal(letters.encode(letters.decode(codes)), codes)


def test_an_empty_text_has_no_codes():
    assert DNA.encode("").shape == (0,)
    assert DNA.decode(np.empty(0, np.uint8)) == ""


@pytest.mark.parametrize("letter", alphabet.AMBIGUITY_LETTERS + alphabet.AMBIGUITY_LETTERS.lower())
def test_ambiguity_is_an_error_unless_asked_for(letter):
    with pytest.raises(AlphabetError, match=f"'{letter}' at position 3 .*ambiguous='n'"):
        DNA.encode(f"AC{letter}T")
    assert DNA.encode(f"AC{letter}T", ambiguous="n").tolist() == [0, 1, 4, 3]


def test_letters_of_the_other_alphabet_are_an_error_with_the_remedy():
    with pytest.raises(AlphabetError, match=r"'U' at position 2 .*DNA has .*use the RNA alphabet"):
        DNA.encode("AUG", ambiguous="n")
    with pytest.raises(AlphabetError, match=r"'t' at position 4 .*RNA has .*use the DNA alphabet"):
        RNA.encode("AUGt")


@pytest.mark.parametrize("letter", ["X", "-", " ", "?", "é", "核", "\n"])
def test_other_letters_are_errors_at_their_position(letter):
    with pytest.raises(AlphabetError, match="at position 2 "):
        DNA.encode(f"é{letter}"[1:].join(["A", "C"]))


def test_texts_of_one_length_are_encoded_together():
    np.testing.assert_array_equal(
        DNA.encode_all(["ACG", "NTa"]), [DNA.encode("ACG"), DNA.encode("NTa")]
    )


def test_ragged_texts_are_an_error_that_names_the_first_row_that_differs():
    with pytest.raises(UserError, match="row 2 has 3 letters where row 0 has 4"):
        DNA.encode_all(["ACGT", "ACGT", "ACG", "A"])


def test_a_bad_letter_among_texts_is_found_by_row_and_position():
    with pytest.raises(AlphabetError, match="row 1: letter 'X' at position 3"):
        DNA.encode_all(["ACGT", "ACXT"])


def test_no_texts_are_an_error():
    with pytest.raises(UserError, match="at least one"):
        DNA.encode_all([])


def test_a_code_that_is_no_base_is_an_error():
    with pytest.raises(AlphabetError, match="7 at position 1"):
        DNA.decode(np.array([0, 7], np.uint8))


def test_reverse_complement_pairs_bases(rng):
    text = DNA.decode(rng.integers(0, 5, 200, dtype=np.uint8))
    expected = "".join(PAIRS[letter] for letter in reversed(text))
    assert DNA.decode(alphabet.reverse_complement(DNA.encode(text))) == expected


@pytest.mark.parametrize("shape", [(0,), (7,), (3, 7), (2, 3, 7)])
def test_reverse_complement_twice_is_the_identity_on_the_last_axis(shape, rng):
    codes = rng.integers(0, 5, shape, dtype=np.uint8)
    there = alphabet.reverse_complement(codes)
    np.testing.assert_array_equal(alphabet.reverse_complement(there), codes)


def test_alphabets_are_found_by_name():
    assert alphabet.by_name("dna") is DNA
    assert alphabet.by_name("RNA") is RNA
    with pytest.raises(UserError, match="alphabet='protein': known are DNA, RNA"):
        alphabet.by_name("protein")
