"""Seqlets joined into motifs: clusters of signed contribution matrices on both strands."""

from typing import NamedTuple

import numpy as np
from jaxtyping import Float32, Float64, Int64, UInt8

from cislens.motifs import _placing
from cislens.motifs.discovery import ClusterOptions
from cislens.sequence import pwm
from cislens.sequence.alphabet import N_CODE
from cislens.sequence.pwm import Pwm

PSEUDOCOUNT = 1.0
"""Sites added to each column of a PWM."""

ROUNDS = 4
"""How often seqlets are put to the means of clusters and these taken anew."""


class Windows(NamedTuple):
    """Seqlets with their surroundings, in the order of their scores, the highest first."""

    codes: UInt8[np.ndarray, "seqlets cut"]
    """Base codes; N beyond the ends of a sequence."""
    values: Float32[np.ndarray, "seqlets 4 cut"]
    """Maps with a value for each base, or of the bases of the sequence only; 0 beyond the ends."""


class Cluster(NamedTuple):
    """Seqlets of one motif, and what they have in common."""

    members: Int64[np.ndarray, " members"]
    """Numbers of the seqlets."""
    starts: Int64[np.ndarray, " members"]
    """First column of the motif in the window of each, in the direction of the window."""
    flipped: np.ndarray
    """Whether each reads as the reverse complement."""
    cosines: Float32[np.ndarray, " members"]
    """How like the motif each is."""
    contributions: Float64[np.ndarray, "4 width"]
    """Mean contribution of each base where it stands (CWM), in the unit of the maps."""
    hypothetical: Float64[np.ndarray, "4 width"]
    """Mean of the maps themselves, of bases that do not stand there too."""
    counts: Float64[np.ndarray, "4 width"]
    """How often each base stands in each column."""

    def pwm(self, name: str) -> Pwm:
        """Give the motif as probabilities of bases.

        Parameters
        ----------
        name
            The identifier.

        Returns
        -------
        Pwm
            Its sites are the members.
        """
        return pwm.from_counts(self.counts, name=name, pseudocount=PSEUDOCOUNT)


def cut_out(
    codes: UInt8[np.ndarray, "rows length"],
    values: Float32[np.ndarray, "rows 4 length"],
    rows: Int64[np.ndarray, " seqlets"],
    middles: Int64[np.ndarray, " seqlets"],
    width: int,
) -> Windows:
    """Cut windows around places out of maps.

    Parameters
    ----------
    codes
        Sequences.
    values
        Their maps.
    rows
        Number of the sequence of each place.
    middles
        The base in the middle, 0-based; of an even width the one right of the middle.
    width
        Width of the windows, in bp.

    Returns
    -------
    Windows
        In the order of the places.
    """
    columns = middles[:, None] - width // 2 + np.arange(width)
    inside = (columns >= 0) & (columns < codes.shape[1])
    there = np.clip(columns, 0, codes.shape[1] - 1)
    found = values[rows[:, None], :, there].transpose(0, 2, 1) * inside[:, None, :]
    bases = np.where(inside, codes[rows[:, None], there], N_CODE).astype(np.uint8)
    return Windows(bases, found.astype(np.float32))


def find(windows: Windows, options: ClusterOptions, *, both_strands: bool) -> list[Cluster]:
    """Join seqlets into motifs.

    Stretches are compared by their contributions and by the values of all bases, each with half
    the weight, at the best shift and strand. Those of the highest scores are joined by average
    linkage. The means of these clusters then take up all seqlets that are like them, clusters whose
    means are alike become one, and those with too few seqlets are given up.

    Parameters
    ----------
    windows
        Seqlets of one sign, those of the highest scores first, cut out with ``options.cut``.
    options
        How they are joined.
    both_strands
        Whether a motif may read either way; False for RNA.

    Returns
    -------
    list of Cluster
        The largest first; empty where no motif has enough seqlets. A seqlet is in one at most.

    References
    ----------
    Contributions beside hypothetical values as in TF-MoDISco (Shrikumar et al. 2018,
    arXiv:1811.00416); its embedding by gapped k-mers and its network communities want many seqlets.
    """
    if len(windows.codes) < options.least:
        return []
    frame = _placing.Frame(options.width, options.shift, options.alike, both_strands)
    onehot = windows.codes[:, None, :] == np.arange(4, dtype=np.uint8)[:, None]
    contributions = windows.values * onehot
    profiles = np.concatenate([contributions, windows.values], axis=1)
    means = _placing.seeds(profiles[: options.first], frame, least=options.fewest)
    places: list[_placing.Place] = []
    for _ in range(ROUNDS):
        means = _placing.distinct(means, frame, same=options.same)
        places = _placing.placed(profiles, means, frame, least=options.least)
        means = [_placing.mean(profiles, place, frame) for place in places]
    layers = (contributions, windows.values, onehot)
    return [
        _cluster([_placing.stretches(of, place, options.width) for of in layers], place, options)
        for place in places
    ]


def part(windows: Windows, cluster: Cluster, members: np.ndarray) -> Cluster:
    """Make a motif of some of the seqlets of another, which keep their places.

    Parameters
    ----------
    windows
        The windows of all seqlets.
    cluster
        The other motif.
    members
        Which of its members, numbers in its own order.

    Returns
    -------
    Cluster
        The motif of these, as wide as the other.
    """
    place = _placing.Place(*(of[members] for of in cluster[:4]))
    onehot = windows.codes[:, None, :] == np.arange(4, dtype=np.uint8)[:, None]
    contributions, hypothetical, bases = (
        _placing.stretches(of, place, cluster.counts.shape[1])
        for of in (windows.values * onehot, windows.values, onehot)
    )
    return Cluster(
        *place,
        contributions=contributions.mean(axis=0, dtype=np.float64),
        hypothetical=hypothetical.mean(axis=0, dtype=np.float64),
        counts=bases.sum(axis=0, dtype=np.float64),
    )


def _cluster(
    stretches: list[np.ndarray], place: _placing.Place, options: ClusterOptions
) -> Cluster:
    """Average the members, and cut off what contributes little at the ends."""
    contributions, hypothetical = (of.mean(axis=0, dtype=np.float64) for of in stretches[:2])
    counts = stretches[2].sum(axis=0, dtype=np.float64)
    strength = np.abs(contributions.sum(axis=0))
    strong = np.flatnonzero(strength >= options.trim * strength.max())
    first, end = int(strong[0]), int(strong[-1]) + 1
    return Cluster(
        members=place.members,
        starts=place.starts + np.where(place.flipped, options.width - end, first),
        flipped=place.flipped,
        cosines=place.cosines,
        contributions=contributions[:, first:end],
        hypothetical=hypothetical[:, first:end],
        counts=counts[:, first:end],
    )
