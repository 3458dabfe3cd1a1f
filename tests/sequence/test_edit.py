"""Edits against slices of text."""

import pytest
import torch

from cislens.errors import UserError
from cislens.sequence import edit, onehot

TEXTS = ["ACGTNACGTA", "TTTTTTTTTT"]
MOTIF = "GATA"


@pytest.fixture
def sequences():
    return onehot.encode(TEXTS)


@pytest.fixture
def motif():
    return onehot.encode([MOTIF])[0]


@pytest.mark.parametrize("start", range(7))
def test_substitute_is_that_of_the_text(sequences, motif, start):
    expected = [text[:start] + MOTIF + text[start + 4 :] for text in TEXTS]
    assert onehot.decode(edit.substitute(sequences, motif, start=start)) == expected
    assert onehot.decode(sequences) == TEXTS


@pytest.mark.parametrize("start", range(11))
def test_insert_is_that_of_the_text_and_delete_undoes_it(sequences, motif, start):
    longer = edit.insert(sequences, motif, start=start)
    assert onehot.decode(longer) == [text[:start] + MOTIF + text[start:] for text in TEXTS]
    assert torch.equal(edit.delete(longer, start=start, end=start + 4), sequences)


def test_substitute_then_substitute_back_is_the_identity(sequences, motif):
    first = sequences[:1]
    edited = edit.substitute(first, motif, start=2)
    assert torch.equal(edit.substitute(edited, first[0, :, 2:6], start=2), first)


def test_delete_nothing_or_everything(sequences):
    assert torch.equal(edit.delete(sequences, start=3, end=3), sequences)
    assert edit.delete(sequences, start=0, end=10).shape == (2, 4, 0)


def test_edits_return_new_tensors(sequences, motif):
    edit.delete(sequences, start=0, end=0).zero_()
    edit.insert(sequences, motif[:, :0], start=0).zero_()
    edit.substitute(sequences, motif[:, :0], start=0).zero_()
    assert onehot.decode(sequences) == TEXTS


def test_the_motif_takes_the_type_of_the_sequences(sequences, motif):
    assert edit.insert(sequences.double(), motif, start=0).dtype == torch.float64


@pytest.mark.parametrize("start", [-1, 7, 97])
def test_substitute_out_of_range_is_an_error(sequences, motif, start):
    with pytest.raises(UserError, match=f"start={start}: the motif fits at 0 to 6"):
        edit.substitute(sequences, motif, start=start)


def test_a_motif_longer_than_the_sequence_is_an_error(sequences):
    with pytest.raises(UserError, match="motif: 11 bp do not fit in sequences of 10 bp"):
        edit.substitute(sequences, torch.zeros(4, 11), start=0)


@pytest.mark.parametrize("start", [-1, 11])
def test_insert_out_of_range_is_an_error(sequences, motif, start):
    with pytest.raises(UserError, match=f"start={start}: .* 0 to 10"):
        edit.insert(sequences, motif, start=start)


@pytest.mark.parametrize(("start", "end"), [(-1, 3), (4, 3), (0, 11)])
def test_delete_out_of_range_is_an_error(sequences, start, end):
    with pytest.raises(UserError, match=f"start={start}, end={end}: wants"):
        edit.delete(sequences, start=start, end=end)
