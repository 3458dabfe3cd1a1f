"""Tracks of counts along a sequence, as they lie along its other strand."""

from numpy.typing import NDArray


def turned(counts: NDArray, *, strands: int) -> NDArray:
    """Turn tracks to how they lie along the other strand.

    Parameters
    ----------
    counts
        (batch, tracks, positions).
    strands
        Tracks of a task, which change places.

    Returns
    -------
    NDArray
        A view of the same shape.
    """
    paired = counts.reshape(len(counts), -1, strands, counts.shape[-1])
    return paired[:, :, ::-1, ::-1].reshape(counts.shape)
