"""Attribution priors: what an explanation is asked to be like, one number per sequence.

All but `gradient_norm` take tracks: how important each position of a sequence is, at least 0. All
are differentiable, and safe for tracks of zeros. The arithmetic is float32 at least.
"""

from functools import lru_cache

import torch
from jaxtyping import Complex, Float
from torch import Tensor
from torch.nn import functional

Tracks = Float[Tensor, "batch length"]
Penalty = Float[Tensor, " batch"]


def observed(attributions: Float[Tensor, "batch 4 length"], onehot: Tensor) -> Tracks:
    """Take how much the base that stands at each position matters.

    Parameters
    ----------
    attributions
        A value for each base and position, such as gradients.
    onehot
        The sequences, of that shape.

    Returns
    -------
    Tracks
        The absolute value of the observed base, 0 at N.
    """
    return (attributions * onehot).sum(dim=1).abs()


def fourier(
    tracks: Tracks,
    *,
    period: float = 6.7,
    softness: float | None = 0.2,
    smoothing: int = 0,
    direct: bool = True,
) -> Penalty:
    """Measure the share of a track's magnitude spectrum that is not of low frequency.

    Nothing but the constant part and the frequencies above the cut-off is penalised. As tracks are
    at least 0 their constant part is large unless they stand in few places, so a track of one
    island, 8 to 15 bp wide, has the least penalty; see `direct`.

    Parameters
    ----------
    tracks
        Importance of each position.
    period
        Shortest period that is not penalised, in bp.
    softness
        Exponent c of the weight 1 / (1 + x**c) of the frequency x bins above the cut-off; None for
        0, a hard cut-off.
    smoothing
        Standard deviation of the Gaussian that tracks are smoothed with, cut off at one, in bp;
        published 3, 0 for none.
    direct
        Whether the constant part is part of the spectrum. Without it hardly more than smoothness
        is left.

    Returns
    -------
    Penalty
        0 to 1; 1, with a gradient of 0, for a track of zeros.

    References
    ----------
    Tseng et al. 2020 (NeurIPS), where the limits are 150 of 501 and 200 of 674 bins.
    """
    tracks = _precise(tracks)
    if smoothing:
        kernel = _gaussian(smoothing).to(tracks)
        tracks = functional.conv1d(tracks[:, None], kernel[None, None], padding=smoothing)[:, 0]
    length = tracks.shape[1]
    weights = _low_pass(length, round(length / period), softness).to(tracks)
    magnitudes = _magnitudes(torch.fft.rfft(tracks))[:, 0 if direct else 1 :]
    rewarded = (magnitudes * weights[0 if direct else 1 :]).sum(dim=1)
    return 1 - _share(rewarded, magnitudes.sum(dim=1))


def total_variation(tracks: Tracks) -> Penalty:
    """Measure how much a track goes up and down, beside its sum.

    Parameters
    ----------
    tracks
        Importance of each position.

    Returns
    -------
    Penalty
        Sum of the steps between neighbours over twice the sum of the track, 0 to 1; 1, with a
        gradient of 0, for a track of zeros.

    References
    ----------
    Tseng et al. 2020 (NeurIPS) take the sum of the steps alone, which a network lowers by making
    all its gradients smaller; Erion et al. 2021, doi 10.1038/s42256-021-00343-w.
    """
    tracks = _precise(tracks)
    steps = tracks.diff(dim=1).abs().sum(dim=1)
    return 1 - _share(2 * tracks.sum(dim=1) - steps, 2 * tracks.sum(dim=1))


def gini(tracks: Tracks) -> Penalty:
    """Measure how evenly importance is spread: 1 less the Gini coefficient.

    Parameters
    ----------
    tracks
        Importance of each position.

    Returns
    -------
    Penalty
        1 / length for a single important position, 1 for a flat track and, with a gradient of 0,
        for one of zeros.

    References
    ----------
    Erion et al. 2021, doi 10.1038/s42256-021-00343-w. Tseng et al. 2020 (NeurIPS) take -2 times the
    coefficient by comparing all pairs; sorting gives it in O(L log L).
    """
    ordered = _precise(tracks).sort(dim=1).values
    length = tracks.shape[1]
    ranks = torch.arange(1, length + 1, device=tracks.device, dtype=ordered.dtype)
    spread = ((2 * ranks - length - 1) * ordered).sum(dim=1)
    return 1 - _share(spread, length * ordered.sum(dim=1))


def l2(tracks: Tracks) -> Penalty:
    """Measure the sum of squares of a track.

    Parameters
    ----------
    tracks
        Importance of each position.

    Returns
    -------
    Penalty
        In squared units of the explained output; smaller for smaller gradients.
    """
    return _precise(tracks).square().sum(dim=1)


def gradient_norm(attributions: Float[Tensor, "batch 4 length"]) -> Penalty:
    """Measure the length of the gradient, all four bases of each position.

    Parameters
    ----------
    attributions
        The gradient.

    Returns
    -------
    Penalty
        In units of the explained output; its own gradient is 0 where it is 0.

    References
    ----------
    Drucker and LeCun 1992, doi 10.1109/72.165600; Gulrajani et al. 2017, arXiv:1704.00028.
    """
    squares = _precise(attributions).square().sum(dim=(1, 2))
    is_zero = squares == 0
    return torch.where(is_zero, 0, torch.where(is_zero, 1, squares).sqrt())


def _precise(x: Tensor) -> Tensor:
    """Bring half precision to single: its FFT exists for few lengths, its sums overflow."""
    return x if x.dtype == torch.float64 else x.float()


def _share(part: Tensor, whole: Tensor) -> Tensor:
    """Divide, with 0 and no gradient for 0 / 0."""
    holds = whole > 0
    return torch.where(holds, part, 0) / torch.where(holds, whole, 1)


def _magnitudes(spectrum: Complex[Tensor, "batch bins"]) -> Float[Tensor, "batch bins"]:
    # The gradient of abs at a complex zero is 0 in PyTorch, and no NaN.
    return spectrum.abs()


@lru_cache(maxsize=64)
def _gaussian(sigma: int) -> Tensor:
    places = torch.arange(-sigma, sigma + 1, dtype=torch.float64)
    kernel = torch.exp(-0.5 * (places / sigma) ** 2)
    return kernel / kernel.sum()


@lru_cache(maxsize=64)
def _low_pass(length: int, limit: int, softness: float | None) -> Tensor:
    beyond = (torch.arange(length // 2 + 1, dtype=torch.float64) - limit).clamp(min=0)
    falling = torch.zeros_like(beyond) if softness is None else 1 / (1 + beyond**softness)
    weights = torch.where(beyond > 0, falling, 1)
    weights[0] = 0
    return weights
