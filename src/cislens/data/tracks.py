"""Signal along the genome: values of bigWig and bedGraph files over windows."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from jaxtyping import Float32
from numpy.typing import ArrayLike, NDArray

from cislens.data import _bedgraph, _bigwig, _lines, _strands, chromosomes
from cislens.errors import UserError

Values = Float32[np.ndarray, "windows length"]


class Track:
    """A signal with one value a base, of which any window can be had.

    Parameters
    ----------
    source
        The open file.
    sizes
        Lengths of the chromosomes that may be asked for.
    names
        Name in the file by name of the chromosome; one that is not there has no value anywhere.
    """

    def __init__(
        self,
        source: _bigwig.BigWig | _bedgraph.BedGraph,
        sizes: Mapping[str, int],
        names: Mapping[str, str],
    ) -> None:
        self.path = source.path
        self.sizes = dict(sizes)
        self._source = source
        self._names = dict(names)

    @property
    def renamed(self) -> str:
        """Say which chromosomes the file has under other names.

        Returns
        -------
        str
            Such as "chr4 = chrIV"; empty if there is none.
        """
        return chromosomes.renamed({name: known for known, name in self._names.items()})

    def values(
        self,
        chrom: Sequence[str] | NDArray,
        start: ArrayLike,
        *,
        length: int,
        strand: Sequence[str] | NDArray | str = "+",
        missing: float = 0.0,
    ) -> Values:
        """Read windows of one length.

        Parameters
        ----------
        chrom
            Chromosome of each window.
        start
            First base of each, 0-based.
        length
            Length of the windows, in bp.
        strand
            "+", "-" or "." for each, or for all; windows on "-" are turned round, so that the
            first value is that of the 5' end. See `stranded` for signals of two strands.
        missing
            What stands where the file has no value, and beyond the ends of the chromosome.

        Returns
        -------
        Values
            One value a base.

        Raises
        ------
        UserError
            If a chromosome is unknown, a strand is none, or the file is damaged.
        """
        starts = np.atleast_1d(np.asarray(start, np.int64))
        numbers, names = _strands.numbered(chrom, len(starts))
        minus = _strands.minus(strand, len(starts))
        out = np.full((len(starts), length), np.nan, np.float32)
        for number, name in enumerate(names):
            if name not in self.sizes:
                raise UserError(
                    f"chromosome {name!r}: {self.path} is read with "
                    f"{', '.join([*self.sizes][:20])}; give a table of aliases, or one of these"
                )
            if name in self._names:
                rows = np.flatnonzero(numbers == number)
                self._source.fill(self._names[name], rows, starts[rows], out)
        out[minus] = out[minus, ::-1]
        if not np.isnan(missing):
            np.nan_to_num(out, copy=False, nan=missing, posinf=np.inf, neginf=-np.inf)
        return out


def open(  # noqa: A001 - read as tracks.open
    path: Path | str,
    *,
    sizes: Mapping[str, int] | None = None,
    aliases: Mapping[str, tuple[str, ...]] | None = None,
) -> Track:
    """Open a bigWig or bedGraph file; its content tells which.

    Parameters
    ----------
    path
        The file. Of a bigWig only what is asked for is read; a bedGraph file, plain or gzip and in
        any order, is read whole.
    sizes
        Lengths of the genome's chromosomes, whose names are then those to ask by. None takes the
        names of the file.
    aliases
        Other names, as of `chromosomes.read_aliases`.

    Returns
    -------
    Track
        The signal. A chromosome of the genome that the file has not is missing throughout.

    Raises
    ------
    UserError
        If there is no such file, it is damaged, values overlap, a line is no value, a chromosome
        has another length than in the genome, or none of the genome is there; names the line.
    """
    place = Path(path)
    if not place.is_file():
        raise UserError(f"{place}: no such file; check the name")
    with place.open("rb") as stream:
        head = stream.read(1024)
    is_bigwig = head.startswith(_bigwig.MAGIC)
    if place.suffix in _bigwig.ENDINGS and not is_bigwig and not _lines.is_text(head):
        raise UserError(
            f"{place}: this is no bigWig file, whatever its name says, and no bedGraph file "
            "either; copy or make it again"
        )
    source = _bigwig.BigWig(place) if is_bigwig else _bedgraph.BedGraph(place)
    if sizes is None:
        return Track(source, source.sizes, {name: name for name in source.sizes})
    found = chromosomes.match(
        source.sizes,
        sizes,
        aliases=aliases,
        lengths=source.sizes if is_bigwig else None,
        unknown="leave",
        where=str(place),
    )
    if not found:
        raise UserError(
            f"{place}: has {', '.join([*source.sizes][:5])}, none of the genome, which has "
            f"{', '.join([*sizes][:5])}; give a table of aliases"
        )
    if isinstance(source, _bedgraph.BedGraph):
        for name, known in found.items():
            source.check(name, sizes[known])
    return Track(source, sizes, {known: name for name, known in found.items()})


def stranded(
    plus: Track,
    minus: Track,
    chrom: Sequence[str] | NDArray,
    start: ArrayLike,
    *,
    length: int,
    strand: Sequence[str] | NDArray | str = "+",
    missing: float = 0.0,
) -> Float32[np.ndarray, "windows 2 length"]:
    """Read windows of a signal of two strands: first the window's own strand, then the other.

    Parameters
    ----------
    plus
        Signal of the plus strand of the genome.
    minus
        Signal of its minus strand.
    chrom
        As for `Track.values`.
    start
        As for `Track.values`.
    length
        As for `Track.values`.
    strand
        As for `Track.values`; for a window on "-" the two signals change places and are turned
        round, as is right beside a reverse complement.
    missing
        As for `Track.values`.

    Returns
    -------
    Float32[np.ndarray, "windows 2 length"]
        One value a base and strand.

    Raises
    ------
    UserError
        As of `Track.values`.
    """
    pair = [
        track.values(chrom, start, length=length, strand=strand, missing=missing)
        for track in (plus, minus)
    ]
    out = np.stack(pair, axis=1)
    other = _strands.minus(strand, len(out))
    out[other] = out[other, ::-1]
    return out
