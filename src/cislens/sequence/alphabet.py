"""The letters of DNA and RNA, and texts as base codes A C G T N = 0 1 2 3 4."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
from jaxtyping import UInt8

from cislens.errors import UserError

N_CODE = 4
AMBIGUITY_LETTERS = "RYSWKMBDHV"
"""IUPAC letters for two or three bases (NC-IUB 1985); N, for any base, has a code of its own."""

_UNKNOWN = 255


class AlphabetError(UserError):
    """A text or code that the alphabet does not have."""


@dataclass(frozen=True)
class Alphabet:
    """Four bases and N.

    Attributes
    ----------
    name
        What the alphabet is called: "DNA" or "RNA".
    letters
        The letters of the codes 0, 1, 2 and 3, in upper case.
    """

    name: str
    letters: str

    def encode(
        self, text: str, ambiguous: Literal["error", "n"] = "error"
    ) -> UInt8[np.ndarray, " length"]:
        """Turn a text into base codes.

        Parameters
        ----------
        text
            The sequence; lower case (soft-masked) reads as upper case.
        ambiguous
            What IUPAC ambiguity letters such as R do: raise ("error") or become N ("n").

        Returns
        -------
        UInt8[np.ndarray, " length"]
            One code a letter.

        Raises
        ------
        AlphabetError
            If a letter is not of this alphabet; names the letter and its position from 1.
        """
        codes = self._look_up(text, ambiguous)
        if (codes == _UNKNOWN).any():
            position = int(np.argmax(codes == _UNKNOWN))
            raise AlphabetError(self._complaint(text[position], position))
        return codes

    def encode_all(
        self, texts: Sequence[str], ambiguous: Literal["error", "n"] = "error"
    ) -> UInt8[np.ndarray, "batch length"]:
        """Turn texts of one length into base codes.

        Parameters
        ----------
        texts
            The sequences, all of one length.
        ambiguous
            As in `encode`.

        Returns
        -------
        UInt8[np.ndarray, "batch length"]
            One row a text, one code a letter.

        Raises
        ------
        AlphabetError
            If a letter is not of this alphabet.
        UserError
            If there is no text, or a text is longer or shorter than the first.
        """
        if not texts:
            raise UserError("texts: got none; wants at least one sequence")
        length = len(texts[0])
        ragged = next((row for row, text in enumerate(texts) if len(text) != length), None)
        if ragged is not None:
            raise UserError(
                f"texts: row {ragged} has {len(texts[ragged])} letters where row 0 has {length}; "
                "all must be of one length: cut or pad them first"
            )
        codes = self._look_up("".join(texts), ambiguous).reshape(len(texts), length)
        if (codes == _UNKNOWN).any():
            row, position = (int(i) for i in np.argwhere(codes == _UNKNOWN)[0])
            raise AlphabetError(
                f"texts: row {row}: {self._complaint(texts[row][position], position)}"
            )
        return codes

    def decode(self, codes: UInt8[np.ndarray, " length"]) -> str:
        """Turn base codes into a text in upper case.

        Parameters
        ----------
        codes
            The codes of one sequence, 0 to 4.

        Returns
        -------
        str
            One letter a code.

        Raises
        ------
        AlphabetError
            If a code is above 4.
        """
        if codes.size and codes.max() > N_CODE:
            position = int(np.argmax(codes > N_CODE))
            raise AlphabetError(
                f"codes: {codes[position]} at position {position}; wants A C G T N as 0 to {N_CODE}"
            )
        return bytes(self._letter_bytes[codes]).decode("ascii")

    def _look_up(self, text: str, ambiguous: Literal["error", "n"]) -> np.ndarray:
        # "replace" writes one "?" for each letter beyond ASCII, so positions stay what they were.
        letters = np.frombuffer(text.encode("ascii", errors="replace"), dtype=np.uint8)
        return self._tables[ambiguous][letters]

    @cached_property
    def _letter_bytes(self) -> np.ndarray:
        return np.frombuffer(f"{self.letters}N".encode("ascii"), dtype=np.uint8)

    @cached_property
    def _tables(self) -> dict[str, np.ndarray]:
        strict = np.full(256, _UNKNOWN, dtype=np.uint8)
        for code, letter in enumerate(f"{self.letters}N"):
            strict[[ord(letter), ord(letter.lower())]] = code
        lenient = strict.copy()
        lenient[[ord(c) for c in AMBIGUITY_LETTERS + AMBIGUITY_LETTERS.lower()]] = N_CODE
        return {"error": strict, "n": lenient}

    def _complaint(self, letter: str, position: int) -> str:
        other = {"U": "RNA", "T": "DNA"}.get(letter.upper())
        if other is not None:
            remedy = f"if this is {other}, use the {other} alphabet"
        elif letter.upper() in AMBIGUITY_LETTERS:
            remedy = "ambiguous='n' reads IUPAC ambiguity letters as N"
        else:
            remedy = "write N for a base that is not known"
        known = " ".join(self.letters)
        return (
            f"letter {letter!r} at position {position + 1} (the first is 1): "
            f"{self.name} has {known} and N; {remedy}"
        )


DNA = Alphabet("DNA", "ACGT")
RNA = Alphabet("RNA", "ACGU")

_COMPLEMENT = np.array([3, 2, 1, 0, N_CODE], dtype=np.uint8)


def by_name(name: str) -> Alphabet:
    """Give the alphabet of that name.

    Parameters
    ----------
    name
        "DNA" or "RNA", in any case.

    Returns
    -------
    Alphabet
        `DNA` or `RNA`.

    Raises
    ------
    UserError
        If there is no such alphabet.
    """
    known = {alphabet.name: alphabet for alphabet in (DNA, RNA)}
    if name.upper() not in known:
        raise UserError(f"alphabet={name!r}: known are {', '.join(known)}")
    return known[name.upper()]


def reverse_complement(
    codes: UInt8[np.ndarray, "*axes length"],
) -> UInt8[np.ndarray, "*axes length"]:
    """Read the other strand from its 5' end.

    Parameters
    ----------
    codes
        Base codes 0 to 4 with the sequence on the last axis.

    Returns
    -------
    UInt8[np.ndarray, "*axes length"]
        The reverse complements; N stays N.
    """
    return np.take(_COMPLEMENT, codes[..., ::-1])
