"""Sizes of layers: what a length becomes on its way, and widths other than the published ones."""

import itertools

from torch import nn

from cislens.errors import UserError
from cislens.models import pools


def output_length(trunk: nn.Module, input_length: int) -> int:
    """Follow the length of a sequence through convolutions and pools.

    Parameters
    ----------
    trunk
        Blocks in a row; branches must not change the length, pools have windows side by side.
    input_length
        Length before the first, in positions.

    Returns
    -------
    int
        Length after the last; 0 if a window does not fit.
    """
    length = input_length
    for module in trunk.modules():
        if isinstance(module, pools.SamePool):
            length = -(-length // module.size)
        elif isinstance(module, nn.MaxPool1d):
            size = module.kernel_size
            length //= size if isinstance(size, int) else size[0]
        elif isinstance(module, pools.GlobalPool):
            length = min(length, 1)
        elif isinstance(module, nn.Conv1d):
            length = _convolved_length(module, length)
        length = max(length, 0)
    return length


def _convolved_length(convolution: nn.Conv1d, length: int) -> int:
    if convolution.padding == "same":
        return length
    padding = 0 if isinstance(convolution.padding, str) else convolution.padding[0]
    reach = convolution.dilation[0] * (convolution.kernel_size[0] - 1)
    return (length + 2 * padding - reach - 1) // convolution.stride[0] + 1


def flattened(trunk: nn.Module, *, input_length: int, architecture: str) -> int:
    """Count the features that a trunk leaves for the dense layers.

    Parameters
    ----------
    trunk
        Blocks in a row, of which the last convolution gives the channels.
    input_length
        Length of the sequences, in bp.
    architecture
        What to call the network in the error.

    Returns
    -------
    int
        Channels times positions.

    Raises
    ------
    UserError
        If the sequences are too short to pass through the trunk.
    """
    length = output_length(trunk, input_length) if input_length > 0 else 0
    if length < 1:
        least = next(n for n in itertools.count(1) if output_length(trunk, n) > 0)
        raise UserError(f"input_length={input_length}: {architecture} needs at least {least} bp")
    channels = [m.out_channels for m in trunk.modules() if isinstance(m, nn.Conv1d)][-1]
    return channels * length


def scaled(count: int, width_multiplier: int | float) -> int:
    """Scale a published layer width.

    Parameters
    ----------
    count
        The published number of filters or units.
    width_multiplier
        The factor.

    Returns
    -------
    int
        The scaled number, rounded, at least 1.

    Raises
    ------
    UserError
        If the factor is not a positive number.
    """
    number = isinstance(width_multiplier, int | float) and not isinstance(width_multiplier, bool)
    if not number or not 0 < width_multiplier < float("inf"):
        raise UserError(
            f"width_multiplier={width_multiplier!r}: wants a positive number, 1 as published"
        )
    return max(1, round(count * width_multiplier))
