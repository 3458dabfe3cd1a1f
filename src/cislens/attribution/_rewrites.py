"""Functions written as simpler calls, whose rules then hold; each has the arguments of its model.

They run under the engine, so every call in them is explained.
"""

import math
from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn import functional

from cislens.attribution._calls import Value

Axes = int | Sequence[int] | None


def divide(input: Value, other: Value, *, rounding_mode: str | None = None) -> Value:  # noqa: A002
    """Multiply by the reciprocal."""
    if rounding_mode is not None:
        return torch.div(input, other, rounding_mode=rounding_mode)
    if not isinstance(other, Tensor):
        return input * (1 / other)
    return input * torch.reciprocal(other)


def divide_into(divisor: Tensor, dividend: Value) -> Value:
    """Divide with the divisor first, as ``1 / x`` is called."""
    return dividend * torch.reciprocal(divisor)


def maximum(input: Tensor, other: Tensor) -> Tensor:  # noqa: A002
    """Take the maximum along an axis of two."""
    return torch.stack(torch.broadcast_tensors(input, other)).amax(0)


def minimum(input: Tensor, other: Tensor) -> Tensor:  # noqa: A002
    """Take the maximum of the negatives."""
    return -torch.stack(torch.broadcast_tensors(-input, -other)).amax(0)


def amax(input: Tensor, dim: Axes = (), keepdim: bool = False) -> Tensor:  # noqa: A002
    """Take maxima one axis after another."""
    axes = (dim,) if isinstance(dim, int) else tuple(dim or range(input.ndim))
    for axis in sorted((axis % input.ndim for axis in axes), reverse=True):
        input = max_along(input, axis, keepdim)  # noqa: A001
    return input


def amin(input: Tensor, dim: Axes = (), keepdim: bool = False) -> Tensor:  # noqa: A002
    """Take minus the maximum of the negative."""
    return -amax(-input, dim, keepdim)


def largest(input: Tensor, dim: Value = None, keepdim: bool = False) -> Value:  # noqa: A002
    """Take the maximum and where it stands, or the maximum of two tensors, or of all."""
    if isinstance(dim, Tensor):
        return maximum(input, dim)
    if dim is None:
        return amax(input)
    return torch.return_types.max((max_along(input, dim, keepdim), input.argmax(dim, keepdim)))


def smallest(input: Tensor, dim: Value = None, keepdim: bool = False) -> Value:  # noqa: A002
    """Take the minimum and where it stands, or the minimum of two tensors, or of all."""
    if isinstance(dim, Tensor):
        return minimum(input, dim)
    if dim is None:
        return amin(input)
    return torch.return_types.min((-max_along(-input, dim, keepdim), input.argmin(dim, keepdim)))


def max_along(input: Tensor, dim: int, keepdim: bool) -> Tensor:  # noqa: A002
    """Stand for the maximum along one axis, which has a rule of its own."""
    result: Tensor = torch.overrides.handle_torch_function(max_along, (input,), input, dim, keepdim)
    return result


def power(input: Value, exponent: Value) -> Value:  # noqa: A002
    """Write a power of two activations by exp and log."""
    return torch.exp(exponent * torch.log(input))


def masked_fill(input: Tensor, mask: Tensor, value: Value) -> Tensor:  # noqa: A002
    """Choose between value and input."""
    value = torch.as_tensor(value, dtype=input.dtype, device=input.device)
    return torch.where(mask, value, input)


def glu(input: Tensor, dim: int = -1) -> Tensor:  # noqa: A002
    """Multiply one half by the sigmoid of the other."""
    first, second = input.chunk(2, dim)
    return first * torch.sigmoid(second)


def variance(
    input: Tensor,  # noqa: A002
    dim: Value = None,
    unbiased: bool | None = None,
    keepdim: bool = False,
    *,
    correction: int | float | None = None,
) -> Tensor:
    """Sum the squares of the centred input."""
    if isinstance(dim, bool):
        dim, unbiased = None, dim
    axes = tuple(range(input.ndim)) if dim is None else (dim,) if isinstance(dim, int) else dim
    count = math.prod(input.shape[axis] for axis in axes)
    lost = correction if correction is not None else float(unbiased is not False)
    centred = input - input.mean(axes, keepdim=True)
    return centred.square().sum(axes, keepdim=keepdim) / max(0.0, count - lost)


def deviation(*args: Value, **options: Value) -> Tensor:
    """Take the root of the variance."""
    return variance(*args, **options).sqrt()


def variance_mean(input: Tensor, dim: Value = None, **options: Value) -> tuple[Tensor, Tensor]:  # noqa: A002
    """Give the variance and the mean."""
    keepdim = options.get("keepdim", False)
    mean = input.mean() if dim is None else input.mean(dim, keepdim=keepdim)
    return variance(input, dim, **options), mean


def deviation_mean(input: Tensor, dim: Value = None, **options: Value) -> tuple[Tensor, Tensor]:  # noqa: A002
    """Give the standard deviation and the mean."""
    spread, mean = variance_mean(input, dim, **options)
    return spread.sqrt(), mean


