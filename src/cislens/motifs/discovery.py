"""Options of seqlets, of their clusters, of TF-MoDISco, and of hits."""

import dataclasses
import math

from cislens.errors import UserError


@dataclasses.dataclass(frozen=True)
class SeqletOptions:
    """How seqlets are called.

    Attributes
    ----------
    cut
        A base stands out where its value, over the root mean square of all maps, is above this.
    gap
        Most bases in a row that may lie between bases that stand out, in bp.
    least
        Fewest bases that stand out, for a stretch to be a seqlet.
    fdr
        Largest share of false seqlets among those kept, 0 to 1.

    Raises
    ------
    UserError
        If an option is out of its range.
    """

    cut: float = 1.0
    gap: int = 1
    least: int = 4
    fdr: float = 0.1

    def __post_init__(self) -> None:
        for name, holds, wanted in (
            ("cut", 0 <= self.cut < math.inf, "0 or more"),
            ("gap", self.gap >= 0, "0 bp or more"),
            ("least", self.least >= 1, "at least 1 base"),
            ("fdr", 0 < self.fdr <= 1, "above 0 and at most 1"),
        ):
            if not holds:
                raise UserError(f"{name}={getattr(self, name)}: wants {wanted}")


@dataclasses.dataclass(frozen=True)
class ClusterOptions:
    """How seqlets are joined.

    Attributes
    ----------
    width
        Width of the stretches that are compared, in bp, around the middle of each seqlet.
    shift
        Largest shift of one stretch against another, in bp.
    alike
        Least mean cosine between the stretches of two clusters that are joined, and between a
        stretch and the mean of the cluster it is put into, -1 to 1.
    same
        Least cosine between the means of two clusters of one motif, which are joined.
    least
        Fewest seqlets of a motif.
    first
        Seqlets that clusters are first made from, those of the highest scores; all others are put
        to these afterwards. Time and memory grow with the square of it.
    most
        Seqlets of one sign that are looked at, those of the highest scores.
    trim
        Columns at the ends of a motif go where their contribution is below this share of the
        largest.

    Raises
    ------
    UserError
        If an option is out of its range.
    """

    width: int = 20
    shift: int = 8
    alike: float = 0.5
    same: float = 0.8
    least: int = 10
    first: int = 1500
    most: int = 20_000
    trim: float = 0.2

    def __post_init__(self) -> None:
        for name, holds, wanted in (
            ("width", self.width >= 4, "at least 4 bp"),
            ("shift", 0 <= self.shift < self.width, "0 bp or more, and less than width"),
            ("alike", -1 <= self.alike <= 1, "-1 to 1"),
            ("same", -1 <= self.same <= 1, "-1 to 1"),
            ("least", self.least >= 1, "at least 1 seqlet"),
            ("first", self.first >= 1, "at least 1 seqlet"),
            ("most", self.most >= 1, "at least 1 seqlet"),
            ("trim", 0 <= self.trim < 1, "at least 0 and below 1"),
        ):
            if not holds:
                raise UserError(f"{name}={getattr(self, name)}: wants {wanted}")

    @property
    def fewest(self) -> int:
        """Give the fewest seqlets that a cluster may begin with.

        Returns
        -------
        int
            Less than ``least``, as the mean takes up more.
        """
        return min(self.least, max(2, self.least // 4))

    @property
    def cut(self) -> int:
        """Give the width that is cut out of the maps, so that stretches can be shifted.

        Returns
        -------
        int
            The width in bp.
        """
        return self.width + 2 * self.shift


@dataclasses.dataclass(frozen=True)
class ModiscoOptions:
    """Options of TF-MoDISco, the same from Python and the command line.

    Attributes
    ----------
    window
        Width of the windows whose sums of contributions are looked at, in bp.
    flank
        What is added to both sides of a window for a seqlet, in bp.
    fdr
        Largest share of false seqlets, 0 to 1, by its own null.
    fewest
        Seqlets of one sign up to which nothing is looked for.
    most
        Seqlets of one sign that are looked at, those of the highest scores.
    least
        Fewest seqlets of a pattern.
    runs
        Runs of its clustering, of which the best is taken.

    Raises
    ------
    UserError
        If an option is out of its range.

    References
    ----------
    Shrikumar et al. 2018, arXiv:1811.00416; defaults are those of modisco-lite 3 in Python, which
    differ from those of its command line.
    """

    window: int = 21
    flank: int = 10
    fdr: float = 0.2
    fewest: int = 100
    most: int = 20_000
    least: int = 20
    runs: int = 50

    def __post_init__(self) -> None:
        for name, holds, wanted in (
            ("window", self.window >= 3 and self.window % 2 == 1, "an odd number, at least 3 bp"),
            ("flank", self.flank >= 0, "0 bp or more"),
            ("fdr", 0 < self.fdr < 1, "above 0 and below 1"),
            ("fewest", self.fewest >= 1, "at least 1 seqlet"),
            ("most", self.most > self.fewest, f"more than fewest={self.fewest}"),
            ("least", self.least >= 1, "at least 1 seqlet"),
            ("runs", self.runs >= 1, "at least 1"),
        ):
            if not holds:
                raise UserError(f"{name}={getattr(self, name)}: wants {wanted}")


@dataclasses.dataclass(frozen=True)
class HitOptions:
    """How hits are called.

    Attributes
    ----------
    cosine
        Least cosine between the contributions of a hit and those of the motif, 0 to 1.
    overlap
        Largest share of the shorter of two hits that may lie under the other, 0 to 1; the hit of
        the lower score goes.
    fdr
        Largest share of false hits of a motif among those kept, 0 to 1.
    fimo_p
        Largest p-value of a match of the motif's probabilities to the sequence, for the hits that
        stand beside: those of the sequence alone.

    Raises
    ------
    UserError
        If an option is out of its range.
    """

    cosine: float = 0.7
    overlap: float = 0.5
    fdr: float = 0.1
    fimo_p: float = 1e-4

    def __post_init__(self) -> None:
        for name, holds, wanted in (
            ("cosine", 0 < self.cosine < 1, "above 0 and below 1"),
            ("overlap", 0 <= self.overlap < 1, "at least 0 and below 1"),
            ("fdr", 0 < self.fdr <= 1, "above 0 and at most 1"),
            ("fimo_p", 0 < self.fimo_p < 1, "above 0 and below 1"),
        ):
            if not holds:
                raise UserError(f"{name}={getattr(self, name)}: wants {wanted}")
