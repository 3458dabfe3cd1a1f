"""One map from several, of other methods or networks, and one number per position from a map."""

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float64, Shaped
from scipy import ndimage

from cislens.errors import UserError

Maps = Shaped[np.ndarray, "_ 4 _"]


def consensus(maps: Sequence[Maps]) -> Float64[np.ndarray, "rows 4 length"]:
    """Average maps of the same sequences, of any methods, networks and units.

    Each map loses its mean over the four bases, which no sequence can see, and is divided by its
    root mean square, sequence by sequence, so that each has the same say. What methods and
    networks find in common stays, what each makes up cancels.

    Parameters
    ----------
    maps
        One or more maps of one shape, in any gauge but "global" and "projected".

    Returns
    -------
    Float64[np.ndarray, "rows 4 length"]
        Their mean, without unit. A map of zeros takes part as zeros.

    Raises
    ------
    UserError
        If there is no map, or shapes differ.
    """
    if not maps:
        raise UserError("maps=[]: one or more are wanted")
    shapes = {one.shape for one in maps}
    if len(shapes) > 1:
        raise UserError(f"maps: shapes {sorted(shapes)}; maps of the same sequences are wanted")
    mean: Float64[np.ndarray, "rows 4 length"] = np.mean([_scaled(one) for one in maps], axis=0)
    return mean


def importance(
    map_: Maps, onehot: Maps, *, smoothing: float = 1.5
) -> Float64[np.ndarray, "rows length"]:
    """Say how much each position matters.

    The norm over the four bases says that a position matters at all, whichever base would be best
    there; the value of the base that stands there says that it speaks for the output. Their sum
    ranks bases of motifs above either alone.

    Parameters
    ----------
    map_
        A map in any gauge but "global" and "projected"; its mean over the bases is taken off.
    onehot
        Its sequences; at N the norm stands alone.
    smoothing
        Standard deviation of the Gaussian that the sums are smoothed with, in bp; 0 for none.
        Motifs are islands: a base without information between two with some belongs to one. The
        default did best of 0, 1, 1.5 and 2 with planted motifs (docs/benchmarks/koo2021.md).

    Returns
    -------
    Float64[np.ndarray, "rows length"]
        In the unit of the map.

    Raises
    ------
    UserError
        If the smoothing is below 0, or the shapes differ.
    """
    if smoothing < 0:
        raise UserError(f"smoothing={smoothing}: wants 0 or more, in bp")
    if onehot.shape != map_.shape:
        raise UserError(
            f"onehot: shape {onehot.shape}; the map is {map_.shape}: give the sequences it is of"
        )
    centred = _centred(map_)
    tracks = np.linalg.norm(centred, axis=1) + (centred * onehot).sum(axis=1)
    return _smoothed(tracks, smoothing) if smoothing else tracks


def _centred(map_: Maps) -> Float64[np.ndarray, "rows 4 length"]:
    values = map_.astype(np.float64)
    centred: Float64[np.ndarray, "rows 4 length"] = values - values.mean(axis=1, keepdims=True)
    return centred


def _scaled(map_: Maps) -> Float64[np.ndarray, "rows 4 length"]:
    values = _centred(map_)
    size = np.sqrt(np.square(values).mean(axis=(1, 2), keepdims=True))
    return values / np.where(size > 0, size, 1)


def _smoothed(
    tracks: Float64[np.ndarray, "rows length"], sigma: float
) -> Float64[np.ndarray, "rows length"]:
    """Average with a Gaussian, of the positions there are: ends are not pulled to 0."""
    reach = max(1, round(4 * sigma))
    kernel = np.exp(-0.5 * np.square(np.arange(-reach, reach + 1) / sigma))
    sums, weights = (
        ndimage.convolve1d(values, kernel, axis=1, mode="constant")
        for values in (tracks, np.ones_like(tracks))
    )
    smooth: Float64[np.ndarray, "rows length"] = sums / weights
    return smooth
