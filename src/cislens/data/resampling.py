"""Epochs of all positives and as many negatives as wanted, drawn anew each time."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from cislens.data import sampling
from cislens.data.dataset import SequenceView
from cislens.errors import UserError

_BLOCK = 2**16
Places = NDArray[np.int64]


def classes(view: SequenceView) -> tuple[Places, Places]:
    """Tell sequences that anything binds from those that nothing does.

    Parameters
    ----------
    view
        Sequences with labels of 0 and 1; NaN or -1 where it is not known.

    Returns
    -------
    positives
        Positions in the view with a 1 in some task.
    negatives
        Positions with 0 in all tasks; those without a 1 of which a task is not known are neither.
    """
    bound, free = np.zeros((2, len(view)), bool)
    for start in range(0, len(view), _BLOCK):
        rows = slice(start, start + _BLOCK)
        targets = view.read_targets(rows)
        bound[rows], free[rows] = (targets == 1).any(axis=1), (targets == 0).all(axis=1)
    return np.flatnonzero(bound), np.flatnonzero(free)


class ResampledOrder(sampling.EpochOrder):
    """All positives in a new order each epoch, with negatives drawn anew from all there are.

    Both are spread evenly over the epoch, so that each batch has them in about the same ratio, to
    one sequence. Orders depend on seed and epoch only.

    Parameters
    ----------
    positives
        Positions in the view that every epoch has.
    negatives
        Positions that an epoch has some of, none of them twice.
    per_positive
        How many for each positive; as many as there are if there are fewer.
    seed
        Seed of the orders.

    References
    ----------
    Tseng et al. 2020 (NeurIPS) draw one for each positive. They do so for validation and test as
    well; here these stay whole, so that scores have the base rate of the data.
    """

    def __init__(
        self, positives: Places, negatives: Places, *, per_positive: float, seed: int
    ) -> None:
        self._positives, self._negatives = positives, negatives
        self._drawn = min(len(negatives), round(per_positive * len(positives)))
        super().__init__(len(positives) + self._drawn, shuffle=True, seed=seed)

    def __iter__(self) -> Iterator[int]:
        epoch, self._epoch = self._epoch, self._epoch + 1
        rng = np.random.default_rng([self._seed, epoch])
        parts = [
            rng.permutation(self._positives),
            rng.choice(self._negatives, self._drawn, replace=False),
        ]
        ranks = [(np.arange(len(part)) + 0.5) / max(1, len(part)) for part in parts]
        order = np.argsort(np.concatenate(ranks), kind="stable")
        return iter(np.concatenate(parts)[order].tolist())


def order(view: SequenceView, *, per_positive: float, seed: int) -> ResampledOrder:
    """Order the epochs of a view.

    Parameters
    ----------
    view
        Sequences with labels of 0 and 1.
    per_positive
        Negatives in each epoch, for each positive.
    seed
        Seed of the orders.

    Returns
    -------
    ResampledOrder
        For `sampling.loader`.

    Raises
    ------
    UserError
        If nothing is positive, or nothing negative in all tasks.
    """
    positives, negatives = classes(view)
    if not (len(positives) and len(negatives)):
        raise UserError(
            f"negatives={per_positive:g}: {len(positives)} training sequences are positive and "
            f"{len(negatives)} negative in all tasks; wants some of both, or leave it out"
        )
    return ResampledOrder(positives, negatives, per_positive=per_positive, seed=seed)
