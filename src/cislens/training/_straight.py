"""Second derivatives of networks of straight pieces, without the half of the work that is zero.

The gradient of such a network by its input depends on the weights and on which pieces are met, not
on the activations themselves. PyTorch does not know: the second derivatives of its convolution,
rectifier, maximum and batch normalisation by their input are tensors of zeros, which it sends back
through the whole network. Here these functions say that there are none. Every other function, such
as an exponential, is left as it is, and what depends on activations through it is still found.
"""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import torch
from torch import Tensor
from torch.nn import functional
from torch.overrides import TorchFunctionMode

from cislens.training import channels_last


class Straight(TorchFunctionMode):
    """Runs a network so that its gradient by the input can be differentiated at less cost.

    The first backward pass must be the one by the input; set `explained` after it.

    Parameters
    ----------
    as_images
        Whether convolutions run with channels last, as `cislens.training.channels_last` has it.
    """

    def __init__(self, *, as_images: bool = False) -> None:
        super().__init__()
        self.explained = False
        self._as_images = as_images

    def __torch_function__(  # numpydoc ignore=GL08
        self,
        func: Callable[..., Any],
        types: Sequence[type],
        args: tuple[Any, ...] = (),
        kwargs: dict[str, Any] | None = None,
    ) -> Any:  # noqa: ANN401
        kwargs = kwargs or {}
        if func in _RECTIFIERS and not kwargs.get("inplace"):
            return _applied(_Rectifier, args[0])
        if func is functional.conv1d and not kwargs and len(args) == 7 and args[0].ndim == 3:
            geometry = _geometry(args[1], args[3:])
            if geometry is not None:
                return self._convolved(*args[:3], geometry)
        if func is functional.max_pool1d and not kwargs.get("return_indices"):
            return _applied(_Highest, *functional.max_pool1d_with_indices(*args, **kwargs), args[0])
        if func is functional.batch_norm and not kwargs.get("training", True):
            return _normalised(*args, **{name: kwargs[name] for name in ("weight", "bias", "eps")})
        return func(*args, **kwargs)

    def _convolved(
        self, x: Tensor, weight: Tensor, bias: Tensor | None, geometry: "_Geometry"
    ) -> Tensor:
        if not self._as_images:
            found: Tensor = _applied(_Convolution, x, weight, bias, geometry, self)
            return found
        images = channels_last.as_image(x), channels_last.as_image(weight)
        found = _applied(_Convolution, *images, bias, geometry.of_images(), self)
        return found.squeeze(2)


_RECTIFIERS = (functional.relu, torch.relu, Tensor.relu)


def _applied(function: type[torch.autograd.Function], *args: object) -> Any:  # noqa: ANN401
    apply: Callable[..., Any] = function.apply
    return apply(*args)


class _Geometry(NamedTuple):
    stride: list[int]
    padding: list[int]
    dilation: list[int]
    groups: int

    def of_images(self) -> "_Geometry":
        """Give the same for images one base high."""
        return _Geometry([1, *self.stride], [0, *self.padding], [1, *self.dilation], self.groups)


