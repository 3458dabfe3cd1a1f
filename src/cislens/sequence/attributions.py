"""Base-resolution maps: what they hold, and the linear family of their gauges.

All gauges but the last two differ by one number per position, so each can be had from any other:
``local`` multipliers m; ``hypothetical`` m - sum(b m), the effect of each base against a base
distribution b; ``corrected`` m - mean(m), its case of the uniform b; ``taylor`` m - m(own base),
its case of the sequence itself. ``global`` m (x - b) needs the local multipliers, and
``projected`` keeps the own base's value alone.
"""

from dataclasses import dataclass, replace
from typing import Literal

import torch
from jaxtyping import Float
from torch import Tensor

from cislens.errors import UserError
from cislens.sequence.shapes import OneHot

Gauge = Literal["local", "global", "hypothetical", "corrected", "taylor", "projected"]
GAUGES: tuple[Gauge, ...] = (
    "local",
    "global",
    "hypothetical",
    "corrected",
    "taylor",
    "projected",
)
_FAMILY = ("local", "hypothetical", "corrected", "taylor")


@dataclass(frozen=True)
class Attributions:
    """One value per base and position, in the unit of the explained output.

    Attributes
    ----------
    values
        The map, rows A C G T, float32 on the CPU.
    method
        Name of the method.
    target
        What was explained, in words.
    gauge
        Which member of the family the values are; see the top of this file.
    reference
        What the sequences were compared with, in words; "none" for a method that has no reference.
    deltas
        Sum of the map minus change of the output, for each pair of sequence and reference and
        before any projection; None for a method without such a sum rule.
    notes
        What a reader of the map must know, such as operations that bend it.
    """

    values: Float[Tensor, "batch 4 length"]
    method: str
    target: str
    gauge: Gauge
    reference: str = "none"
    deltas: Float[Tensor, "batch references"] | None = None
    notes: tuple[str, ...] = ()


def projected(attributions: Attributions, onehot: OneHot) -> Attributions:
    """Keep the value of the base that stands at each position.

    Parameters
    ----------
    attributions
        A map in any gauge.
    onehot
        The sequences it is of.

    Returns
    -------
    Attributions
        The map times the one-hot columns, with gauge "projected".

    Raises
    ------
    UserError
        If the sequences are not of the shape of the map.
    """
    return regauge(attributions, to="projected", onehot=onehot)


def regauge(
    attributions: Attributions,
    *,
    to: str,
    onehot: OneHot | None = None,
    baseline: Float[Tensor, "*axes"] | None = None,
) -> Attributions:
    """Bring a map into another gauge.

    Parameters
    ----------
    attributions
        A map of the gauges "local", "hypothetical", "corrected" or "taylor"; "global" wants
        "local", and "projected" takes any.
    to
        The gauge wanted, one of `GAUGES`; "local" cannot be had back from another.
    onehot
        The sequences, which "global", "taylor" and "projected" need. A position of N has no own
        base: its Taylor values are those of the map, its projected values are 0.
    baseline
        Base distribution b of "global" and "hypothetical", of shape (4,), (4, length) or
        (batch, 4, length); None is 1/4 for each base. "hypothetical" from a gauge other than
        "local" wants columns that sum to 1.

    Returns
    -------
    Attributions
        The map in that gauge; its deltas and notes stay.

    Raises
    ------
    UserError
        If the gauge is unknown or cannot be had from that of the map, or a tensor is missing or
        of another shape.

    References
    ----------
    Majdandzic et al. 2023, doi:10.1186/s13059-023-02956-3, for "corrected".
    """
    if to == attributions.gauge and to in {"local", "corrected", "taylor", "projected"}:
        return attributions
    gauge = _reachable(attributions.gauge, to)
    map_ = attributions.values
    if to in {"taylor", "global", "projected"}:
        sequences = _sequences(onehot, map_, to)
    if to == "projected":
        values = map_ * sequences
    elif to == "corrected":
        values = map_ - map_.mean(dim=1, keepdim=True)
    elif to == "taylor":
        values = map_ - (sequences * map_).sum(dim=1, keepdim=True)
    elif to == "global":
        values = map_ * (sequences - _baseline(baseline, map_))
    else:
        base = _baseline(baseline, map_)
        _check_distribution(base, attributions.gauge)
        values = map_ - (base * map_).sum(dim=1, keepdim=True)
    return replace(attributions, values=values, gauge=gauge)


def _reachable(gauge: Gauge, to: str) -> Gauge:
    wanted = next((known for known in GAUGES if known == to), None)
    if wanted is None:
        raise UserError(f"to={to!r}: known are {', '.join(GAUGES)}")
    sources = {"global": ("local",), "local": ("local",), "projected": GAUGES}.get(to, _FAMILY)
    if gauge not in sources:
        raise UserError(
            f"to={to!r}: cannot be had from a {gauge!r} map; wants one that is "
            f"{' or '.join(sources)}"
        )
    return wanted


def _sequences(onehot: Tensor | None, values: Tensor, to: str) -> Tensor:
    if onehot is None:
        raise UserError(f"onehot: missing; to={to!r} needs the sequences of the map")
    if onehot.shape != values.shape:
        raise UserError(
            f"onehot: shape {tuple(onehot.shape)}; the map is {tuple(values.shape)}: give the "
            "sequences it is of"
        )
    return onehot.detach().to(values)


def _baseline(baseline: Tensor | None, values: Tensor) -> Tensor:
    if baseline is None:
        return torch.full((4, 1), 0.25, dtype=values.dtype)
    columns = baseline[:, None] if baseline.ndim == 1 else baseline
    known = {(4, 1), tuple(values.shape[1:]), tuple(values.shape)}
    if tuple(columns.shape) not in known:
        raise UserError(
            f"baseline: shape {tuple(baseline.shape)}; wants (4,), {tuple(values.shape[1:])} or "
            f"{tuple(values.shape)}"
        )
    return columns.detach().to(values)


def _check_distribution(base: Tensor, gauge: Gauge) -> None:
    sums = base.sum(dim=-2)
    if gauge != "local" and not torch.allclose(sums, torch.ones_like(sums), atol=1e-4):
        raise UserError(
            f"baseline: a column sums to {sums.flatten()[(sums - 1).abs().argmax()]:g}; from a "
            f"{gauge!r} map each column wants to sum to 1"
        )
