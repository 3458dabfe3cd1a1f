"""How the texts of a file become base codes of one length."""

from dataclasses import dataclass
from typing import Literal

from cislens.errors import UserError
from cislens.sequence.alphabet import DNA, RNA, Alphabet


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


def as_written(text: str, alphabet: Alphabet) -> str:
    """Read RNA that is written with T, as most sets of it are, with U.

    Parameters
    ----------
    text
        A sequence as its file has it.
    alphabet
        What it is read as.

    Returns
    -------
    str
        The same text; for RNA with U for T, unless there is a U already: then T is a fault.
    """
    if alphabet != RNA or "U" in text or "u" in text:
        return text
    return text.replace("T", "U").replace("t", "u")
