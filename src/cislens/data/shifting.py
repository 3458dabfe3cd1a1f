"""Sequences moved by some bp in each epoch, from where they are stored."""

from collections.abc import Iterator

import numpy as np

from cislens.data import _moves, sampling


class ShiftedOrder(sampling.EpochOrder):
    """Another order, with a move for each sequence; both depend on seed and epoch only.

    The move of a sequence depends on its position in the view and not on the batch it comes in, and
    starts from where it is stored: moves do not add up, and workers, who are told it, cannot repeat
    each other's.

    Parameters
    ----------
    order
        Which sequences an epoch has.
    count
        Number of sequences in the view.
    shift
        Largest move to either side, in bp; all from 0 to this are as likely.
    seed
        Seed of the moves.

    References
    ----------
    Kelley et al. 2018 (Basenji), doi:10.1101/gr.227819.117, move sequences by up to 3 bp.
    """

    def __init__(self, order: sampling.EpochOrder, *, count: int, shift: int, seed: int) -> None:
        super().__init__(len(order), shuffle=True, seed=seed)
        self._order, self._views, self._shift = order, count, shift

    def __iter__(self) -> Iterator[int]:
        epoch, self._epoch = self._epoch, self._epoch + 1
        self._order.set_epoch(epoch)
        rng = np.random.default_rng([self._seed, epoch, 1])
        moves = rng.integers(-self._shift, self._shift + 1, self._views)
        places = np.fromiter(self._order, np.int64, len(self._order))
        return iter(_moves.joined(places, moves[places], count=self._views).tolist())
