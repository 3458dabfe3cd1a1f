"""Expected gradients: gradients at random points between random references and the sequence."""

import numpy as np
import torch
from torch import nn

from cislens.attribution import _asking, _path, _references, _streams, _targets
from cislens.errors import UserError
from cislens.models.inference import Device, Target
from cislens.sequence.attributions import Attributions
from cislens.sequence.shapes import OneHot


def attribute(
    model: nn.Module,
    onehot: OneHot,
    *,
    target: Target,
    rng: np.random.Generator,
    references: _references.References = "dinucleotide",
    samples: int = 5,
    batch_size: int = 256,
    device: Device = None,
) -> Attributions:
    """Share out the change from references to the sequence by gradients at random points.

    Parameters
    ----------
    model
        The network; given back as it came.
    onehot
        The sequences.
    target
        Which output, counted from 0, or a function of the outputs that gives one number per
        sequence.
    rng
        Where the points come from, and the references if they are random. The points of a
        sequence depend on its bases, not on its place.
    references
        What the sequences are compared with; see `cislens.attribution`.
    samples
        Random points on the line from each reference, one in each of as many equal parts.
    batch_size
        Points per batch.
    device
        Where to run; None is where the network is.

    Returns
    -------
    Attributions
        The map, gauge "hypothetical". Times the sequence it sums to the change of the output on
        average over the points; how far it is off for these points is in ``deltas``.

    Raises
    ------
    UserError
        If the sequences, the target or the references do not fit, an output is NaN, or there is no
        sample.

    References
    ----------
    Erion et al. 2021, doi:10.1038/s42256-021-00343-w. They draw points from the whole line, with
    one a reference; points drawn from its parts have the same mean and vary less.
    """
    if samples < 1:
        raise UserError(f"samples={samples}: wants at least 1")
    onehot = _asking.checked(onehot, target=target)
    with _asking.held(model, target=target, batch_size=batch_size, device=device) as network:
        streams = _streams.of(onehot, rng)
        values, deltas = _path.integrate(
            network,
            onehot,
            _references.maker(references, onehot, rng=rng),
            lambda rows, count: _shares(streams[rows], count, samples),
        )
    return Attributions(
        values=values.float(),
        method="expected_gradients",
        target=_targets.label(target),
        gauge="hypothetical",
        reference=_references.label(references),
        deltas=deltas,
        notes=(f"{samples} random points a reference",),
    )


def _shares(streams: list[_streams.Stream], references: int, samples: int) -> _path.Shares:
    drawn = [stream.generator(0).random((references, samples)) for stream in streams]
    return torch.from_numpy((np.stack(drawn) + np.arange(samples)) / samples)
