"""How the texts of a file become base codes of one length."""

from dataclasses import dataclass
from typing import Literal

from cislens.errors import UserError
from cislens.sequence.alphabet import DNA, Alphabet


@dataclass(frozen=True)
class Encoding:
    """How texts become base codes.

    Attributes
    ----------
    alphabet
        DNA or RNA.
    length
        Longer sequences are cut to their central part of this many bp and shorter ones refused;
        without it, all must be as long as the first.
    ambiguous
        What IUPAC letters such as R do: raise ("error") or become N ("n").
    """

    alphabet: Alphabet = DNA
    length: int | None = None
    ambiguous: Literal["error", "n"] = "error"

    def __post_init__(self) -> None:
        if self.length is not None and self.length < 1:
            raise UserError(f"length={self.length}: at least 1 bp is wanted")


AS_DNA = Encoding()
