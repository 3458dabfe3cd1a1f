"""Position weight matrices: what a motif is, and what one may ask of it."""

import dataclasses
from dataclasses import dataclass, field

import numpy as np
from jaxtyping import Float64

from cislens.errors import UserError
from cislens.sequence.alphabet import DNA, Alphabet

# Indexed by the sum of A = 1, C = 2, G = 4 and T = 8.
_IUPAC = "-ACMGRSVTWYHKDBN"


def _uniform() -> np.ndarray:
    return np.full(4, 0.25)


@dataclass(frozen=True, eq=False)
class Pwm:
    """A motif as the probability of each base at each position.

    Columns whose sum is within 1e-3 of 1 are taken and scaled to sum to 1; columns that do so to
    1e-9 are left as they came. The arrays are copied and read-only.

    Attributes
    ----------
    name
        The identifier, such as "MA0139.1".
    probabilities
        Shape (4, width), rows A C G T (or U), float64.
    label
        The name for people, such as "CTCF".
    background
        Shape (4,): the probability of each base outside the motif, none of them 0.
    nsites
        How many sites the motif was made from, where known.

    Raises
    ------
    UserError
        If the arrays do not hold probabilities of these shapes.
    """

    name: str
    probabilities: np.ndarray
    label: str = ""
    background: np.ndarray = field(default_factory=_uniform)
    nsites: float | None = None

    def __post_init__(self) -> None:
        if np.ndim(self.probabilities) != 2 or np.shape(self.probabilities)[1] == 0:
            raise UserError(
                f"Pwm {self.name!r}: probabilities of shape {np.shape(self.probabilities)}; "
                "wants (4, width) with at least one column"
            )
        for attribute in ("probabilities", "background"):
            object.__setattr__(self, attribute, self._normalised(attribute))
        if not (self.background > 0).all():
            raise UserError(f"Pwm {self.name!r}: background {self.background}; no base may have 0")
        if self.nsites is not None and not (np.isfinite(self.nsites) and self.nsites >= 0):
            raise UserError(f"Pwm {self.name!r}: nsites={self.nsites}; wants 0 or more, or None")

    @property
    def width(self) -> int:
        """Count the columns.

        Returns
        -------
        int
            The width in bp.
        """
        return int(self.probabilities.shape[1])

    def _normalised(self, attribute: str) -> np.ndarray:
        values = np.array(getattr(self, attribute), dtype=np.float64)
        where = f"Pwm {self.name!r}: {attribute}"
        if values.shape[:1] != (4,) or (attribute == "background" and values.ndim != 1):
            raise UserError(f"{where} of shape {values.shape}; wants four rows, A C G T")
        if not np.isfinite(values).all() or (values < 0).any():
            raise UserError(f"{where} below 0, infinite or NaN; wants probabilities")
        total = np.atleast_1d(values.sum(axis=0))
        column = int(np.abs(total - 1).argmax())
        if abs(total[column] - 1) > 1e-3:
            raise UserError(
                f"{where} sum to {total[column]:g} in column {column}; wants 1 "
                "(pwm.from_counts takes counts)"
            )
        values = np.where(np.abs(total - 1) > 1e-9, values / total, values)
        values.flags.writeable = False
        return values


def from_counts(
    counts: np.ndarray,
    *,
    name: str,
    label: str = "",
    background: np.ndarray | None = None,
    pseudocount: float = 0.0,
) -> Pwm:
    """Make a motif from how often each base was seen.

    Parameters
    ----------
    counts
        Shape (4, width), rows A C G T; each column is divided by its own total.
    name
        The identifier.
    label
        The name for people.
    background
        The probability of each base outside the motif; None is 0.25 each.
    pseudocount
        Sites added to each column, spread over the bases as the background is.

    Returns
    -------
    Pwm
        The motif; ``nsites`` is the largest column total, without the pseudocount.

    Raises
    ------
    UserError
        If counts are negative or not finite, or a column has none.
    """
    counts = np.asarray(counts, dtype=np.float64)
    if counts.ndim != 2 or counts.shape[0] != 4 or counts.shape[1] == 0:
        raise UserError(f"counts of {name!r}: shape {counts.shape}; wants (4, width)")
    if not np.isfinite(counts).all() or (counts < 0).any() or pseudocount < 0:
        raise UserError(f"counts of {name!r}: below 0, infinite or NaN; wants 0 or more")
    background = _uniform() if background is None else np.asarray(background, dtype=np.float64)
    padded = counts + pseudocount * background[:, None]
    if not padded.sum(axis=0).all():
        column = int(np.argmin(padded.sum(axis=0)))
        raise UserError(
            f"counts of {name!r}: column {column} has none; drop it or give a pseudocount"
        )
    nsites = float(counts.sum(axis=0).max())
    return Pwm(name, padded / padded.sum(axis=0), label, background, nsites)


