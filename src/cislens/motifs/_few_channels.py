"""A tensor that differs from another in a few channels, and that is only made whole if it must."""

from collections.abc import Callable
from typing import cast

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.utils import _pytree

from cislens.models import activations, dropout, pools

_CHANNELWISE: set[type[nn.Module]] = {
    nn.AvgPool1d, nn.Dropout, nn.ELU, nn.GELU, nn.Identity, nn.LeakyReLU, nn.MaxPool1d, nn.ReLU,
    nn.SELU, nn.SiLU, nn.Sigmoid, nn.Softplus, nn.Tanh, nn.Threshold, pools.SamePool,
    activations.Exponential, activations.FlattenedExponential, activations.LogMagnitude,
    activations.LogRelu, activations.PowerRelu, activations.ScaledSigmoid, activations.ScaledTanh,
    dropout.Dropout,
}  # fmt: skip
"""What each channel of the output reads is that channel of the input. Exact types: a subclass may
do anything."""


class FewChannels(Tensor):
    """Looks like the whole tensor to whoever takes it; operations of PyTorch make it whole first.

    Parameters
    ----------
    reference
        The other tensor, (batch, channels, positions).
    channels
        Those that differ.
    part
        What stands in them, (batch, those, positions).
    """

    reference: Tensor
    channels: Tensor
    part: Tensor
    whole: Tensor | None

    # Without it functions of Python see the class, and not __torch_dispatch__ below.
    __torch_function__ = torch._C._disabled_torch_function_impl  # type: ignore[assignment]

    @staticmethod
    def __new__(
        cls: type["FewChannels"], reference: Tensor, channels: Tensor, part: Tensor
    ) -> "FewChannels":
        made: FewChannels = Tensor._make_wrapper_subclass(
            cls, reference.shape, dtype=reference.dtype, device=reference.device
        )
        made.reference, made.channels, made.part, made.whole = reference, channels, part, None
        return made

    def made_whole(self) -> Tensor:
        """Fill the other channels in, once."""
        if self.whole is None:
            self.whole = self.reference.index_copy(1, self.channels, self.part)
        return self.whole

    @classmethod
    def __torch_dispatch__(  # type: ignore[override]  # the stub leaves func out
        cls: type["FewChannels"],
        func: Callable[..., object],
        _types: object,
        args: tuple[object, ...] = (),
        kwargs: dict[str, object] | None = None,
    ) -> object:
        """Run an operation on the whole tensors."""
        args, kwargs = _pytree.tree_map_only(
            FewChannels, FewChannels.made_whole, (args, kwargs or {})
        )
        return func(*args, **kwargs)


def untouched(value: object) -> bool:
    """Say whether a tensor is still known by its few channels alone."""
    return isinstance(value, FewChannels) and value.whole is None


def is_channelwise(module: nn.Module) -> bool:
    """Say whether a module may be run on some channels alone."""
    if type(module) is nn.BatchNorm1d:
        return not module.training and module.running_mean is not None
    return type(module) in _CHANNELWISE and not getattr(module, "inplace", False)


def through(module: nn.Module, given: FewChannels, output: Tensor) -> FewChannels:
    """Run a channelwise module on the channels that differ; ``output`` is that of the reference."""
    if isinstance(module, nn.BatchNorm1d):
        part = _normalised(module, given)
    else:
        # The module itself is watched, and may be run on whole tensors only.
        part = cast(Tensor, type(module).forward(module, given.part))
    return FewChannels(output, given.channels, part)


def convolved(module: nn.Conv1d, given: FewChannels, output: Tensor) -> Tensor:
    """Convolve the change alone; ``output`` is that of the reference."""
    if not len(given.channels):
        return output.clone()
    change = given.part - given.reference[:, given.channels]
    return functional.conv1d(
        change, module.weight[:, given.channels], None, module.stride, module.padding,
        module.dilation,
    ).add_(output)  # fmt: skip


def _normalised(module: nn.BatchNorm1d, given: FewChannels) -> Tensor:
    mean, variance, weight, bias = (
        None if parameter is None else parameter[given.channels]
        for parameter in (module.running_mean, module.running_var, module.weight, module.bias)
    )
    return functional.batch_norm(given.part, mean, variance, weight, bias, eps=module.eps)
