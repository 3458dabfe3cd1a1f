"""The options of an attribution prior."""

import dataclasses
from dataclasses import field
from typing import Any, Literal, get_args

from cislens.errors import UserError

Explained = Literal["auto", "logit", "softmax-weighted", "centred-squared", "log-counts"]
Gauge = Literal["corrected", "raw"]
Statistics = Literal["running", "batch"]
Rows = Literal["positives", "all"]
Direct = Literal["included", "excluded"]
Scale = Literal["gain", "task", "none"]
Schedule = Literal["constant", "inflate", "deflate"]
WEIGHTS = {
    "fourier": 5.0,
    "total-variation": 15.0,
    "gini": 15.0,
    "l2": 1.0,
    "gradient-norm": 1.0,
}
"""The priors, and their usual weights."""
PRIORS = tuple(WEIGHTS)
OF_PROFILES = 0.4
"""Share of these weights that is usual for profiles."""


@dataclasses.dataclass(frozen=True)
class PriorOptions:
    """What the explanations of a network are asked to be like, and how much that counts.

    ``fit.prior: fourier`` is the short form of ``fit.prior: {terms: {fourier: null}}``.

    Attributes
    ----------
    terms
        Priors and their weights: fourier, total-variation, gini, l2, gradient-norm. null is the
        usual weight: 5, 15, 15, 1 and 1; of profiles two fifths of it, so 2 for fourier.
    scale
        What the weights are multiples of, so that they need no change for another loss or depth of
        sequencing. "gain" is by how much the loss is below that of a prediction that sees no
        sequence (the base rate of each label; of profiles a flat shape), about the mean of the last
        50 steps: it rises as the network learns, and falls where the prior takes more than it
        should. "task" is the mean loss of the first 50 steps; a prior of that size can be all that
        a network learns where its task is hard. "none" takes the weights as they are.
    warmup_steps
        Optimiser steps without the prior: a network that has learnt nothing meets it by looking at
        one place only.
    ramp_steps
        Steps after those in which its weight rises to the full.
    schedule
        The weight over epochs after that: "constant", "inflate" or "deflate", as published.
    every
        Take the prior at every so many-th step, so many times as strong.
    rows
        Which sequences are explained: the "positives" of binary labels and the peaks of profiles,
        or "all". Other measurements have no positives; then all are.
    target
        Which number is explained: the sum of the outputs ("logit"); of profiles the logits
        weighted by their softmax ("softmax-weighted") or by themselves, centred
        ("centred-squared", as the published code does), or the total ("log-counts"). "auto" is
        "softmax-weighted" for profiles and "logit" for all else.
    gauge
        "corrected" takes the mean over the four bases off the gradient, which no sequence can see;
        "raw" leaves it, as published.
    batch_norm
        "running" explains the network as it will be used; "batch", as published, explains it with
        the statistics of the batch, which hide the sum of its logits.
    period
        Shortest period that is not penalised by fourier, in bp.
    softness
        How softly its cut-off falls; null for a hard one.
    smoothing
        Standard deviation of the Gaussian, cut off at one, that it smooths tracks with, in bp. The
        published 3 takes most of what is to be penalised away before it is seen; 0 is none.
    direct
        Whether the constant part of a track counts as a frequency, which is never rewarded
        ("included", as published: asks for few islands), or not ("excluded": asks for smoothness
        only).

    References
    ----------
    Tseng et al. 2020 (NeurIPS) for the Fourier prior; there ``terms: {fourier: 1}, scale: none,
    warmup_steps: 0, ramp_steps: 0, gauge: raw, batch_norm: batch, smoothing: 3``, and for profiles
    ``fourier: 50`` and ``target: centred-squared``.
    """

    terms: dict[str, float | None] = field(default_factory=lambda: {"fourier": None})
    scale: Scale = "gain"
    warmup_steps: int = 300
    ramp_steps: int = 200
    schedule: Schedule = "constant"
    every: int = 1
    rows: Rows = "positives"
    target: Explained = "auto"
    gauge: Gauge = "corrected"
    batch_norm: Statistics = "running"
    period: float = 6.7
    softness: float | None = 0.2
    smoothing: int = 0
    direct: Direct = "included"


def parse(value: str | PriorOptions | None) -> PriorOptions | None:
    """Turn the short form into options, and check them.

    Parameters
    ----------
    value
        Name of a prior, options, or None.

    Returns
    -------
    PriorOptions or None
        The options; None for None.

    Raises
    ------
    UserError
        If an option is out of its range.
    """
    options = PriorOptions(terms={value: None}) if isinstance(value, str) else value
    if options is not None:
        check(options)
    return options


def weights(options: PriorOptions, *, objective: str) -> dict[str, float]:
    """Say what the priors weigh in the training of an objective.

    Parameters
    ----------
    options
        The options.
    objective
        What the network is trained for.

    Returns
    -------
    dict
        Weights by name of the prior, the usual ones where none was given.
    """
    share = OF_PROFILES if objective == "profile" else 1.0
    return {
        name: share * WEIGHTS[name] if weight is None else weight
        for name, weight in options.terms.items()
    }


# Not in __post_init__: the command line tries text and options in turn, and hides what they raise.
def check(options: PriorOptions) -> None:
    """Refuse options that make no sense.

    Parameters
    ----------
    options
        The options.

    Raises
    ------
    UserError
        If one is out of its range.
    """
    if not options.terms:
        raise UserError(f"prior.terms={{}}: name at least one of {', '.join(PRIORS)}")
    for name, weight in options.terms.items():
        _want("terms", name, name in PRIORS, f"one of {', '.join(PRIORS)}")
        fits = weight is None or 0 <= weight < float("inf")
        _want(f"terms.{name}", weight, fits, "a weight of at least 0, or null")
    for name in ("warmup_steps", "ramp_steps", "smoothing"):
        _want(name, getattr(options, name), getattr(options, name) >= 0, "at least 0")
    _want("every", options.every, options.every >= 1, "at least 1")
    _want("period", options.period, 2 <= options.period < float("inf"), "at least 2 bp")
    softness = 1.0 if options.softness is None else options.softness
    _want("softness", options.softness, 0 < softness < float("inf"), "above 0, or null")
    for name, known in _CHOICES.items():
        value = getattr(options, name)
        _want(name, value, value in get_args(known), f"one of {', '.join(get_args(known))}")


_CHOICES: dict[str, Any] = {
    "scale": Scale,
    "schedule": Schedule,
    "rows": Rows,
    "target": Explained,
    "gauge": Gauge,
    "batch_norm": Statistics,
    "direct": Direct,
}


def _want(name: str, value: object, holds: bool, wanted: str) -> None:
    if not holds:
        raise UserError(f"prior.{name}={value!r}: it must be {wanted}")