def vector_norm(
    x: Tensor,
    ord: int | float = 2,  # noqa: A002
    dim: Axes = None,
    keepdim: bool = False,
    *,
    dtype: torch.dtype | None = None,
    out: None = None,
) -> Tensor:
    """Take the root of a sum of powers."""
    assert out is None
    axes = (dim,) if isinstance(dim, int) else tuple(range(x.ndim) if dim is None else dim)
    x = x if dtype is None else x.to(dtype)
    if ord == math.inf:
        return x.abs().amax(axes, keepdim)
    if ord == 2:
        return x.square().sum(axes, keepdim=keepdim).sqrt()
    if ord == 1:
        return x.abs().sum(axes, keepdim=keepdim)
    return (x.abs() ** ord).sum(axes, keepdim=keepdim) ** (1 / ord)


def _standardised(x: Tensor, axes: tuple[int, ...], eps: float) -> Tensor:
    centred = x - x.mean(axes, keepdim=True)
    return centred * (centred.square().mean(axes, keepdim=True) + eps).rsqrt()


def _scaled(x: Tensor, weight: Tensor | None, bias: Tensor | None) -> Tensor:
    x = x if weight is None else x * weight
    return x if bias is None else x + bias


def layer_norm(
    input: Tensor,  # noqa: A002
    normalized_shape: Sequence[int],
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    eps: float = 1e-5,
    cudnn_enable: bool = True,
) -> Tensor:
    """Standardise the last axes."""
    axes = tuple(range(-len(normalized_shape), 0))
    return _scaled(_standardised(input, axes, eps), weight, bias)


def rms_norm(
    input: Tensor,  # noqa: A002
    normalized_shape: Sequence[int],
    weight: Tensor | None = None,
    eps: float | None = None,
) -> Tensor:
    """Divide by the root of the mean square of the last axes."""
    axes = tuple(range(-len(normalized_shape), 0))
    eps = torch.finfo(input.dtype).eps if eps is None else eps
    return _scaled(input * (input.square().mean(axes, keepdim=True) + eps).rsqrt(), weight, None)


def group_norm(
    input: Tensor,  # noqa: A002
    num_groups: int,
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    eps: float = 1e-5,
    cudnn_enabled: bool = True,
) -> Tensor:
    """Standardise groups of channels."""
    grouped = input.reshape(input.shape[0], num_groups, -1)
    standard = _standardised(grouped, (-1,), eps).reshape(input.shape)
    return _scaled(standard, _channelwise(weight, input), _channelwise(bias, input))


def instance_norm(  # noqa: PLR0913
    input: Tensor,  # noqa: A002
    running_mean: Tensor | None = None,
    running_var: Tensor | None = None,
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    use_input_stats: bool = True,
    momentum: float = 0.1,
    eps: float = 1e-5,
    cudnn_enabled: bool = True,
) -> Tensor:
    """Standardise each channel, by its own statistics or those of training."""
    if not use_input_stats:
        assert running_mean is not None
        assert running_var is not None
        mean, variance = (_channelwise(s, input) for s in (running_mean, running_var))
        standard = (input - mean) * (variance + eps).rsqrt()
    else:
        standard = _standardised(input, tuple(range(2, input.ndim)), eps)
    return _scaled(standard, _channelwise(weight, input), _channelwise(bias, input))


def _channelwise(weight: Value, like: Tensor) -> Value:
    return None if weight is None else weight.view(-1, *(1,) * (like.ndim - 2))


def attention(
    query: Tensor,
    key: Tensor,
    value: Tensor,
    attn_mask: Tensor | None = None,
    dropout_p: int | float = 0.0,
    is_causal: bool = False,
    scale: int | float | None = None,
    enable_gqa: bool = False,
) -> Tensor:
    """Weigh values by the softmax of products of queries and keys."""
    if enable_gqa:
        key = key.repeat_interleave(query.shape[-3] // key.shape[-3], -3)
        value = value.repeat_interleave(query.shape[-3] // value.shape[-3], -3)
    scale = query.shape[-1] ** -0.5 if scale is None else scale
    scores = (query * scale) @ key.transpose(-2, -1)
    if is_causal:
        attn_mask = scores.new_ones(scores.shape[-2:], dtype=torch.bool).tril()
    if attn_mask is not None and attn_mask.dtype == torch.bool:
        scores = scores.masked_fill(~attn_mask, -math.inf)
    elif attn_mask is not None:
        scores = scores + attn_mask
    weights = scores.softmax(-1)
    return functional.dropout(weights, dropout_p) @ value if dropout_p else weights @ value


def cosine_similarity(x1: Tensor, x2: Tensor, dim: int = 1, eps: float = 1e-8) -> Tensor:
    """Multiply two vectors of length 1."""
    lengths = [x.square().sum(dim, keepdim=True).sqrt().clamp_min(eps) for x in (x1, x2)]
    cosine: Tensor = ((x1 / lengths[0]) * (x2 / lengths[1])).sum(dim)
    return cosine


def lerp(input: Tensor, end: Tensor, weight: Value) -> Tensor:  # noqa: A002
    """Go a share of the way."""
    between: Tensor = input + weight * (end - input)
    return between


def addcdiv(input: Tensor, tensor1: Tensor, tensor2: Tensor, *, value: int | float = 1) -> Tensor:  # noqa: A002
    """Add a quotient."""
    return input + value * (tensor1 / tensor2)
