"""Read one recorded operation as an operation on windows, or as a way out of them."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor

from cislens.attribution import _ism_exits, _ism_record
from cislens.attribution._ism_exits import Exit
from cislens.attribution._ism_record import Call, Record, Slot
from cislens.attribution._ism_windows import (
    Convolution,
    Mapping,
    MaximumPool,
    Operation,
    Padding,
)

_NEEDED = object()
_PARAMETERS: dict[str, dict[str, Any]] = {
    "conv1d": {
        "input": _NEEDED,
        "weight": _NEEDED,
        "bias": None,
        "stride": 1,
        "padding": 0,
        "dilation": 1,
        "groups": 1,
    },
    "batch_norm": {
        "input": _NEEDED,
        "running_mean": None,
        "running_var": None,
        "weight": None,
        "bias": None,
        "training": False,
        "momentum": 0.1,
        "eps": 1e-5,
    },
    "max_pool1d": {
        "input": _NEEDED,
        "kernel_size": _NEEDED,
        "stride": None,
        "padding": 0,
        "dilation": 1,
        "ceil_mode": False,
        "return_indices": False,
    },
    "avg_pool1d": {
        "input": _NEEDED,
        "kernel_size": _NEEDED,
        "stride": None,
        "padding": 0,
        "ceil_mode": False,
        "count_include_pad": True,
    },
    "pad": {"input": _NEEDED, "pad": _NEEDED, "mode": "constant", "value": None},
    "linear": {"input": _NEEDED, "weight": _NEEDED, "bias": None},
    "adaptive_max_pool1d": {"input": _NEEDED, "output_size": _NEEDED, "return_indices": False},
    "adaptive_avg_pool1d": {"input": _NEEDED, "output_size": _NEEDED},
    "amax": {"input": _NEEDED, "dim": (), "keepdim": False},
    "max": {"input": _NEEDED, "dim": None, "keepdim": False},
    "mean": {"input": _NEEDED, "dim": None, "keepdim": False, "dtype": None},
    "sum": {"input": _NEEDED, "dim": None, "keepdim": False, "dtype": None},
}
"""Parameters of the functions that are read, in their order, with their defaults."""
_ELEMENTWISE = """
    relu relu6 leaky_relu elu selu celu gelu silu mish softplus softsign hardtanh hardswish
    hardsigmoid logsigmoid tanhshrink softshrink hardshrink threshold sigmoid tanh exp expm1 log
    log1p log2 sqrt rsqrt square abs neg pow rpow clamp clamp_min clamp_max clip sin cos erf atan
    add sub mul div true_divide radd rsub rmul rdiv rtruediv truediv maximum minimum reciprocal
    float double contiguous clone detach dropout alpha_dropout dropout1d feature_alpha_dropout
