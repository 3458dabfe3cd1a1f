"""What a network of profiles minimises: where counts fall, and how many there are."""

import math

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional

from cislens.training.losses import Loss

COUNTS_WEIGHT = 20.0
"""Published weight of the error of the log counts."""

Tracks = Float[Tensor, "batch tracks positions"]
Totals = Float[Tensor, "batch tracks"]


def profile(
    logits: Tracks, log_counts: Totals, counts: Tracks, *, counts_weight: float = COUNTS_WEIGHT
) -> Loss:
    """Take the negative log likelihood of the shape plus the weighted error of the log counts.

    Parameters
    ----------
    logits
        Logits along the positions.
    log_counts
        Predicted natural log of 1 + the total.
    counts
        Measured counts; a track that holds NaN was not measured.
    counts_weight
        Weight of the squared error of the log counts.

    Returns
    -------
    Loss
        One entry a track.

    References
    ----------
    Tseng et al. 2020 (NeurIPS), after Avsec et al. 2021, doi 10.1038/s41588-021-00782-6.
    """
    shape, total = multinomial(logits, counts), log_counts_error(log_counts, counts)
    return Loss(shape.total + counts_weight * total.total, shape.measured)


def multinomial(logits: Tracks, counts: Tracks) -> Loss:
    """Take the negative log likelihood of the counts at each position, given their total.

    Parameters
    ----------
    logits
        Logits along the positions.
    counts
        Measured counts, which need not be whole; a track that holds NaN was not measured.

    Returns
    -------
    Loss
        In nats, one entry a track; the multinomial coefficient is part of it, so that 0 is the
        least.
    """
    measured, known = _measured(counts)
    likelihood = (known * functional.log_softmax(logits.to(known.dtype), dim=-1)).sum(dim=-1)
    orders = torch.lgamma(known.sum(dim=-1) + 1) - torch.lgamma(known + 1).sum(dim=-1)
    return Loss(-((orders + likelihood) * measured).sum(), measured.sum())


def gain(logits: Tracks, counts: Tracks) -> Loss:
    """Measure how much likelier the counts are under the predicted shape than under a flat one.

    Parameters
    ----------
    logits
        Logits along the positions.
    counts
        Measured counts; a track that holds NaN was not measured.

    Returns
    -------
    Loss
        In nats, one entry a track: the `multinomial` loss of equal logits less that of these, below
        0 where the flat shape is better.
    """
    measured, known = _measured(counts)
    shares = functional.log_softmax(logits.to(known.dtype), dim=-1)
    gained = (known * (shares + math.log(logits.shape[-1]))).sum(dim=-1)
    return Loss((gained * measured).sum(), measured.sum())


def log_counts_error(log_counts: Totals, counts: Tracks) -> Loss:
    """Take the squared error of the log counts.

    Parameters
    ----------
    log_counts
        Predicted natural log of 1 + the total.
    counts
        Measured counts; a track that holds NaN was not measured.

    Returns
    -------
    Loss
        In squared nats, one entry a track.
    """
    measured, known = _measured(counts)
    difference = (log_counts.to(known.dtype) - known.sum(dim=-1).log1p()) * measured
    return Loss(difference.square().sum(), measured.sum())


def _measured(counts: Tracks) -> tuple[Totals, Tracks]:
    """Give 1 for a measured track and 0 for another, and the counts with 0 for what was not."""
    # Half precision ends at 65504 counts.
    counts = counts if counts.dtype == torch.float64 else counts.float()
    missing = counts.isnan().any(dim=-1)
    return (~missing).to(counts.dtype), counts.masked_fill(missing[:, :, None], 0)
