"""Genomes: any stretch of any chromosome as base codes, read where it stands on disk."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from jaxtyping import Int8, UInt8
from numpy.typing import ArrayLike, NDArray

from cislens.data import _bgzip, _genome_text, _lines, _strands, _twobit, _windows
from cislens.errors import UserError

Windows = UInt8[np.ndarray, "windows length"]
Source = _genome_text.PlainFasta | _genome_text.BgzipFasta | _twobit.TwoBit
OneHotBytes = Int8[np.ndarray, "windows 4 length"]


class Genome:
    """Named sequences in a file, of which any window can be had without reading the rest.

    Parameters
    ----------
    source
        The open file.
    """

    def __init__(self, source: Source) -> None:
        self.path = source.path
        self._source = source
        self._rows = {name: row for row, name in enumerate(source.sizes)}

    def __reduce__(self) -> tuple[Callable[[Path], "Genome"], tuple[Path]]:
        # Another process opens the file for itself.
        return open, (self.path,)

    @property
    def sizes(self) -> dict[str, int]:
        """Tell the length of each chromosome.

        Returns
        -------
        dict[str, int]
            Lengths in bp by name, in the order of the file.
        """
        return dict(self._source.sizes)

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
        rows = np.array([self._row(name) for name in names], np.int64)[numbers]
        minus = _strands.minus(strand, len(starts))
        length = out.shape[-1]
        text, geometry = self._source.letters(rows, starts, length)
        wrong = kernel(text, geometry, starts, minus, _windows.TABLE, out)
        if wrong >= 0:
            window, step = divmod(wrong, length)
            place = starts[[window]] + step
            byte = int(_genome_text.byte(geometry[[window]].T, place)[0])
            where = self._source.where(names[numbers[window]], int(place[0]), byte)
            raise UserError(f"{where}: {chr(text[byte])!r} is no letter of DNA")

    def _row(self, name: str) -> int:
        if name not in self._rows:
            raise UserError(
                f"chromosome {name!r}: {self.path} has {', '.join([*self._rows][:20])}; "
                "give a table of aliases, or names of this genome"
            )
        return self._rows[name]


def open(path: Path | str) -> Genome:  # noqa: A001 - read as genome.open
    """Open a genome; the content of the file tells its format.

    Parameters
    ----------
    path
        A FASTA file, plain or compressed by bgzip, or a 2bit file. The index beside a FASTA file
        (``.fai``, of bgzip ``.gzi`` too) is used where there is one. Without it one is made by a
        pass over the file, and that of bgzip left beside it. In all formats lower case
        (soft-masked) reads as upper case.

    Returns
    -------
    Genome
        The genome; nothing but the index is read.

    Raises
    ------
    UserError
        If there is no such file, it is compressed in another way or damaged, its index is of
        another file, or it is no FASTA file of lines of one length.
    """
    place = Path(path)
    if not place.is_file():
        raise UserError(f"{place}: no such file; check the name")
    if not place.stat().st_size:
        raise UserError(f"{place}: the file is empty; a FASTA or 2bit file is wanted")
    with place.open("rb") as stream:
        head = stream.read(18)
    if head[:4] in _twobit.MAGIC:
        return Genome(_twobit.TwoBit(place))
    if _bgzip.is_bgzip(head):
        return Genome(_genome_text.BgzipFasta(place))
    if head[:2] == _lines.GZIP_MAGIC:
        raise UserError(
            f"{place}: compressed by gzip, so that windows cannot be read where they stand; "
            f"unpack it with `gunzip --keep {place.name}`, or compress it by bgzip instead"
        )
    return Genome(_genome_text.PlainFasta(place))
