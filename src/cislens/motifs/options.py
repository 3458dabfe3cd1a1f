"""The options of filter motifs."""

import dataclasses
import math
from typing import Literal, get_args

from cislens.errors import UserError

Rule = Literal["fraction-of-maximum", "absolute", "quantile", "top", "mean-to-maximum"]
Selection = Literal["all", "best-per-sequence"]
Weighting = Literal["count", "activation"]
Ends = Literal["exclude", "background"]

DEFAULT_THRESHOLDS: dict[str, float] = {
    "fraction-of-maximum": 0.5,
    "absolute": 0.0,
    "quantile": 0.999,
    "top": 100.0,
    "mean-to-maximum": 0.5,
}
"""What `FilterOptions.threshold` is for each rule where it is not given."""


@dataclasses.dataclass(frozen=True)
class FilterOptions:
    """Which sites of a filter make its motif, and how.

    A site is a position of the activation map whose value is strictly above the filter's
    threshold. Maximum, mean and quantile are over all sequences and all positions of the map, those
    whose window runs over the ends included.

    Attributes
    ----------
    rule
        How the threshold of each filter is found. "fraction-of-maximum": ``threshold`` times the
        filter's maximum; "absolute": ``threshold`` itself, in units of activation; "quantile": the
        smallest activation that at least this share of all activations does not exceed; "top": as
        many of the best sites, ties in the order of the dataset; "mean-to-maximum":
        mean + ``threshold`` × (maximum − mean).
    threshold
        The number that the rule takes; None is 0.5, 0, 0.999, 100 and 0.5 in the order above.
    selection
        "all" takes every site, "best-per-sequence" the first best of each sequence.
    cap
        Most sites a sequence gives, the best first; None is no limit.
    weighting
        "count": each site weighs 1; "activation": its activation, or 0 where that is negative.
    both_strands
        Read the reverse complement of each sequence too; its sites join those of the sequence, as
        the filter saw them.
    ends
        Windows that run over the ends of a sequence: "exclude" passes them over before anything is
        selected, "background" takes the missing columns as background. No window is ever shifted.
    background
        Probabilities of A, C, G, T outside motifs; None is the share of each in the sequences.
    pseudocount
        Sites added to each column, spread as the background is, so that few sites do not look
        certain.
    trim
        Information in bits that the outermost columns of a trimmed motif exceed.
    buffer_bytes
        Most memory for sites that wait for the final threshold; only what is used is taken. When it
        is full, sites far above the threshold are counted at once; if the threshold still passes
        them later, the network is run a second time and the result says so.

    Raises
    ------
    UserError
        If an option is out of its range.

    References
    ----------
    Alipanahi et al. (2015), doi:10.1038/nbt.3300, for the fraction of the maximum. Kelley et al.
    (2016), doi:10.1101/gr.200535.115, and Trabelsi et al. (2019),
    doi:10.1093/bioinformatics/btz339, whose programs take mean-to-maximum with 0.5 and 0.65.
    """

    rule: Rule = "fraction-of-maximum"
    threshold: int | float | None = None
    selection: Selection = "all"
    cap: int | None = None
    weighting: Weighting = "count"
    both_strands: bool = False
    ends: Ends = "exclude"
    background: tuple[float, float, float, float] | None = (0.25, 0.25, 0.25, 0.25)
    pseudocount: float = 1.0
    trim: float = 0.3
    buffer_bytes: int = 512_000_000

    def __post_init__(self) -> None:
        for name, choices in (
            ("rule", get_args(Rule)),
            ("selection", get_args(Selection)),
            ("weighting", get_args(Weighting)),
            ("ends", get_args(Ends)),
        ):
            _want(self, name, getattr(self, name) in choices, f"one of {', '.join(choices)}")
        holds, wanted = _threshold_range(self.rule, self.level)
        _want(self, "threshold", holds, f"{wanted} with rule={self.rule!r}")
        _want(self, "cap", self.cap is None or self.cap >= 1, "at least 1, or None")
        _want(self, "pseudocount", 0 <= self.pseudocount < math.inf, "0 or more")
        _want(self, "trim", 0 <= self.trim < math.inf, "0 bits or more")
        _want(self, "buffer_bytes", self.buffer_bytes >= 1, "at least 1")
        shares = self.background
        sums_to_one = shares is None or (
            len(shares) == 4 and min(shares) > 0 and math.isclose(sum(shares), 1, abs_tol=1e-6)
        )
        _want(self, "background", sums_to_one, "four numbers above 0 that sum to 1, or None")

    @property
    def level(self) -> float:
        """Give the threshold, or the default of the rule.

        Returns
        -------
        float
            The number that the rule takes.
        """
        return float(DEFAULT_THRESHOLDS[self.rule] if self.threshold is None else self.threshold)

    @property
    def sites_per_sequence(self) -> int | None:
        """Join the selection and the cap.

        Returns
        -------
        int | None
            The most sites that a sequence gives, or None for no limit.
        """
        return 1 if self.selection == "best-per-sequence" else self.cap


def _threshold_range(rule: str, level: float) -> tuple[bool, str]:
    """Say whether a level suits its rule, and what does."""
    if rule == "absolute":
        return math.isfinite(level), "a finite number"
    if rule == "top":
        return level >= 1 and level == int(level), "a whole number of sites, at least 1"
    if rule == "quantile":
        return 0 < level <= 1, "above 0 and at most 1"
    return 0 <= level < 1, "at least 0 and below 1"


def _want(options: FilterOptions, name: str, holds: bool, wanted: str) -> None:
    if not holds:
        default = next(f for f in dataclasses.fields(options) if f.name == name).default
        raise UserError(
            f"{name}={getattr(options, name)!r}: it must be {wanted}; the default is {default!r}"
        )
