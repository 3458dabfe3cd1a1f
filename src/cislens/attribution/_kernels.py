"""Loops of the rescale rule, compiled, for large tensors on the CPU.

PyTorch reads and writes each tensor once an operation, and its maximum pool that says where the
maxima stand takes ten times as long as one that does not. Each of these loops is one pass over its
tensors; `fit` says where they may stand in for PyTorch.
"""

from typing import no_type_check

import numba
import numpy as np
import torch
from torch import Tensor

LEAST = 1 << 15
"""Elements below which a call costs more than it saves."""


def fit(*tensors: Tensor) -> bool:
    """Say whether the loops can run on these tensors, and are worth it."""
    first = tensors[0]
    return first.numel() >= LEAST and all(
        tensor.device.type == "cpu"
        and tensor.is_contiguous()
        and tensor.dtype == first.dtype
        and tensor.dtype in (torch.float32, torch.float64)
        for tensor in tensors
    )


def rectified(gradient: Tensor, ours: Tensor, theirs: Tensor) -> Tensor:
    """Multiply a gradient by the change of max(0, x) over the change of x."""
    out = torch.empty_like(gradient)
    arrays = [tensor.detach().view(-1).numpy() for tensor in (gradient, ours, theirs, out)]
    _rectified(*arrays)
    return out


def highest(x: Tensor, size: int, stride: int, padding: int) -> tuple[Tensor, Tensor]:
    """Give maxima of sliding windows of the last axis, and where they stand in it."""
    windows = (x.shape[-1] + 2 * padding - size) // stride + 1
    values = x.new_empty((*x.shape[:-1], windows))
    places = torch.empty(values.shape, dtype=torch.int64)
    rows = [t.detach().view(-1, t.shape[-1]).numpy() for t in (x, values, places)]
    # By their lengths, tuples tell the compiler both numbers: it unrolls and vectorises the loop.
    _highest(rows[0], (0,) * size, (0,) * stride, padding, *rows[1:])
    return values, places


def pooled(
    inputs: tuple[Tensor, Tensor], maxima: tuple[Tensor, Tensor], places: tuple[Tensor, Tensor]
) -> tuple[Tensor, Tensor]:
    """Share out the change of maxima of max(0, x), by the places of the larger and by x there.

    Each pair is of the sequence and of the reference; gives the places and the multipliers.
    """
    chosen, share = torch.empty_like(places[0]), torch.empty_like(maxima[0])
    tensors = (*inputs, *maxima, *places, chosen, share)
    _pooled(*[t.detach().view(-1, t.shape[-1]).numpy() for t in tensors])
    return chosen, share


@numba.njit(nogil=True, cache=True, error_model="numpy")
@no_type_check
def _rectified(gradient: np.ndarray, ours: np.ndarray, theirs: np.ndarray, out: np.ndarray) -> None:
    # Numbers of the type of the tensors: others would make all arithmetic float64.
    zero = np.zeros(1, out.dtype)[0]
    one = np.ones(1, out.dtype)[0]
    for i in range(len(out)):
        step = ours[i] - theirs[i]
        change = max(ours[i], zero) - max(theirs[i], zero)
        slope = one if theirs[i] > zero else zero
        out[i] = gradient[i] * (change / step if step != zero else slope)


@numba.njit(nogil=True, cache=True)
@no_type_check
def _highest(
    x: np.ndarray,
    size: tuple[int, ...],
    stride: tuple[int, ...],
    padding: int,
    values: np.ndarray,
    places: np.ndarray,
) -> None:
    length, windows = x.shape[1], values.shape[1]
    first = min(windows, -(-padding // len(stride)))
    last = max(first, min(windows, (length - len(size) + padding) // len(stride) + 1))
    begin = first * len(stride) - padding
    for row in range(len(x)):
        # Indices that cannot be negative: the compiler vectorises no others.
        inside = x[row, begin:]
        for window in range(last - first):
            start = window * len(stride)
            best, place = inside[start], start
            for tap in range(1, len(size)):
                value = inside[start + tap]
                higher = (value > best) | (value != value)
                best = value if higher else best
                place = start + tap if higher else place
            values[row, first + window], places[row, first + window] = best, begin + place
        # Windows that hang over an end.
        for number in range(windows - last + first):
            window = number if number < first else number - first + last
            start = window * len(stride) - padding
            best, place = x[row, max(start, 0)], max(start, 0)
            for at in range(place + 1, min(start + len(size), length)):
                if x[row, at] > best or x[row, at] != x[row, at]:
                    best, place = x[row, at], at
            values[row, window], places[row, window] = best, place


@numba.njit(nogil=True, cache=True, error_model="numpy")
@no_type_check
def _pooled(
    ours: np.ndarray,
    theirs: np.ndarray,
    our_value: np.ndarray,
    value: np.ndarray,
    our_places: np.ndarray,
    places: np.ndarray,
    chosen: np.ndarray,
    share: np.ndarray,
) -> None:
    zero = np.zeros(1, share.dtype)[0]
    one = np.ones(1, share.dtype)[0]
    for row in range(len(share)):
        for window in range(share.shape[1]):
            change = our_value[row, window] - value[row, window]
            at = our_places[row, window] if change >= zero else places[row, window]
            step = ours[row, at] - theirs[row, at]
            slope = one if theirs[row, at] > zero else zero
            chosen[row, window] = at
            share[row, window] = change / step if step != zero else slope