def _geometry(weight: Tensor, described: tuple[Any, Any, Any, int]) -> _Geometry | None:
    """Write stride, padding, dilation and groups as numbers; None for ends padded unlike."""
    stride, padding, dilation, groups = described
    steps, holes = _listed(stride), _listed(dilation)
    if padding == "same":
        reach = holes[0] * (weight.shape[-1] - 1)
        return None if reach % 2 else _Geometry(steps, [reach // 2], holes, groups)
    return _Geometry(steps, [0] if padding == "valid" else _listed(padding), holes, groups)


def _listed(value: int | Sequence[int]) -> list[int]:
    return [value] if isinstance(value, int) else list(value)


def _backward(
    grad: Tensor, x: Tensor, weight: Tensor, geometry: _Geometry, wanted: tuple[bool, bool, bool]
) -> tuple[Tensor | None, Tensor | None, Tensor | None]:
    stride, padding, dilation, groups = geometry
    shape = [weight.shape[0]]
    found: tuple[Tensor | None, Tensor | None, Tensor | None]
    found = torch.ops.aten.convolution_backward(
        grad, x, weight, shape, stride, padding, dilation, False, [0] * len(stride), groups, wanted
    )
    return found


def _forward(x: Tensor, weight: Tensor, bias: Tensor | None, geometry: _Geometry) -> Tensor:
    stride, padding, dilation, groups = geometry
    none = [0] * len(stride)
    return torch.convolution(x, weight, bias, stride, padding, dilation, False, none, groups)


class _Convolution(torch.autograd.Function):
    """A convolution, in the first backward pass by its input alone."""

    @staticmethod
    def forward(
        ctx: Any,  # noqa: ANN401
        x: Tensor,
        weight: Tensor,
        bias: Tensor | None,
        geometry: _Geometry,
        mode: Straight,
    ) -> Tensor:
        ctx.save_for_backward(x, weight)
        ctx.geometry, ctx.mode = geometry, mode
        return _forward(x, weight, bias, geometry)

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> Any:  # noqa: ANN401
        x, weight = ctx.saved_tensors
        if not ctx.mode.explained:
            by_input = _applied(_ByInput, grads[0], weight, x.detach(), ctx.geometry)
            return by_input, None, None, None, None
        return *_backward(grads[0], x, weight, ctx.geometry, ctx.needs_input_grad[:3]), None, None


class _ByInput(torch.autograd.Function):
    """The gradient of a convolution by its input, which is linear in what comes from above."""

    @staticmethod
    def forward(
        ctx: Any,  # noqa: ANN401
        grad: Tensor,
        weight: Tensor,
        x: Tensor,
        geometry: _Geometry,
    ) -> Tensor | None:
        ctx.save_for_backward(grad, weight)
        ctx.geometry = geometry
        return _backward(grad, x, weight, geometry, (True, False, False))[0]

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> Any:  # noqa: ANN401
        grad, weight = ctx.saved_tensors
        above = _forward(grads[0], weight, None, ctx.geometry)
        by_weight = _backward(grad, grads[0], weight, ctx.geometry, (False, True, False))[1]
        return above, by_weight, None, None


class _Rectifier(torch.autograd.Function):
    """A ReLU whose slope is a constant."""

    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:  # noqa: ANN401
        y = x.clamp(min=0)
        ctx.save_for_backward(y)
        return y

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> Any:  # noqa: ANN401
        (y,) = ctx.saved_tensors
        return _applied(_Passed, grads[0], y.detach())


class _Passed(torch.autograd.Function):
    """What a ReLU lets pass on the way back."""

    @staticmethod
    def forward(ctx: Any, grad: Tensor, y: Tensor) -> Any:  # noqa: ANN401
        ctx.save_for_backward(y)
        return torch.ops.aten.threshold_backward(grad, y, 0)

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> Any:  # noqa: ANN401
        (y,) = ctx.saved_tensors
        return torch.ops.aten.threshold_backward(grads[0], y, 0), None


class _Highest(torch.autograd.Function):
    """A maximum whose places are constants."""

    @staticmethod
    def forward(ctx: Any, values: Tensor, places: Tensor, x: Tensor) -> Tensor:  # noqa: ANN401
        ctx.save_for_backward(places)
        ctx.length = x.shape[-1]
        return values.detach()

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> Any:  # noqa: ANN401
        (places,) = ctx.saved_tensors
        return None, None, _spread(grads[0], places, ctx.length)


def _spread(grads: Tensor, places: Tensor, length: int) -> Tensor:
    """Put what comes from above where the maxima were; windows may share one."""
    zeros = grads.new_zeros((*grads.shape[:-1], length))
    return zeros.scatter_add(-1, places, grads)


def _normalised(
    x: Tensor,
    mean: Tensor,
    variance: Tensor,
    *,
    weight: Tensor | None,
    bias: Tensor | None,
    eps: float,
) -> Tensor:
    """Apply running statistics as a factor and a shift."""
    factor = torch.rsqrt(variance + eps)
    if weight is not None:
        factor = factor * weight
    shift = -mean * factor if bias is None else bias - mean * factor
    columns = (-1,) + (1,) * (x.ndim - 2)
    return x * factor.view(columns) + shift.view(columns)
