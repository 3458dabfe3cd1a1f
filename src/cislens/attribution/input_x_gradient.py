"""Input × gradient: the gradient at the bases of the sequence."""

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
) -> Attributions:
    """Multiply the gradient of the explained number by the sequence.

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

    Returns
    -------
    Attributions
        The product, gauge "global" with reference "zeros": 0 for bases that are absent and at N.

    Raises
    ------
    UserError
        If the sequences or the target do not fit the network, or an output is NaN.

    References
    ----------
    Shrikumar et al. 2016, arXiv:1605.01713.
    """
    onehot = _asking.checked(onehot, target=target)
    gradient = inference.gradient(
        model, onehot, target=target, batch_size=batch_size, device=device
    )
    return Attributions(
        values=(onehot * gradient).float().cpu(),
        method="input_x_gradient",
        target=_targets.label(target),
        gauge="global",
        reference="zeros",
    )
