"""Aligned reads (BAM) as signal along the genome: ends, Tn5 cuts, fragments, coverage.

Reading them needs pysam, the extra ``bam``.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
from jaxtyping import Float32

from cislens.data import _alignment_file, chromosomes
from cislens.data.track_writing import Stretch
from cislens.errors import UserError

KINDS = tuple(_alignment_file.COUNTED)
_AT_ONCE = 1 << 20
"""Bases counted at once."""


Reads = _alignment_file.Reads
ALL = Reads()


class Alignments:
    """Reads in a file, by place.

    Parameters
    ----------
    file
        The open file.
    sizes
        Lengths of the chromosomes that may be asked for.
    names
        Name in the file by name of the chromosome; one that is not there has no read.
    """

    def __init__(
        self, file: _alignment_file.File, sizes: Mapping[str, int], names: Mapping[str, str]
    ) -> None:
        self.path = file.path
        self.sizes = dict(sizes)
        self._file = file
        self._names = dict(names)

    @property
    def left_out(self) -> list[str]:
        """List the chromosomes of the file that the genome has not.

        Returns
        -------
        list[str]
            Names in the file.
        """
        return [name for name in self._file.sizes if name not in self._names.values()]

    @property
    def renamed(self) -> str:
        """Say which chromosomes the file has under other names.

        Returns
        -------
        str
            Such as "chr4 = chrIV"; empty if there is none.
        """
        return chromosomes.renamed({name: known for known, name in self._names.items()})

    def counts(
        self,
        chrom: str,
        start: int,
        end: int,
        *,
        kind: str,
        strand: str = ".",
        reads: Reads = ALL,
    ) -> Float32[np.ndarray, " length"]:
        """Count over one interval.

        Parameters
        ----------
        chrom
            Its chromosome.
        start
            Its first base, 0-based.
        end
            One past its last.
        kind
            "5prime" or "3prime": ends of reads. "tn5": the middle of the nine bases that Tn5
            doubles, which is base start + 4 of a read on the plus strand and end - 5 (half-open) of
            one on the minus strand. "fragment": how many proper pairs span a base, mates and what
            lies between. "coverage": how many reads are aligned to a base, without introns and
            deletions.
        strand
            "+" or "-" for the reads on one strand, "." for all. Values run along the plus strand
            in any case. Of fragments, that of their first read.
        reads
            Which reads count.

        Returns
        -------
        Float32[np.ndarray, " length"]
            Counts; 0 beyond the ends of the chromosome.

        Raises
        ------
        UserError
            If the chromosome, the kind or the strand is unknown, the interval is empty, the file is
            damaged, or fragments are wanted of reads that are not paired.
        """
        self._check(chrom, start, end, kind, strand)
        out = np.zeros(end - start + 1, np.int64)
        if chrom in self._names:
            margin = reads.longest if kind == "fragment" else _alignment_file.TN5
            begin, stop = self._file.intervals(
                self._names[chrom],
                start - margin,
                end + margin,
                kind=kind,
                strand=strand,
                reads=reads,
            )
            np.add.at(out, np.clip(begin, start, end) - start, 1)
            np.add.at(out, np.clip(stop, start, end) - start, -1)
        return np.cumsum(out[:-1]).astype(np.float32)

    def stretches(self, *, kind: str, strand: str = ".", reads: Reads = ALL) -> Iterator[Stretch]:
        """Count along the whole genome, about a million bases in memory at a time.

        Parameters
        ----------
        kind
            As for `counts`.
        strand
            As for `counts`.
        reads
            As for `counts`.

        Yields
        ------
        Stretch
            Counts, by name of the chromosome and place, as `track_writing.bigwig` takes them;
            stretches without reads are left out.

        Raises
        ------
        UserError
            As of `counts`.
        """
        for chrom in sorted(self._names):
            size = self.sizes[chrom]
            for start in range(0, size, _AT_ONCE):
                end = min(size, start + _AT_ONCE)
                values = self.counts(chrom, start, end, kind=kind, strand=strand, reads=reads)
                if values.any():
                    yield Stretch(chrom, start, values)

    def _check(self, chrom: str, start: int, end: int, kind: str, strand: str) -> None:
        if chrom not in self.sizes:
            raise UserError(
                f"chromosome {chrom!r}: {self.path} is read with "
                f"{', '.join([*self.sizes][:20])}; give a table of aliases, or one of these"
            )
        if end <= start:
            raise UserError(f"{chrom}:{start}-{end}: wants an end behind the start")
        if kind not in KINDS:
            raise UserError(f"kind={kind!r}: wants one of {', '.join(KINDS)}")
        if strand not in {"+", "-", "."}:
            raise UserError(f"strand={strand!r}: wants '+', '-' or '.'")
        if kind == "fragment":
            self._file.check_paired()


def open(  # noqa: A001 - read as alignments.open
    path: Path | str,
    *,
    sizes: Mapping[str, int] | None = None,
    aliases: Mapping[str, tuple[str, ...]] | None = None,
) -> Alignments:
    """Open a file of aligned reads that is sorted by place.

    Parameters
    ----------
    path
        A BAM file. The index beside it (``.bai`` or ``.csi``) is used; without one it is made and
        left there.
    sizes
        Lengths of the genome's chromosomes, whose names are then those to ask by; chromosomes of
        the file that it has not are left out. None takes the names of the file.
    aliases
        Other names, as of `chromosomes.read_aliases`.

    Returns
    -------
    Alignments
        The reads; none is read yet.

    Raises
    ------
    UserError
        If pysam is not there, the file is none or damaged or not sorted, its index cannot be made,
        or its chromosomes are not those of the genome.
    """
    file = _alignment_file.File(Path(path))
    if sizes is None:
        return Alignments(file, file.sizes, {name: name for name in file.sizes})
    found = chromosomes.match(
        file.sizes, sizes, aliases=aliases, lengths=file.sizes, unknown="leave", where=str(path)
    )
    if not found:
        raise UserError(
            f"{path}: has {', '.join([*file.sizes][:5])}, none of the genome, which has "
            f"{', '.join([*sizes][:5])}; give a table of aliases"
        )
    return Alignments(file, sizes, {known: name for name, known in found.items()})
