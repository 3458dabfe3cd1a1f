"""SmoothGrad: the gradient averaged over noisy copies of the sequence."""

import numpy as np
import torch
from torch import Tensor, nn

from cislens.attribution import _asking, _streams, _targets
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
    samples: int = 50,
    deviation: float = 0.15,
    batch_size: int = 256,
    device: Device = None,
) -> Attributions:
    """Average the gradient over copies with normal noise on every element.

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
        Where the noise comes from. That of a sequence depends on its bases, not on its place.
    samples
        Noisy copies of each sequence.
    deviation
        Standard deviation of the noise; the elements without it are 0 and 1. 0 gives saliency.
    batch_size
        Noisy copies per batch.
    device
        Where to run; None is where the network is.

    Returns
    -------
    Attributions
        The mean gradient, gauge "local".

    Raises
    ------
    UserError
        If the sequences or the target do not fit the network, an output is NaN, or there is no
        sample or a negative deviation.

    References
    ----------
    Smilkov et al. 2017, arXiv:1706.03825: 50 samples, deviation 10 to 20 % of the range.
    """
    if samples < 1 or not deviation >= 0:
        raise UserError(
            f"samples={samples}, deviation={deviation}: wants at least 1 and at least 0"
        )
    onehot = _asking.checked(onehot, target=target)
    with _asking.held(model, target=target, batch_size=batch_size, device=device) as network:
        total = torch.zeros(onehot.shape, dtype=network.form.dtype)
        streams = _streams.of(onehot, rng)
        for rows, which in network.blocks(len(onehot), samples):
            noise = torch.stack([_noise(s, which, onehot.shape[-1]) for s in streams[rows]])
            noisy = network.here(onehot[rows])[:, None] + deviation * network.here(noise)
            total[rows] += network.gradients(noisy).sum(dim=1).cpu()
    return Attributions(
        values=(total / samples).float(),
        method="smoothgrad",
        target=_targets.label(target),
        gauge="local",
        notes=(f"{samples} samples, deviation {deviation:g}",),
    )


def _noise(stream: _streams.Stream, which: slice, length: int) -> Tensor:
    drawn = [
        stream.generator(number).standard_normal((4, length), dtype=np.float32)
        for number in range(which.start, which.stop)
    ]
    noise = torch.from_numpy(np.stack(drawn))
    return noise.flip((1, 2)) if stream.turned else noise
