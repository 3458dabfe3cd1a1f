"""Edits of one-hot sequences: each returns a new tensor."""

import torch
from jaxtyping import Float
from torch import Tensor

from cislens.errors import UserError
from cislens.sequence.shapes import OneHot


def substitute(onehot: OneHot, motif: Float[Tensor, "4 width"], *, start: int) -> OneHot:
    """Write a motif over the bases that stand there.

    Parameters
    ----------
    onehot
        The sequences to edit.
    motif
        The bases to write, one-hot; taken to the type and device of the sequences.
    start
        First base overwritten, in bp, 0-based.

    Returns
    -------
    OneHot
        A copy with the motif in place, as long as before.

    Raises
    ------
    UserError
        If the motif does not fit between ``start`` and the end.
    """
    width, length = motif.shape[1], onehot.shape[2]
    if width > length:
        raise UserError(f"motif: {width} bp do not fit in sequences of {length} bp")
    if not 0 <= start <= length - width:
        raise UserError(f"start={start}: the motif fits at 0 to {length - width}")
    edited = onehot.clone()
    edited[:, :, start : start + width] = motif.to(onehot)
    return edited


def insert(
    onehot: OneHot, motif: Float[Tensor, "4 width"], *, start: int
) -> Float[Tensor, "batch 4 length+width"]:
    """Put a motif between bases and move what follows to the right.

    Parameters
    ----------
    onehot
        The sequences to edit.
    motif
        The bases to insert, one-hot; taken to the type and device of the sequences.
    start
        Where the motif's first base will stand, in bp, 0-based; the length puts it at the end.

    Returns
    -------
    Float[Tensor, "batch 4 length+width"]
        New sequences, longer by the width of the motif.

    Raises
    ------
    UserError
        If ``start`` is not between 0 and the length.
    """
    length = onehot.shape[2]
    if not 0 <= start <= length:
        raise UserError(f"start={start}: the motif can go in at 0 to {length}")
    inserted = motif.to(onehot).expand(len(onehot), -1, -1)
    return torch.cat([onehot[:, :, :start], inserted, onehot[:, :, start:]], dim=2)


def delete(onehot: OneHot, *, start: int, end: int) -> Float[Tensor, "batch 4 shorter"]:
    """Take out bases and close the gap.

    Parameters
    ----------
    onehot
        The sequences to edit.
    start
        First base taken out, in bp, 0-based.
    end
        First base kept after them.

    Returns
    -------
    Float[Tensor, "batch 4 shorter"]
        New sequences, shorter by ``end - start``.

    Raises
    ------
    UserError
        If ``start`` and ``end`` are not in order between 0 and the length.
    """
    length = onehot.shape[2]
    if not 0 <= start <= end <= length:
        raise UserError(f"start={start}, end={end}: wants 0 <= start <= end <= {length}")
    return torch.cat([onehot[:, :, :start], onehot[:, :, end:]], dim=2)
