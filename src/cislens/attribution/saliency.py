"""Saliency: the gradient of the explained number."""

from torch import nn

from cislens.attribution import _asking, _targets
from cislens.models import inference
from cislens.models.inference import Device, Target
from cislens.sequence.attributions import Attributions
from cislens.sequence.shapes import OneHot


def attribute(
    model: nn.Module,
    onehot: OneHot,
    *,
    target: Target,
    batch_size: int = 256,
    device: Device = None,
    absolute: bool = False,
) -> Attributions:
    """Differentiate the explained number by each element of the sequence.

    Parameters
    ----------
    model
        The network; given back as it came.
    onehot
        The sequences.
    target
        Which output, counted from 0, or a function of the outputs that gives one number per
        sequence.
    batch_size
        Sequences per batch.
    device
        Where to run; None is where the network is.
    absolute
        Whether to drop the sign, as the paper does; such a map is noted and cannot be compared
        with a change of the output.

    Returns
    -------
    Attributions
        The signed gradient, gauge "local". Bases that are absent from the sequence have values too.

    Raises
    ------
    UserError
        If the sequences or the target do not fit the network, or an output is NaN.

    References
    ----------
    Simonyan et al. 2014, arXiv:1312.6034; their map is the largest absolute value of a position.
    """
    onehot = _asking.checked(onehot, target=target)
    gradient = inference.gradient(
        model, onehot, target=target, batch_size=batch_size, device=device
    )
    values = gradient.abs() if absolute else gradient
    return Attributions(
        values=values.float().cpu(),
        method="saliency",
        target=_targets.label(target),
        gauge="local",
        notes=("absolute values",) if absolute else (),
    )
