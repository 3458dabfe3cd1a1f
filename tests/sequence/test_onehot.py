"""One-hot tensors from and to codes and texts."""

import numpy as np
import pytest
import torch

from cislens.errors import UserError
from cislens.sequence import alphabet, onehot
from cislens.sequence.alphabet import DNA, RNA, AlphabetError

DTYPES = [torch.float32, torch.float64, torch.float16, torch.bfloat16]


@pytest.fixture
def codes(rng):
    return rng.integers(0, 5, (6, 31), dtype=np.uint8)


def slow_from_codes(codes):
    columns = np.zeros((len(codes), 4, codes.shape[1]), dtype=np.float32)
    for row, position in np.ndindex(codes.shape):
        if codes[row, position] < 4:
            columns[row, codes[row, position], position] = 1
    return torch.from_numpy(columns)


def test_from_codes_is_the_slow_loop(codes):
    assert torch.equal(onehot.from_codes(codes), slow_from_codes(codes))


@pytest.mark.parametrize("dtype", DTYPES, ids=str)
def test_to_codes_undoes_from_codes(codes, dtype):
    back = onehot.to_codes(onehot.from_codes(codes).to(dtype))
    assert back.dtype == np.uint8
    np.testing.assert_array_equal(back, codes)


def test_read_only_and_strided_codes_are_taken(codes):
    codes.flags.writeable = False
    expected = slow_from_codes(codes[::2, ::-1])
    assert torch.equal(onehot.from_codes(codes[::2, ::-1]), expected)


def test_codes_of_a_tensor_with_a_gradient(codes):
    columns = onehot.from_codes(codes).requires_grad_()
    np.testing.assert_array_equal(onehot.to_codes(columns), codes)


@pytest.mark.parametrize("letters", [DNA, RNA], ids=lambda a: a.name)
def test_decode_undoes_encode(codes, letters):
    texts = [letters.decode(row) for row in codes]
    columns = onehot.encode([text.lower() for text in texts], alphabet=letters)
    assert onehot.decode(columns, alphabet=letters) == texts


def test_n_is_a_column_of_zeros():
    assert onehot.encode(["NA"])[0].T.tolist() == [[0, 0, 0, 0], [1, 0, 0, 0]]


def test_reverse_complement_is_that_of_the_codes(codes):
    flipped = onehot.reverse_complement(onehot.from_codes(codes))
    np.testing.assert_array_equal(onehot.to_codes(flipped), alphabet.reverse_complement(codes))


def test_reverse_complement_leaves_its_input(codes):
    columns = onehot.from_codes(codes)
    onehot.reverse_complement(columns).zero_()
    assert torch.equal(columns, slow_from_codes(codes))


def test_check_passes_sequences_and_nothing_at_all(codes):
    onehot.check(onehot.from_codes(codes))
    onehot.check(torch.zeros(0, 4, 9))
    onehot.check(torch.zeros(2, 4, 0))


def test_check_names_the_column_with_two_ones():
    columns = torch.zeros(5, 4, 60)
    columns[3, 1:3, 41] = 1
    with pytest.raises(UserError) as caught:
        onehot.check(columns)
    assert str(caught.value) == (
        "onehot: row 3 sums to 2 at position 41; each position wants one 1, or four 0 for N"
    )


@pytest.mark.parametrize(
    ("value", "shown"), [(0.25, "0.25"), (-1, "-1"), (2, "2"), (float("nan"), "nan")]
)
def test_check_names_the_soft_column(value, shown):
    columns = torch.zeros(2, 4, 5)
    columns[1, 2, 4] = value
    with pytest.raises(UserError, match=f"motif: row 1 holds {shown} at position 4; each"):
        onehot.check(columns, name="motif")


def test_soft_columns_have_no_codes():
    with pytest.raises(UserError, match=r"row 0 holds 0\.5 at position 0"):
        onehot.to_codes(torch.full((1, 4, 3), 0.5))


@pytest.mark.parametrize(
    ("shape", "remedy"),
    [((2, 9, 4), "swap the last two axes"), ((4, 9), "add a first axis"), ((9,), "batch, 4")],
)
def test_check_names_the_remedy_for_a_wrong_shape(shape, remedy):
    with pytest.raises(UserError, match=remedy):
        onehot.check(torch.zeros(shape))


def test_ragged_texts_are_an_error_that_names_the_row():
    with pytest.raises(UserError, match="row 1 has 2 letters where row 0 has 3"):
        onehot.encode(["ACG", "AC"])


def test_a_letter_of_no_alphabet_is_an_error():
    with pytest.raises(AlphabetError, match="row 0: letter 'U' at position 2"):
        onehot.encode(["AUG"])


def test_a_code_that_is_no_base_is_an_error():
    with pytest.raises(UserError, match="5 in row 1 at position 2"):
        onehot.from_codes(np.array([[0, 1, 2], [3, 4, 5]], np.uint8))
