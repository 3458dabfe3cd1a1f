"""Batches of profiles for training: windows moved anew in each epoch, from their stored place."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import torch
from jaxtyping import Float32
from torch import Tensor
from torch.utils import data

from cislens.data import profiles, sampling
from cislens.data.dataset import SequenceView
from cislens.sequence import onehot
from cislens.sequence.shapes import OneHot

Counts = Float32[Tensor, "batch tracks positions"]


class ProfileBatch(NamedTuple):
    """Windows and their counts."""

    onehot: OneHot
    counts: Counts
    control: Counts | None
    """Counts of the control tracks; None where there are none."""
    is_peak: Float32[Tensor, " batch"]
    """1 for a window at a peak, 0 for background."""
    strands: int
    """Tracks of a task, which stand side by side."""


class Batches(data.Dataset):
    """A view as PyTorch wants it: one call reads a whole batch.

    Parameters
    ----------
    view
        The windows to read, of a dataset of profiles.
    """

    def __init__(self, view: SequenceView) -> None:
        self._view = view
        self._layout = profiles.layout(view)

    def __len__(self) -> int:
        return len(self._view)

    def __getitems__(self, keys: Sequence[int]) -> ProfileBatch:
        """Read the windows that `MovedOrder` names."""
        moves, places = np.divmod(np.asarray(keys, np.int64), len(self._view))
        found = profiles.read(self._view, places, shift=moves - self._layout.jitter)
        return ProfileBatch(
            onehot.from_codes(found.codes),
            torch.from_numpy(found.counts),
            None if found.control is None else torch.from_numpy(found.control),
            torch.from_numpy(found.is_peak.astype(np.float32)),
            self._layout.strands,
        )


class MovedOrder(sampling.EpochOrder):
    """Windows in an order, each moved by some bp, both from seed and epoch only.

    A window's move depends on its place in the view and not on the batch it comes in, and starts
    from where it is stored: moves do not add up, and workers, who are told it, cannot repeat each
    other's.

    Parameters
    ----------
    count
        Number of windows.
    jitter
        Largest move to either side, in bp; 0 leaves them, as for validation.
    stored
        Jitter of the dataset, in bp.
    shuffle
        Draw a new uniform order each epoch.
    seed
        Seed of orders and moves.
    """

    def __init__(self, count: int, *, jitter: int, stored: int, shuffle: bool, seed: int) -> None:
        super().__init__(count, shuffle=shuffle, seed=seed)
        self._jitter, self._stored = jitter, stored

    def __iter__(self) -> Iterator[int]:
        # One number a window, so that a sampler of plain numbers carries both.
        generator = np.random.default_rng([self._seed, self._epoch, 1])
        moves = generator.integers(-self._jitter, self._jitter + 1, self._count) + self._stored
        order = np.fromiter(super().__iter__(), np.int64, self._count)
        return iter((order + moves[order] * self._count).tolist())


def loader(
    view: SequenceView, *, batch_size: int, shuffle: bool, seed: int = 0, num_workers: int = 0
) -> data.DataLoader:
    """Serve a view of profiles in batches.

    Parameters
    ----------
    view
        The windows to read.
    batch_size
        Windows a batch; the last batch may be smaller.
    shuffle
        Draw a new uniform order each epoch, and move each window by up to the dataset's jitter,
        from `seed` and the number of the epoch only; otherwise windows lie where they are stored.
    seed
        Seed of orders and moves.
    num_workers
        Processes that read ahead.

    Returns
    -------
    DataLoader
        Yields `ProfileBatch`.
    """
    stored = profiles.layout(view).jitter
    return data.DataLoader(
        Batches(view),
        batch_size=batch_size,
        sampler=MovedOrder(
            len(view), jitter=stored if shuffle else 0, stored=stored, shuffle=shuffle, seed=seed
        ),
        collate_fn=sampling.as_read,
        num_workers=num_workers,
        generator=torch.Generator().manual_seed(seed),
    )
