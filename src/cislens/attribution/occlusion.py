"""Occlusion: what the explained number loses when a window is replaced."""

import torch
from jaxtyping import Bool, Float
from torch import Tensor, nn

from cislens.attribution import _asking, _references, _targets
from cislens.errors import UserError
from cislens.models.inference import Device, Target
from cislens.sequence.attributions import Attributions
from cislens.sequence.shapes import OneHot

Windows = Bool[Tensor, "windows length"]


def attribute(
    model: nn.Module,
    onehot: OneHot,
    *,
    target: Target,
    references: _references.References = "zeros",
    width: int = 1,
    stride: int = 1,
    batch_size: int = 256,
    device: Device = None,
) -> Attributions:
    """Replace each window by its part of a reference and take the loss.

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
        What a window is replaced by; see `cislens.attribution`. "zeros" is N. The map is the
        average over several; shuffles are those of seed 0, and others can be given as a tensor.
    width
        Width of the window, in bp.
    stride
        Distance between windows, in bp, at most the width. The last window ends with the sequence,
        so above 1 bp the two strands may be cut into other windows.
    batch_size
        Occluded sequences per batch.
    device
        Where to run; None is where the network is.

    Returns
    -------
    Attributions
        Output of the sequence minus output with the window replaced, averaged over the windows
        that hold a base, at the bases of the sequence; gauge "projected". A value is the loss of a
        whole window, so a wider one does not make it smaller.

    Raises
    ------
    UserError
        If the sequences, the target or the references do not fit, an output is NaN, or windows
        are wider than the sequence or leave gaps.

    References
    ----------
    Zeiler and Fergus 2014, arXiv:1311.2901, for images.
    """
    onehot = _asking.checked(onehot, target=target)
    with _asking.held(model, target=target, batch_size=batch_size, device=device) as network:
        windows = _windows(onehot.shape[-1], width, stride)
        made = _references.maker(references, onehot)
        losses = torch.cat(
            [
                _losses(network, onehot[rows], made(rows), windows)
                for rows in network.pages(len(onehot))
            ]
        )
    per_base = losses @ windows.to(losses) / windows.sum(dim=0)
    return Attributions(
        values=(per_base[:, None] * onehot.cpu()).float(),
        method="occlusion",
        target=_targets.label(target),
        gauge="projected",
        reference=_references.label(references),
        notes=(f"windows of {width} bp every {stride} bp",),
    )


def _losses(
    network: _asking.Network, onehot: OneHot, references: _references.Compared, windows: Windows
) -> Float[Tensor, "batch windows"]:
    """Give the loss by each window, averaged over references."""
    count = references.shape[1]
    replaced = torch.empty(len(onehot), len(windows) * count)
    for rows, which in network.blocks(*replaced.shape):
        number = torch.arange(which.start, which.stop)
        window = network.here(windows[number // count])[:, None]
        base = network.here(references[rows][:, number % count])
        whole = network.here(onehot[rows])[:, None]
        replaced[rows, which] = network.numbers(whole + window * (base - whole))
    mean = replaced.view(len(onehot), len(windows), count).mean(dim=2)
    return network.plain(onehot)[:, None] - mean


def _windows(length: int, width: int, stride: int) -> Windows:
    if not 1 <= width <= length:
        raise UserError(f"width={width}: wants 1 to {length} bp, the length of the sequences")
    if not 1 <= stride <= width:
        raise UserError(f"stride={stride}: wants 1 to {width}, or bases are left out")
    starts = torch.arange(0, length - width + stride, stride).clamp(max=length - width)
    position = torch.arange(length)
    return (starts[:, None] <= position) & (position < starts[:, None] + width)