def information(pwm: Pwm, *, pseudocount: float = 0.0) -> Float64[np.ndarray, " width"]:
    """Measure how far each column is from the background.

    The relative entropy of the column to the background, sum over bases of p log2(p / b); with
    a uniform background 2 bits minus the column's entropy. No small-sample correction.

    Parameters
    ----------
    pwm
        The motif.
    pseudocount
        Weight of the background mixed into each column, which itself weighs 1.

    Returns
    -------
    Float64[np.ndarray, " width"]
        Bits, 0 or more.

    References
    ----------
    Schneider et al. 1986, doi:10.1016/0022-2836(86)90165-8; Stormo 2000,
    doi:10.1093/bioinformatics/16.1.16. Departs from the former by leaving out e(n).
    """
    mixed = _mixed(pwm, pseudocount)
    ratio = np.divide(mixed, pwm.background[:, None], out=np.ones_like(mixed), where=mixed > 0)
    # Rounding may leave a column equal to its background a hair below 0.
    bits: np.ndarray = np.maximum((mixed * np.log2(ratio)).sum(axis=0), 0.0)
    return bits


def log_odds(pwm: Pwm, *, pseudocount: float) -> Float64[np.ndarray, "4 width"]:
    """Score each base against the background.

    Parameters
    ----------
    pwm
        The motif.
    pseudocount
        Weight of the background mixed into each column, which itself weighs 1; with 0, a base
        that is never seen scores minus infinity.

    Returns
    -------
    Float64[np.ndarray, "4 width"]
        Bits, log2(p / b).
    """
    mixed = _mixed(pwm, pseudocount)
    never = np.full_like(mixed, -np.inf)
    bits: np.ndarray = np.log2(mixed / pwm.background[:, None], out=never, where=mixed > 0)
    return bits


def consensus(pwm: Pwm, *, alphabet: Alphabet = DNA) -> str:
    """Spell the motif in IUPAC letters.

    A column is one base where its probability is above 0.5 and above twice the second's, two
    bases (such as R for A or G) where together they are above 0.75, else N.

    Parameters
    ----------
    pwm
        The motif.
    alphabet
        DNA or RNA.

    Returns
    -------
    str
        One letter a column, with U for RNA.

    References
    ----------
    Cavener 1987, doi:10.1093/nar/15.4.1353.
    """
    letters = "".join(_iupac(column) for column in pwm.probabilities.T)
    return letters.replace("T", alphabet.letters[3])


def reverse_complement(pwm: Pwm) -> Pwm:
    """Give the motif as the other strand shows it.

    Parameters
    ----------
    pwm
        The motif.

    Returns
    -------
    Pwm
        Rows and columns flipped, the background's bases swapped, all else as it was.
    """
    return dataclasses.replace(
        pwm, probabilities=pwm.probabilities[::-1, ::-1], background=pwm.background[::-1]
    )


def trim_span(pwm: Pwm, *, threshold: float = 0.3, flank: int = 0) -> tuple[int, int]:
    """Find the columns that `trim` keeps.

    Parameters
    ----------
    pwm
        The motif.
    threshold
        Information in bits that the first and the last column kept must exceed.
    flank
        Columns kept beyond them, in bp, as far as there are any.

    Returns
    -------
    tuple[int, int]
        First column kept, and one past the last; all columns where none exceeds the threshold.
    """
    strong = np.flatnonzero(information(pwm) > threshold)
    if len(strong) == 0:
        return 0, pwm.width
    return max(0, int(strong[0]) - flank), min(pwm.width, int(strong[-1]) + 1 + flank)


def trim(pwm: Pwm, *, threshold: float = 0.3, flank: int = 0) -> Pwm:
    """Cut off weak columns at both ends.

    Parameters
    ----------
    pwm
        The motif.
    threshold
        Information in bits that the first and the last column kept must exceed.
    flank
        Columns kept beyond them, in bp, as far as there are any.

    Returns
    -------
    Pwm
        The columns of `trim_span`; the motif unchanged where no column exceeds the threshold.
    """
    start, end = trim_span(pwm, threshold=threshold, flank=flank)
    if (start, end) == (0, pwm.width):
        return pwm
    return dataclasses.replace(pwm, probabilities=pwm.probabilities[:, start:end])


def _mixed(pwm: Pwm, pseudocount: float) -> np.ndarray:
    if not (np.isfinite(pseudocount) and pseudocount >= 0):
        raise UserError(f"pseudocount={pseudocount}; wants 0 or more")
    added = pseudocount * pwm.background[:, None]
    mixed: np.ndarray = (pwm.probabilities + added) / (1 + pseudocount)
    return mixed


def _iupac(column: np.ndarray) -> str:
    first, second = np.argsort(-column, kind="stable")[:2]
    if column[first] > 0.5 and column[first] > 2 * column[second]:
        return _IUPAC[2**first]
    if column[first] + column[second] > 0.75:
        return _IUPAC[2**first + 2**second]
    return "N"
