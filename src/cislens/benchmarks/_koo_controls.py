"""The control experiments of Koo & Ploenzke 2021, as changes of a trial."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple


class Variant(NamedTuple):
    """A trial made otherwise."""

    name: str
    activation: str
    change: Mapping[str, Any]
    """Further options of the piece that trains: first, or fit."""


INITIALISERS = tuple(
    f"{kind}-{shape}" for kind in ("glorot", "he", "lecun") for shape in ("normal", "uniform")
)
DEVIATIONS = (0.001, 0.005, 0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.75, 1.0, 2.0, 3.0, 4.0, 5.0)
SCALES = (0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 2.0, 3.0, 4.0, 5.0)
SHIFTS = (-5.0, -4.0, -3.0, -2.0, -1.0, 1.0, 2.0, 3.0, 4.0, 5.0)
THRESHOLDS = (0.1, 0.2, 0.3, 0.4, 0.6, 0.7, 0.8, 0.9)
REFERENCES = (1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25)
STRONG_L2 = 0.1
"""Weight of the sum of squares of the first kernels in the controls with a log activation."""


def of_networks(*, brief: bool) -> Iterable[Variant]:
    """List the variants of CNN-deep on Task 1; ``brief`` takes one value of each sweep."""
    for start in _some(INITIALISERS, brief):
        yield Variant(start, "relu", {"first": {"initialiser": start}})
        yield Variant(start, "exponential", {"first": {"initialiser": start}})
        yield _bare(start, {"initialiser": start})
    for sd in _some(DEVIATIONS, brief):
        yield Variant(f"SD {sd:g}", "relu", {"first": {"sd": sd}})
        yield Variant(f"SD {sd:g}", "exponential", {"first": {"sd": sd}})
        yield _bare(f"SD {sd:g}", {"sd": sd})
    for scale in _some(SCALES, brief):
        yield Variant(f"scale {scale:g}", "exponential", {"first": {"scale": scale}})
        yield _bare(f"scale {scale:g}", {"scale": scale})
    for shift in _some(SHIFTS, brief):
        yield Variant(f"shift {shift:g}", "exponential", {"first": {"shift": shift}})
    yield from regularised()


def regularised() -> Iterable[Variant]:
    """List the two by two of log activation and first-layer penalty."""
    for activation in ("log-relu", "relu"):
        yield Variant("no first L2", activation, {"fit": {"first_l2": 0.0}})
        yield Variant("strong first L2", activation, {"fit": {"first_l2": STRONG_L2}})


def _bare(name: str, first: dict[str, Any]) -> Variant:
    """Take the normalisation of the first layer out."""
    return Variant(f"{name}, bare", "exponential", {"first": {"normalised": False, **first}})


def _some(values: tuple[Any, ...], brief: bool) -> tuple[Any, ...]:
    return values[len(values) // 2 :][:1] if brief else values
