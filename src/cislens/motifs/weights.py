"""First-layer weights themselves, written as if they were motifs."""

import numpy as np
from torch import nn

from cislens.errors import UserError
from cislens.models import layers
from cislens.sequence.pwm import Pwm


def as_motifs(model: nn.Module, *, layer: str | None = None) -> list[Pwm]:
    """Shift the weights of each column above 0 and divide by their sum.

    No probability is meant by it: a filter of small weights looks as sharp as one of large ones,
    and what the sequences hold is not asked. To be set beside motifs of activated sites
    (`cislens.motifs.filters`), not instead of them.

    Parameters
    ----------
    model
        The network.
    layer
        Dotted name of a convolution that reads the bases; the first one where it is not given.

    Returns
    -------
    list of Pwm
        One motif a filter; a column of equal weights is flat.

    Raises
    ------
    UserError
        If there is no such convolution, or it does not read four bases.

    References
    ----------
    The way "direct" of an analysis of DeepSEA (T. M. Tang, deepsea-interpretability, 2020).
    """
    known = layers.convolutions(model)
    if not known:
        raise UserError("model: it has no convolution of sequences")
    convolution = layers.find(model, next(iter(known)) if layer is None else layer)
    if not isinstance(convolution, nn.Conv1d) or convolution.weight.shape[1] != 4:
        raise UserError(f"layer={layer!r}: is no convolution of four bases; take the first one")
    kernel = convolution.weight.detach().double().cpu().numpy()
    shifted = kernel - kernel.min(axis=1, keepdims=True)
    total = shifted.sum(axis=1, keepdims=True)
    columns = np.divide(shifted, total, out=np.full(shifted.shape, 0.25), where=total > 0)
    return [Pwm(f"filter_{number}", motif) for number, motif in enumerate(columns)]
