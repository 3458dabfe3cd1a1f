import pytest

from cislens.data import encoding
from cislens.errors import UserError
from cislens.sequence.alphabet import DNA, RNA


def test_dna_of_any_length_unless_said():
    said = encoding.Encoding(alphabet=DNA, length=None, ambiguous="error")
    assert said == encoding.AS_DNA


@pytest.mark.parametrize("length", [0, -3])
def test_length_below_one(length):
    with pytest.raises(UserError, match=f"length={length}: at least 1 bp"):
        encoding.Encoding(length=length)


@pytest.mark.parametrize(("text", "read"), [("ACtT", "ACuU"), ("ACUT", "ACUT"), ("AC", "AC")])
def test_rna_written_with_t(text, read):
    assert encoding.as_written(text, RNA) == read
    assert encoding.as_written(text, DNA) == text
