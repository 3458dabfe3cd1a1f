"""What the rows of a dataset must be like to be written."""

import numpy as np
from numpy.typing import NDArray

from cislens.data import kinds, store
from cislens.errors import UserError
from cislens.sequence import alphabet as alphabets


def header(header: store.Header) -> None:
    """Refuse a dataset without bases or tasks, with two tasks of one name, or of unknown kind."""
    kinds.check(header.target_kind)
    if (header.target_kind == "profile") != (header.profile is not None):
        raise UserError(
            "target_kind='profile': wants a layout of tracks, and no other kind has one"
        )
    if header.length < 1:
        raise UserError(f"length={header.length}: sequences of at least 1 bp are wanted")
    if not header.tasks or len(set(header.tasks)) != len(header.tasks):
        raise UserError(f"tasks={header.tasks}: one or more different names are wanted")


def codes(codes: NDArray[np.uint8], *, length: int) -> None:
    """Refuse codes of another type, length or range."""
    if codes.ndim != 2 or codes.shape[1] != length or codes.dtype != np.uint8:
        raise UserError(
            f"codes: got {codes.dtype} of shape {codes.shape}; "
            f"uint8 of shape (batch, {length}) is wanted"
        )
    if codes.size and codes.max() > alphabets.N_CODE:
        row, position = np.argwhere(codes > alphabets.N_CODE)[0]
        raise UserError(
            f"codes: row {row} holds {codes[row, position]} at position {position}; "
            "A C G T N are coded 0 to 4"
        )


def targets(values: NDArray[np.float32], header: store.Header, count: int) -> None:
    """Refuse targets of another shape, or values that their kind does not have."""
    wanted = (count, len(header.tasks))
    if values.shape != wanted:
        raise UserError(
            f"targets: got shape {values.shape} beside {count} rows of codes; {wanted} is wanted, "
            "one column a task"
        )
    wrong = np.argwhere(~kinds.allowed(header.target_kind, values))
    if len(wrong):
        row, task = wrong[0]
        raise UserError(
            f"targets: row {row} of task {header.tasks[task]} is {values[row, task]:g}; "
            f"{header.target_kind} targets are {kinds.KINDS[header.target_kind]}, "
            "or NaN where not measured"
        )
