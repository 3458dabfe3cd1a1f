"""Convolutions with the channels of a base side by side in memory, as processors like them.

PyTorch keeps the positions of a channel side by side. On a CPU its pools, normalisations and the
backward passes of its convolutions are then two to twenty times slower than with the channels of a
position side by side, which its kernels for images know and those for sequences do not ask for.
"""

from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional
from torch.overrides import TorchFunctionMode

_LAST = torch.channels_last


class ChannelsLast(TorchFunctionMode):
    """Runs a network's convolutions and normalisations as those of images one base high.

    Shapes are as they were, and values up to the order of their sums; only the strides of
    activations differ, so that ``view`` may refuse what ``reshape`` takes. Pools, elementwise
    functions and the backward pass follow the strides they are given.
    """

    def __torch_function__(  # numpydoc ignore=GL08
        self,
        func: Callable[..., Any],
        types: Sequence[type],
        args: tuple[Any, ...] = (),
        kwargs: dict[str, Any] | None = None,
    ) -> Any:  # noqa: ANN401
        kwargs = kwargs or {}
        if func is functional.conv1d and len(args) == 7 and args[0].ndim == 3:
            return _convolved(*args)
        if func is functional.batch_norm and args[0].ndim == 3:
            return func(args[0].unsqueeze(2), *args[1:], **kwargs).squeeze(2)
        if func is functional.max_pool1d and args[0].ndim == 3 and not kwargs.get("return_indices"):
            return _lain_on_the_way_back(func(*args, **kwargs))
        return func(*args, **kwargs)


def _convolved(
    x: Tensor,
    weight: Tensor,
    bias: Tensor | None,
    stride: Sequence[int],
    padding: str | Sequence[int],
    dilation: Sequence[int],
    groups: int,
) -> Tensor:
    """Convolve, given the arguments that `torch.nn.Conv1d` gives."""
    return functional.conv2d(
        x.unsqueeze(2).contiguous(memory_format=_LAST),
        weight.unsqueeze(2).contiguous(memory_format=_LAST),
        bias,
        stride=(1, *stride),
        padding=padding if isinstance(padding, str) else (0, *padding),
        dilation=(1, *dilation),
        groups=groups,
    ).squeeze(2)


def _lain_on_the_way_back(pooled: Tensor) -> Tensor:
    """Let the gradient of a pool have channels last too: what is flattened sends it otherwise."""
    if pooled.requires_grad:
        pooled.register_hook(lambda grad: grad.transpose(1, 2).contiguous().transpose(1, 2))
    return pooled
