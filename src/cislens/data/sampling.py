"""Batches for training: shuffled uniformly each epoch, read as whole batches."""

from collections.abc import Iterator, Sequence

import numpy as np
import torch
from jaxtyping import Float32
from torch import Tensor
from torch.utils import data

from cislens.data import _moves
from cislens.data.dataset import SequenceView
from cislens.errors import UserError
from cislens.sequence import onehot
from cislens.sequence.shapes import OneHot

Batch = tuple[OneHot, Float32[Tensor, "batch tasks"]]


class Batches(data.Dataset):
    """A view as PyTorch wants it: one call reads a whole batch.

    Parameters
    ----------
    view
        The sequences to read.
    """

    def __init__(self, view: SequenceView) -> None:
        self._view = view

    def __len__(self) -> int:
        return len(self._view)

    def __getitems__(self, rows: Sequence[int]) -> Batch:
        """Read the sequences at these positions, perhaps moved, and their targets."""
        places, moves = _moves.parted(np.asarray(rows, dtype=np.int64), count=len(self._view))
        codes = _moves.moved(self._view[places], moves)
        return onehot.from_codes(codes), torch.from_numpy(self._view.read_targets(places))


class EpochOrder(data.Sampler[int]):
    """Positions in an order that depends on seed and epoch only.

    Each iteration is one epoch; the next one follows by itself. Lightning calls `set_epoch`, so
    that a resumed training goes on with the order it would have had.

    Parameters
    ----------
    count
        Number of sequences.
    shuffle
        Draw a new uniform order each epoch; otherwise they come as stored.
    seed
        Seed of the orders.
    """

    def __init__(self, count: int, *, shuffle: bool, seed: int) -> None:
        self._count, self._shuffle, self._seed = count, shuffle, seed
        self._epoch = 0

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[int]:
        epoch, self._epoch = self._epoch, self._epoch + 1
        if not self._shuffle:
            return iter(range(self._count))
        return iter(np.random.default_rng([self._seed, epoch]).permutation(self._count).tolist())

    def set_epoch(self, epoch: int) -> None:
        """Say which epoch the next iteration is.

        Parameters
        ----------
        epoch
            Number of the epoch, from 0.
        """
        self._epoch = epoch


def loader(
    view: SequenceView,
    *,
    batch_size: int,
    shuffle: bool,
    seed: int = 0,
    num_workers: int = 0,
    order: EpochOrder | None = None,
) -> data.DataLoader:
    """Serve a view in batches.

    Parameters
    ----------
    view
        The sequences to read.
    batch_size
        Sequences a batch; the last batch may be smaller.
    shuffle
        Draw a new uniform order each epoch, from `seed` and the number of the epoch only.
    seed
        Seed of the orders.
    num_workers
        Processes that read ahead; reading is so cheap that 0, this process, is rarely slower.
    order
        Which sequences an epoch has, in place of all that `shuffle` and `seed` order.

    Returns
    -------
    DataLoader
        Yields pairs: one-hot sequences (batch, 4, length) and targets (batch, tasks), float32.

    Raises
    ------
    UserError
        If the view is empty or the batch size is below 1.
    """
    if len(view) == 0:
        raise UserError("view: holds no sequence; choose a split that has some")
    if batch_size < 1:
        raise UserError(f"batch_size={batch_size}: at least 1 is wanted")
    return data.DataLoader(
        Batches(view),
        batch_size=batch_size,
        sampler=order or EpochOrder(len(view), shuffle=shuffle, seed=seed),
        collate_fn=as_read,
        num_workers=num_workers,
        # Without its own generator, each epoch draws from the global one and shifts dropout.
        generator=torch.Generator().manual_seed(seed),
    )


def as_read(batch: object) -> object:
    """Leave a batch as it was read.

    Parameters
    ----------
    batch
        The batch.

    Returns
    -------
    object
        The same.
    """
    return batch