"""
ELEMENTWISE = frozenset(_ELEMENTWISE.split())
_UNFIT = object()


@dataclass
class Known:
    """What is known of a record as far as it is read."""

    record: Record
    channels: dict[int, int]
    lengths: dict[int, int]
    jumps: dict[int, int]
    fixed: dict[int, Tensor] = field(default_factory=dict)
    flat: set[int] = field(default_factory=set)

    def value(self, leaf: object) -> Any:  # noqa: ANN401
        """Give the tensor of a slot that does not depend on the sequences."""
        return self.fixed.get(leaf.number, leaf) if isinstance(leaf, Slot) else leaf

    def sources(self, call: Call) -> list[int]:
        """List the slots with windows that an operation reads."""
        return [slot for slot in dict.fromkeys(call.slots) if slot in self.jumps]


def convolution(known: Known, call: Call) -> Convolution | None:
    """Read a convolution of one axis."""
    given, (source,) = _named(call), known.sources(call)
    weight = known.value(given["weight"])
    if not isinstance(weight, Tensor) or source in known.flat:
        return None
    (stride,), (dilation,) = _whole(given["stride"]), _whole(given["dilation"])
    if given["padding"] == "same":
        padding = dilation * (weight.shape[-1] - 1) // 2
    else:
        padding = 0 if given["padding"] == "valid" else _whole(given["padding"])[0]
    kernel = _kernel(weight.detach())
    result = call.results.number
    return Convolution((source,), result, kernel, stride, padding, dilation, given["groups"])


def scaled(operation: Convolution, result: int, scale: Tensor) -> Convolution:
    """Give a convolution with a normalisation behind it as one."""
    return Convolution(
        operation.sources,
        result,
        _kernel(operation.kernel[..., 0] * scale[:, None, None]),
        operation.stride,
        operation.padding,
        operation.dilation,
        operation.groups,
    )


def _kernel(weight: Tensor) -> Tensor:
    return weight[..., None].contiguous(memory_format=torch.channels_last)


def affine(known: Known, call: Call) -> tuple[Tensor, Tensor] | None:
    """Give the scale and the shift of a batch normalisation by running statistics."""
    if call.name != "batch_norm":
        return None
    given = _named(call)
    mean, variance = known.value(given["running_mean"]), known.value(given["running_var"])
    if given["training"] or not isinstance(mean, Tensor) or not isinstance(variance, Tensor):
        return None
    weight, bias = known.value(given["weight"]), known.value(given["bias"])
    scale = (variance + given["eps"]).rsqrt()
    scale = scale if weight is None else scale * weight.detach()
    shift = -mean * scale if bias is None else bias.detach() - mean * scale
    return scale, shift


def normalisation(known: Known, call: Call) -> Mapping | None:
    """Read a batch normalisation by running statistics."""
    found, (source,) = affine(known, call), known.sources(call)
    if found is None or source in known.flat:
        return None
    scale, shift = found
    result = call.results.number
    return Mapping((source,), result, lambda x: torch.addcmul(shift, x, scale))


def maximum_pool(known: Known, call: Call) -> MaximumPool | None:
    """Read a maximum of sliding windows."""
    given, (source,) = _named(call), known.sources(call)
    if given["dilation"] not in (1, (1,)) or given["return_indices"] or source in known.flat:
        return None
    size, stride, padding = _sliding(given)
    return MaximumPool((source,), call.results.number, size, stride, padding)


def mean_pool(known: Known, call: Call) -> Convolution | None:
    """Read a mean of sliding windows, which is a convolution of each channel."""
    given, (source,) = _named(call), known.sources(call)
    size, stride, padding = _sliding(given)
    cut = given["ceil_mode"] or (padding and not given["count_include_pad"])
    if cut or source in known.flat:
        return None
    channels, like = known.channels[source], known.record.like
    weight = torch.full((channels, 1, size), 1 / size, dtype=like.dtype, device=like.device)
    result = call.results.number
    return Convolution((source,), result, _kernel(weight), stride, padding, 1, channels)


def _sliding(given: dict[str, Any]) -> tuple[int, int, int]:
    (size,), (padding,) = _whole(given["kernel_size"]), _whole(given["padding"])
    # Functions and modules write "the size of the window" as None or as no numbers.
    stride = given["stride"]
    return size, _whole(stride)[0] if stride else size, padding


def padding(known: Known, call: Call) -> Padding | None:
    """Read a constant put before and after a map."""
    given, (source,) = _named(call), known.sources(call)
    sides = given["pad"]
    if given["mode"] != "constant" or len(sides) != 2 or min(sides) < 0 or source in known.flat:
        return None
    return Padding((source,), call.results.number, sides[0], float(given["value"] or 0.0))


def elementwise(known: Known, call: Call) -> Mapping | None:
    """Read a function of single elements."""
    result, sources = call.results.number, known.sources(call)
    shapes = {known.record.shapes[slot] for slot in (*sources, result)}
    jumps = {known.jumps[slot] for slot in sources}
    if len(shapes) != 1 or len(jumps) != 1 or call.kwargs.get("training"):
        return None
    channels = known.channels[sources[0]]
    args, kwargs = _ism_record.mapped(
        (call.args, call.kwargs), lambda leaf: _by_channel(known, leaf, channels)
    )
    if any(leaf is _UNFIT for leaf in _ism_record.leaves((args, kwargs))):
        return None
    kept = {key: value for key, value in kwargs.items() if key != "inplace"}
    return Mapping(tuple(sources), result, _applied(call.function, (args, kept), sources))


def _by_channel(known: Known, leaf: object, channels: int) -> object:
    """Bring a fixed tensor to windows: a number, or one a channel."""
    value = known.value(leaf)
    if not isinstance(value, Tensor) or value.ndim == 0:
        return value
    if value.numel() == 1:
        return value.reshape(())
    fits = value.ndim > 1 and value.shape[-2] == value.numel() == channels
    return value.detach().reshape(-1) if fits else _UNFIT


def _applied(
    function: Callable[..., Tensor],
    given: Any,  # noqa: ANN401
    sources: list[int],
) -> Callable[..., Tensor]:
    def apply(*windows: Tensor) -> Tensor:
        found = dict(zip(sources, windows, strict=True))
        args, kwargs = _ism_record.mapped(
            given, lambda leaf: found[leaf.number] if isinstance(leaf, Slot) else leaf
        )
        return function(*args, **kwargs)

    return apply


def flattening(known: Known, call: Call) -> Mapping | None:
    """Read a change of (channels, positions) to one axis."""
    (source,) = known.sources(call)
    shape = known.record.shapes[source]
    fits = len(shape) == 2 and known.record.shapes[call.results.number] == (math.prod(shape),)
    return Mapping((source,), call.results.number, lambda x: x) if fits else None


READERS: dict[str, Callable[[Known, Call], Operation | None]] = {
    "conv1d": convolution,
    "batch_norm": normalisation,
    "max_pool1d": maximum_pool,
    "avg_pool1d": mean_pool,
    "pad": padding,
    **dict.fromkeys(("flatten", "view", "reshape"), flattening),
    **dict.fromkeys(ELEMENTWISE, elementwise),
}
"""Readers by name of function."""


def way_out(known: Known, call: Call) -> Exit | None:
    """Read a cheap way from windows to whole rows."""
    sources, slots = known.sources(call), call.slots
    if not sources or slots[0] != sources[0] or call.name not in _PARAMETERS:
        return None
    (source,) = sources
    if call.name != "linear":
        return None if source in known.flat else _reduction(known, call, source)
    weight = known.value(_named(call)["weight"])
    if source not in known.flat or not isinstance(weight, Tensor):
        return None
    shape = len(weight), known.channels[source], known.lengths[source]
    columns = weight.detach().reshape(shape).permute(2, 0, 1).contiguous()
    return _ism_exits.Dense(source, call.results.number, columns)


def _reduction(known: Known, call: Call, source: int) -> Exit | None:
    """Recognise a maximum, mean or sum over all positions."""
    given = _named(call)
    results = _ism_record.leaves(call.results)
    read = {slot for other in known.record.calls for slot in other.slots}
    if any(slot.number in read | {known.record.output} for slot in results[1:]):
        return None
    whole = given.get("output_size") in (1, (1,)) or given.get("dim") in (-1, 2, (-1,), (2,))
    if not whole or given.get("dtype") is not None or given.get("return_indices"):
        return None
    result = results[0].number
    shape = known.record.shapes[result]
    if call.name in {"amax", "max", "adaptive_max_pool1d"}:
        return _ism_exits.Highest(source, result, shape)
    divisor = 1 if call.name == "sum" else known.lengths[source]
    return _ism_exits.Sum(source, result, shape, divisor)


def _named(call: Call) -> dict[str, Any]:
    parameters = _PARAMETERS[call.name]
    return {**parameters, **dict(zip(parameters, call.args, strict=False)), **call.kwargs}


def _whole(value: Any) -> tuple[int, ...]:  # noqa: ANN401
    return value if isinstance(value, tuple) else (value,)
