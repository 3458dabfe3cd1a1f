"""Sequences as one-hot tensors, from and to codes and texts, and the check that they are."""

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from cislens.errors import UserError
from cislens.sequence.alphabet import DNA, N_CODE, Alphabet
from cislens.sequence.shapes import Codes, OneHot

_WANTED = "each position wants one 1, or four 0 for N"


def from_codes(codes: Codes) -> OneHot:
    """Turn base codes into one-hot columns.

    Parameters
    ----------
    codes
        Base codes, 0 to 4; 4 (N) becomes a column of zeros.

    Returns
    -------
    OneHot
        Columns of float32, on the CPU.

    Raises
    ------
    UserError
        If a code is above 4.
    """
    if codes.size and codes.max() > N_CODE:
        row, position = np.argwhere(codes > N_CODE)[0]
        raise UserError(
            f"codes: {codes[row, position]} in row {row} at position {position}; "
            f"wants A C G T N as 0 to {N_CODE}"
        )
    letters = np.arange(4, dtype=np.uint8)[:, None]
    return torch.from_numpy(np.equal(codes[:, None, :], letters)).to(torch.float32)


def to_codes(onehot: OneHot) -> Codes:
    """Turn one-hot columns into base codes.

    Parameters
    ----------
    onehot
        One-hot sequences of any number type, on any device.

    Returns
    -------
    Codes
        Base codes, with 4 (N) for columns of zeros.

    Raises
    ------
    UserError
        If a column is not one-hot; see `check`.
    """
    check(onehot)
    ones = onehot.detach().to(torch.uint8)
    # Counted down from N: an argmax over the middle axis takes ten times as long.
    codes = N_CODE - (4 * ones[:, 0] + 3 * ones[:, 1] + 2 * ones[:, 2] + ones[:, 3])
    return codes.cpu().numpy()


def encode(texts: Sequence[str], *, alphabet: Alphabet = DNA) -> OneHot:
    """Turn texts of one length into one-hot columns.

    Parameters
    ----------
    texts
        The sequences; lower case reads as upper case, N becomes a column of zeros.
    alphabet
        The alphabet of the texts.

    Returns
    -------
    OneHot
        One row a text, float32.

    Raises
    ------
    AlphabetError
        If a letter is not of the alphabet.
    UserError
        If there is no text, or one is longer or shorter than the first.
    """
    return from_codes(alphabet.encode_all(texts))


def decode(onehot: OneHot, *, alphabet: Alphabet = DNA) -> list[str]:
    """Turn one-hot columns into texts in upper case.

    Parameters
    ----------
    onehot
        One-hot sequences.
    alphabet
        The alphabet to write them in.

    Returns
    -------
    list[str]
        One text a row, N where a column is all zeros.

    Raises
    ------
    UserError
        If a column is not one-hot; see `check`.
    """
    return [alphabet.decode(codes) for codes in to_codes(onehot)]


def reverse_complement(onehot: OneHot) -> OneHot:
    """Read the other strand from its 5' end.

    Parameters
    ----------
    onehot
        Sequences with rows A C G T; soft columns are allowed.

    Returns
    -------
    OneHot
        A new tensor; with this order of rows it is the flip of both axes.
    """
    return onehot.flip((1, 2))


def check(onehot: Tensor, *, name: str = "onehot") -> None:
    """Refuse a tensor that does not hold one-hot sequences.

    Parameters
    ----------
    onehot
        What should be a tensor (batch, 4, length) of zeros and ones, at most one 1 a column.
    name
        What to call the tensor in the error.

    Raises
    ------
    UserError
        If the shape or a column is not that of one-hot sequences; names the first such row and
        position, both counted from 0.
    """
    if onehot.ndim != 3 or onehot.shape[1] != 4:
        raise UserError(f"{name}: shape {tuple(onehot.shape)}{_shape_remedy(onehot)}")
    onehot = onehot.detach()
    hard = (onehot == 0) | (onehot == 1)
    bad = ~hard.all(dim=1) | (onehot.sum(dim=1) > 1)
    if not bad.any():
        return
    row, position = (int(i) for i in bad.nonzero()[0])
    soft = onehot[row, ~hard[row, :, position], position]
    what = (
        f"holds {soft[0].item():g}"
        if len(soft)
        else f"sums to {int(onehot[row, :, position].sum())}"
    )
    raise UserError(f"{name}: row {row} {what} at position {position}; {_WANTED}")


def _shape_remedy(onehot: Tensor) -> str:
    wanted = "; wants (batch, 4, length)"
    if onehot.ndim == 3 and onehot.shape[2] == 4:
        return f"{wanted}: swap the last two axes"
    if onehot.ndim == 2 and onehot.shape[0] == 4:
        return f"{wanted}: add a first axis for the batch"
    return wanted
