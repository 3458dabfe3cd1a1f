"""Reads of a BAM file as intervals, by pysam."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cislens import files
from cislens.errors import UserError

Intervals = tuple[NDArray[np.int64], NDArray[np.int64]]
TN5 = 4
"""Tn5 doubles nine bases; the fifth of them, from either side, is their middle."""
_PROPER, _FIRST, _SECOND, _DUPLICATE = 0x2, 0x40, 0x80, 0x400
_NEVER = 0x4 | 0x100 | 0x200 | 0x800
"""Unmapped, secondary, failed, supplementary."""
_LOOKED_AT = 1000
"""Reads that are asked whether they are paired."""


@dataclass(frozen=True)
class Reads:
    """Which reads count; unmapped, secondary, supplementary and failed ones never do.

    Attributes
    ----------
    least_quality
        Smallest mapping quality.
    duplicates
        Count reads that are marked as duplicates.
    mate
        1 or 2 for the first or second read of pairs alone (ChIP-exo: 1); None for all. Fragments
        are of both.
    turned
        Reads lie on the other strand than what they tell of, as of dUTP libraries.
    longest
        Pairs that span more are no fragments, in bp.
    """

    least_quality: int = 0
    duplicates: bool = False
    mate: int | None = None
    turned: bool = False
    longest: int = 2000


class File:
    """An open file; each process opens its own."""

    def __init__(self, path: Path) -> None:
        self.path = path
        if not path.is_file():
            raise UserError(f"{path}: no such file; check the name")
        self._handle: Any = None
        self._process = -1
        self._paired: bool | None = None
        _check_index(path)
        handle = self._open()
        self.sizes = dict(zip(handle.references, handle.lengths, strict=True))

    def __getstate__(self) -> dict[str, object]:
        return {**self.__dict__, "_handle": None, "_process": -1}

    def check_paired(self) -> None:
        """Refuse to look for fragments where the first reads are not paired."""
        if self._paired is None:
            first = list(islice(self._open().fetch(until_eof=True), _LOOKED_AT))
            self._paired = not first or any(read.is_paired for read in first)
        if not self._paired:
            raise UserError(
                f"{self.path}: its reads are not paired, so that fragments are unknown; take "
                "kind='coverage' or '5prime'"
            )

    def intervals(
        self, chrom: str, start: int, end: int, *, kind: str, strand: str, reads: Reads
    ) -> Intervals:
        """Give the stretches that reads count for, of all that touch an interval."""
        first, last = max(0, start), min(end, self.sizes[chrom])
        if first >= last:
            return np.zeros(0, np.int64), np.zeros(0, np.int64)
        counted, found = COUNTED[kind], list[tuple[int, int]]()
        try:
            for read in self._open().fetch(chrom, first, last):
                if _counts(read, kind, reads) and _on(read, kind, strand, turned=reads.turned):
                    found.extend(counted(read))
        except OSError as error:
            raise UserError(
                f"{self.path}: {chrom}:{first}-{last} cannot be read ({error}); the file is cut "
                "short or damaged, copy it again"
            ) from error
        begin, stop = np.array(found, np.int64).reshape(-1, 2).T
        return begin, stop

    def _open(self) -> Any:  # noqa: ANN401 - of an extra that an installation may lack
        if self._process != os.getpid():
            self._handle = _opened(self.path)
            self._process = os.getpid()
        return self._handle


def _counts(read: Any, kind: str, reads: Reads) -> bool:  # noqa: ANN401
    flag = read.flag
    if flag & _NEVER or read.mapping_quality < reads.least_quality:
        return False
    if flag & _DUPLICATE and not reads.duplicates:
        return False
    if kind == "fragment":
        # Of the two mates, the left one speaks for both.
        return bool(flag & _PROPER) and 0 < read.template_length <= reads.longest
    return reads.mate is None or bool(flag & (_FIRST if reads.mate == 1 else _SECOND))


def _on(read: Any, kind: str, strand: str, *, turned: bool) -> bool:  # noqa: ANN401
    if strand == ".":
        return True
    speaks_of_mate = kind == "fragment" and not read.flag & _FIRST
    minus: bool = read.mate_is_reverse if speaks_of_mate else read.is_reverse
    return (minus != turned) == (strand == "-")


def _five_prime(read: Any) -> Iterator[tuple[int, int]]:  # noqa: ANN401
    place = read.reference_end - 1 if read.is_reverse else read.reference_start
    yield place, place + 1


def _three_prime(read: Any) -> Iterator[tuple[int, int]]:  # noqa: ANN401
    place = read.reference_start if read.is_reverse else read.reference_end - 1
    yield place, place + 1


def _cut(read: Any) -> Iterator[tuple[int, int]]:  # noqa: ANN401
    for place, _ in _five_prime(read):
        middle = place - TN5 if read.is_reverse else place + TN5
        yield middle, middle + 1


def _fragment(read: Any) -> Iterator[tuple[int, int]]:  # noqa: ANN401
    yield read.reference_start, read.reference_start + read.template_length


def _blocks(read: Any) -> Iterator[tuple[int, int]]:  # noqa: ANN401
    yield from read.get_blocks()


COUNTED = {
    "5prime": _five_prime,
    "3prime": _three_prime,
    "tn5": _cut,
    "fragment": _fragment,
    "coverage": _blocks,
}
"""What a read counts for, by kind of signal."""


def _check_index(path: Path) -> None:
    """Refuse an index of before; make one where there is none."""
    names = [f"{path.name}.bai", f"{path.stem}.bai", f"{path.name}.csi"]
    there = [beside for name in names if (beside := path.with_name(name)).exists()]
    if there and there[0].stat().st_mtime < path.stat().st_mtime:
        raise UserError(
            f"{there[0]}: older than {path.name}; remove it, or run samtools index again"
        )
    if there:
        return
    pysam = _pysam()
    _opened(path).close()
    try:
        with files.whole(path.with_name(names[0])) as partial:
            pysam.index("-o", str(partial), str(path))
    except pysam.SamtoolsError as error:
        raise UserError(
            f"{path}: no index can be made; sort the reads by place with samtools sort"
        ) from error
    except OSError as error:
        raise UserError(
            f"{path}: no index beside it, and none can be written there; run samtools index"
        ) from error


def _opened(path: Path) -> Any:  # noqa: ANN401
    pysam = _pysam()
    # Its C library speaks to the terminal; what it says comes as an error too.
    former = pysam.set_verbosity(0)
    try:
        handle = pysam.AlignmentFile(str(path), "rb")
    except (OSError, ValueError) as error:
        raise UserError(
            f"{path}: cannot be read as BAM ({error}); a whole BAM file is wanted"
        ) from error
    finally:
        pysam.set_verbosity(former)
    if not handle.is_bam:
        raise UserError(f"{path}: no BAM file; make it one with samtools view -b")
    return handle


def _pysam() -> Any:  # noqa: ANN401
    try:
        import pysam
    except ImportError:
        raise UserError("BAM files want pysam; pip install 'cislens[bam]'") from None
    return pysam
