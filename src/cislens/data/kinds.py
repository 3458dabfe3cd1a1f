"""Kinds of targets: binary, continuous, counts, or the totals of profiles."""

import numpy as np
from numpy.typing import NDArray

from cislens.errors import UserError

KINDS = {
    "binary": "0 or 1",
    "continuous": "finite numbers",
    "count": "whole numbers from 0",
    "profile": "totals of at least 0",
}
"""Each kind and the values it has, beside NaN for what was not measured."""


def allowed(kind: str, targets: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Tell which values are of a kind; NaN, not measured, is of every kind.

    Parameters
    ----------
    kind
        One of `KINDS`.
    targets
        Values of any shape.

    Returns
    -------
    NDArray[np.bool_]
        True where the value fits.
    """
    fits: NDArray[np.bool_] = np.isfinite(targets)
    if kind == "binary":
        fits = (targets == 0) | (targets == 1)
    if kind == "count":
        fits &= (targets >= 0) & (targets == np.floor(targets))
    if kind == "profile":
        fits &= targets >= 0
    return fits | np.isnan(targets)


def check(kind: str) -> None:
    """Refuse an unknown kind.

    Parameters
    ----------
    kind
        Name of a kind.

    Raises
    ------
    UserError
        If it is not one of `KINDS`.
    """
    if kind not in KINDS:
        raise UserError(f"target_kind={kind!r}: known are {', '.join(KINDS)}")


class Inference:
    """Finds the kind of targets that come batch after batch.

    Zeros and ones alone are binary; anything else is continuous. Counts are never guessed: whole
    numbers may as well be ranks or rounded measurements.
    """

    def __init__(self) -> None:
        self.kind = "binary"

    def see(self, targets: NDArray[np.float32]) -> None:
        """Take a batch into account.

        Parameters
        ----------
        targets
            Values of any shape.
        """
        if self.kind == "binary" and not allowed("binary", targets).all():
            self.kind = "continuous"
