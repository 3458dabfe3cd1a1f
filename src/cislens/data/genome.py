"""Genomes: any stretch of any chromosome as base codes, read where it stands on disk."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from jaxtyping import Int8, UInt8
from numpy.typing import ArrayLike, NDArray

from cislens.data import _fasta_index, _lines, _strands, _windows
from cislens.errors import UserError

Windows = UInt8[np.ndarray, "windows length"]
OneHotBytes = Int8[np.ndarray, "windows 4 length"]


class Genome:
    """The sequences of a FASTA file, of which any window can be had without reading the rest.

    Parameters
    ----------
    path
        The file.
    text
        Its bytes, mapped and not read.
    entries
        Where its sequences stand.
    """

    def __init__(
        self, path: Path, text: NDArray[np.uint8], entries: Sequence[_fasta_index.Entry]
    ) -> None:
        self.path = path
        self._text = text
        self._rows = {entry.name: number for number, entry in enumerate(entries)}
        self._geometry = np.array(
            [(e.length, e.offset, e.line_bases, e.line_bytes) for e in entries], np.int64
        )

    @property
    def sizes(self) -> dict[str, int]:
        """Tell the length of each chromosome.

        Returns
        -------
        dict[str, int]
            Lengths in bp by name, in the order of the file.
        """
        return {name: int(self._geometry[row, 0]) for name, row in self._rows.items()}

    def windows(
        self,
        chrom: Sequence[str] | NDArray,
        start: ArrayLike,
        *,
        length: int,
        strand: Sequence[str] | NDArray | str = "+",
    ) -> Windows:
        """Read windows of one length.

        Parameters
        ----------
        chrom
            Chromosome of each window.
        start
            First base of each, 0-based; what lies before the start or beyond the end of the
            chromosome is N.
        length
            Length of the windows, in bp.
        strand
            "+", "-" or "." for each, or for all; windows on "-" are reverse-complemented.

        Returns
        -------
        Windows
            Base codes A C G T N = 0..4; lower case reads as upper case, ambiguity letters as N.

        Raises
        ------
        UserError
            If a chromosome is unknown, a strand is none, or the file holds another character.
        """
        out = np.empty((len(np.atleast_1d(np.asarray(start))), length), np.uint8)
        self._fill(_windows.codes, out, chrom, start, strand)
        return out

    def onehot(
        self,
        chrom: Sequence[str] | NDArray,
        start: ArrayLike,
        *,
        length: int,
        strand: Sequence[str] | NDArray | str = "+",
        out: OneHotBytes | None = None,
    ) -> OneHotBytes:
        """Read windows of one length, one-hot.

        Parameters
        ----------
        chrom
            As for `windows`.
        start
            As for `windows`.
        length
            As for `windows`.
        strand
            As for `windows`.
        out
            Where to write; batch after batch into one place is several times as fast as into new
            memory.

        Returns
        -------
        OneHotBytes
            Ones and zeros, rows A C G T; all zeros where `windows` has N.

        Raises
        ------
        UserError
            As `windows` does, or if ``out`` has another shape or type.
        """
        wanted = (len(np.atleast_1d(np.asarray(start))), 4, length)
        out = np.empty(wanted, np.int8) if out is None else out
        if out.shape != wanted or out.dtype != np.int8 or not out.flags.c_contiguous:
            raise UserError(
                f"out: {out.dtype} of shape {out.shape}; wants contiguous int8 of shape {wanted}"
            )
        self._fill(_windows.onehot, out, chrom, start, strand)
        return out

    def _fill(
        self,
        kernel: Callable[..., int],
        out: NDArray,
        chrom: Sequence[str] | NDArray,
        start: ArrayLike,
        strand: Sequence[str] | NDArray | str,
    ) -> None:
        starts = np.atleast_1d(np.asarray(start, np.int64))
        numbers, names = _strands.numbered(chrom, len(starts))
        rows = np.array([self._row(name) for name in names], np.int64)
        minus = _strands.minus(strand, len(starts))
        geometry = self._geometry[rows[numbers]] if len(starts) else self._geometry[:0]
        wrong = kernel(self._text, geometry, starts, minus, _windows.TABLE, out)
        if wrong >= 0:
            raise UserError(
                f"{self.path}, line {np.count_nonzero(self._text[:wrong] == 10) + 1}: "
                f"{chr(self._text[wrong])!r} is no letter of DNA"
            )

    def _row(self, name: str) -> int:
        if name not in self._rows:
            raise UserError(
                f"chromosome {name!r}: {self.path} has {', '.join([*self._rows][:20])}; "
                "give a table of aliases, or names of this genome"
            )
        return self._rows[name]


def open(path: Path | str) -> Genome:  # noqa: A001 - read as genome.open
    """Open a genome.

    Parameters
    ----------
    path
        A plain FASTA file. The index beside it (``.fai``) is used where there is one; without it
        one is made in memory by a pass over the file.

    Returns
    -------
    Genome
        The genome; nothing but the index is read.

    Raises
    ------
    UserError
        If there is no such file, it is compressed, or it is no FASTA file of lines of one length.
    """
    place = Path(path)
    if not place.is_file():
        raise UserError(f"{place}: no such file; check the name")
    if not place.stat().st_size:
        raise UserError(f"{place}: the file is empty; a FASTA file is wanted")
    with place.open("rb") as stream:
        if stream.read(2) == _lines.GZIP_MAGIC:
            raise UserError(
                f"{place}: compressed, so that windows cannot be read where they stand; "
                f"unpack it with `gunzip --keep {place.name}`"
            )
    text = np.memmap(place, np.uint8, mode="r")
    return Genome(place, text, _fasta_index.read(place, text))
