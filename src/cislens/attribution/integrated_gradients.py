"""Integrated gradients: gradients averaged on the straight line from a reference."""

import numpy as np
import torch
from torch import nn

from cislens.attribution import _asking, _path, _references, _targets
from cislens.errors import UserError
from cislens.models.inference import Device, Target
from cislens.sequence.attributions import Attributions
from cislens.sequence.shapes import OneHot


def attribute(
    model: nn.Module,
    onehot: OneHot,
    *,
    target: Target,
    references: _references.References = "zeros",
    steps: int = 50,
    batch_size: int = 256,
    device: Device = None,
    rng: np.random.Generator | None = None,
) -> Attributions:
    """Share out the change from a reference to the sequence by the gradients in between.

    The integral is taken by the midpoint rule: gradients at (k + 1/2) / ``steps`` of the way, so
    never at the reference itself, where a network of rectifiers is at a kink.

    Parameters
    ----------
    model
        The network; given back as it came.
    onehot
        The sequences.
    target
        Which output, counted from 0, or a function of the outputs that gives one number per
        sequence.
    references
        What the sequences are compared with; see `cislens.attribution`. The map is the average
        over several.
    steps
        Points on each line.
    batch_size
        Points per batch.
    device
        Where to run; None is where the network is.
    rng
        Where the randomness of the references comes from, if they have any; None is seed 0.

    Returns
    -------
    Attributions
        The map, gauge "hypothetical". Times the sequence it sums to the change of the output, for
        references that are 0 where the sequence is N; what the rule missed is in ``deltas``.

    Raises
    ------
    UserError
        If the sequences, the target or the references do not fit, an output is NaN, or there is no
        step.

    References
    ----------
    Sundararajan et al. 2017, arXiv:1703.01365, whose rule takes the right ends of the steps.
    """
    if steps < 1:
        raise UserError(f"steps={steps}: wants at least 1; 50 is usual")
    onehot = _asking.checked(onehot, target=target)
    with _asking.held(model, target=target, batch_size=batch_size, device=device) as network:
        midpoints = (torch.arange(steps, dtype=torch.float64) + 0.5) / steps
        values, deltas = _path.integrate(
            network,
            onehot,
            _references.maker(references, onehot, rng=rng),
            lambda rows, count: midpoints.expand(rows.stop - rows.start, count, steps),
        )
    return Attributions(
        values=values.float(),
        method="integrated_gradients",
        target=_targets.label(target),
        gauge="hypothetical",
        reference=_references.label(references),
        deltas=deltas,
        notes=(f"{steps} steps, midpoint rule",),
    )
