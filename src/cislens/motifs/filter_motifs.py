"""What the filters of a layer have learnt: the result of `cislens.motifs.filters.extract`."""

import dataclasses
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cislens.motifs.options import FilterOptions
from cislens.sequence import pwm
from cislens.sequence.alphabet import DNA, Alphabet
from cislens.sequence.pwm import Pwm


@dataclass(frozen=True, eq=False)
class FilterMotif:
    """One filter.

    Attributes
    ----------
    filter
        Its number in the layer.
    state
        "ok"; "flat" if it has sites but no column with information; "dead" if it has no site.
    reason
        Why it is not "ok", in words; else "".
    nsites
        How many sites made the motif.
    threshold
        Sites are strictly above it; with rule "top", the value of the lowest site. NaN where the
        rule gives none.
    max_activation
        The largest value of the filter over all sequences and positions.
    counts
        (4, width) float64: the weight of A, C, G, T at each column of the window. N adds nothing;
        a column beyond the sequence adds the background. Without pseudocount.
    full
        All columns as a motif; None if dead.
    trimmed
        The columns between the outermost informative ones; None if dead or flat.
    """

    filter: int
    state: str
    reason: str
    nsites: int
    threshold: float
    max_activation: float
    counts: np.ndarray
    full: Pwm | None
    trimmed: Pwm | None

    @property
    def name(self) -> str:
        """Name the filter as motif files do.

        Returns
        -------
        str
            Such as "filter_0".
        """
        return f"filter_{self.filter}"


@dataclass(frozen=True, eq=False)
class FilterMotifs:
    """The filters of a layer.

    Attributes
    ----------
    layer
        Dotted name of the convolution.
    readout
        Dotted name of the module whose output is the activation map.
    start
        First base of the window of map position 0, in bp; negative where it begins before the
        sequence.
    jump
        How far the windows of two neighbouring positions lie apart, in bp.
    width
        Width of a window, in bp.
    sequences
        How many sequences were read.
    passes
        How often the network ran over them.
    options
        How sites were chosen and counted.
    filters
        Every filter, in the order of the layer.
    """

    layer: str
    readout: str
    start: int
    jump: int
    width: int
    sequences: int
    passes: int
    options: FilterOptions
    filters: tuple[FilterMotif, ...]

    @property
    def pwms(self) -> list[Pwm]:
        """List the trimmed motifs of the filters that are neither dead nor flat.

        Returns
        -------
        list[Pwm]
            The motifs, ready for a MEME file or for Tomtom.
        """
        return [motif.trimmed for motif in self.filters if motif.trimmed is not None]

    @property
    def full_pwms(self) -> list[Pwm]:
        """List the untrimmed motifs of the filters that are not dead.

        Returns
        -------
        list[Pwm]
            The motifs, each as wide as the window.
        """
        return [motif.full for motif in self.filters if motif.full is not None]

    def table(self, *, alphabet: Alphabet = DNA) -> pd.DataFrame:
        """Tabulate every filter, the dead ones, too.

        Parameters
        ----------
        alphabet
            DNA or RNA, for the letters of the consensus.

        Returns
        -------
        pandas.DataFrame
            Columns filter, name, state, nsites, information (bits over all columns of the full
            motif; NaN if dead), threshold, max_activation, consensus (of the trimmed motif; "" if
            there is none), reason.
        """
        return pd.DataFrame(
            {
                "filter": [motif.filter for motif in self.filters],
                "name": [motif.name for motif in self.filters],
                "state": [motif.state for motif in self.filters],
                "nsites": [motif.nsites for motif in self.filters],
                "information": [_information(motif.full) for motif in self.filters],
                "threshold": [motif.threshold for motif in self.filters],
                "max_activation": [motif.max_activation for motif in self.filters],
                "consensus": [
                    "" if motif.trimmed is None else pwm.consensus(motif.trimmed, alphabet=alphabet)
                    for motif in self.filters
                ],
                "reason": [motif.reason for motif in self.filters],
            }
        )


def _information(motif: Pwm | None) -> float:
    return float("nan") if motif is None else float(pwm.information(motif).sum())


def judge(motif: FilterMotif, background: np.ndarray, options: FilterOptions) -> FilterMotif:
    """Make the motifs of a filter with sites, and call it flat if nothing in them informs.

    Parameters
    ----------
    motif
        A filter with sites and counts.
    background
        (4,) probabilities of the bases outside motifs.
    options
        Pseudocount and trimming.

    Returns
    -------
    FilterMotif
        The filter with its motifs.
    """
    # Weights by activation are scaled to sites, so that the pseudocount means the same.
    scaled = motif.counts * (motif.nsites / motif.counts.sum(axis=0).max())
    # A column that was N in every window says nothing, as the background does.
    scaled[:, scaled.sum(axis=0) == 0] = background[:, None]
    full = dataclasses.replace(
        pwm.from_counts(
            scaled, name=motif.name, background=background, pseudocount=options.pseudocount
        ),
        nsites=float(motif.nsites),
    )
    motif = dataclasses.replace(motif, full=full)
    if pwm.information(full).max() <= options.trim:
        reason = f"no column carries more than {options.trim:g} bits"
        return dataclasses.replace(motif, state="flat", reason=reason)
    return dataclasses.replace(motif, trimmed=pwm.trim(full, threshold=options.trim))
