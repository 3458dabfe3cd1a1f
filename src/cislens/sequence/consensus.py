"""One map from several, of other methods or networks, and one number per position from a map."""

from collections.abc import Sequence

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional

from cislens.errors import UserError

Map = Float[Tensor, "batch 4 length"]


def consensus(maps: Sequence[Map]) -> Map:
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
    Map
        Their mean, without unit, float64. A map of zeros takes part as zeros.

    Raises
    ------
    UserError
        If there is no map, or shapes differ.
    """
    if not maps:
        raise UserError("maps=[]: one or more are wanted")
    shapes = {tuple(one.shape) for one in maps}
    if len(shapes) > 1:
        raise UserError(f"maps: shapes {sorted(shapes)}; maps of the same sequences are wanted")
    return torch.stack([_scaled(one) for one in maps]).mean(dim=0)


def importance(
    map_: Map, onehot: Float[Tensor, "_ 4 _"], *, smoothing: float = 1.0
) -> Float[Tensor, "batch length"]:
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
        Motifs are islands: a base without information between two with some belongs to one.

    Returns
    -------
    Tensor
        ``(batch, length)``, in the unit of the map, float64.

    Raises
    ------
    UserError
        If the smoothing is below 0, or the shapes differ.
    """
    if smoothing < 0:
        raise UserError(f"smoothing={smoothing}: wants 0 or more, in bp")
    if onehot.shape != map_.shape:
        raise UserError(
            f"onehot: shape {tuple(onehot.shape)}; the map is {tuple(map_.shape)}: give the "
            "sequences it is of"
        )
    centred = _centred(map_)
    tracks = centred.norm(dim=1) + (centred * onehot.to(centred)).sum(dim=1)
    return _smoothed(tracks, smoothing) if smoothing else tracks


def _centred(map_: Tensor) -> Tensor:
    values = map_.detach().double()
    return values - values.mean(dim=1, keepdim=True)


def _scaled(map_: Tensor) -> Tensor:
    values = _centred(map_)
    size = values.square().mean(dim=(1, 2), keepdim=True).sqrt()
    return values / torch.where(size > 0, size, 1)


def _smoothed(tracks: Tensor, sigma: float) -> Tensor:
    """Average with a Gaussian, of the positions there are: ends are not pulled to 0."""
    reach = max(1, round(4 * sigma))
    kernel = torch.arange(-reach, reach + 1, dtype=tracks.dtype).div(sigma).square().mul(-0.5).exp()
    both = torch.stack([tracks, torch.ones_like(tracks)], dim=1)
    sums = functional.conv1d(both, kernel.expand(2, 1, -1), padding=reach, groups=2)
    return sums[:, 0] / sums[:, 1]
