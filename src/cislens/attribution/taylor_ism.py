"""Taylor ISM: the effects of all substitutions to first order, from one gradient."""

from torch import nn

from cislens.attribution import _asking, _targets
from cislens.models import inference
from cislens.models.inference import Device, Target
from cislens.sequence import attributions
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
    """Estimate what each substitution does to the explained number.

    The estimate is the gradient of the new base minus that of the base that stands there, and it
    is exact where the network is linear between the two. `cislens.sequence.attributions.regauge`
    to "corrected" gives the corrected gradient.

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
        Output with the substitution minus output without it, gauge "taylor": 0 for the base that
        stands there. At N it is the effect of a base in place of none.

    Raises
    ------
    UserError
        If the sequences or the target do not fit the network, or an output is NaN.

    References
    ----------
    Sasse et al. 2024, doi:10.1016/j.isci.2024.110807.
    """
    onehot = _asking.checked(onehot, target=target)
    gradient = inference.gradient(
        model, onehot, target=target, batch_size=batch_size, device=device
    )
    local = Attributions(
        values=gradient.float().cpu(),
        method="taylor_ism",
        target=_targets.label(target),
        gauge="local",
        reference="the sequence itself",
    )
    return attributions.regauge(local, to="taylor", onehot=onehot)
