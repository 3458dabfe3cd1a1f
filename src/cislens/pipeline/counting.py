"""From aligned reads to signal along the genome."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import accumulate, chain
from pathlib import Path

import numpy as np

from cislens import files
from cislens.data import alignments, chromosomes, genome, track_writing
from cislens.data.alignments import Alignments
from cislens.data.track_writing import Stretch
from cislens.errors import UserError
from cislens.pipeline import dataset_options, progress

_STRANDS = {"apart": {"+": ".plus.bw", "-": ".minus.bw"}, "together": {".": ".bw"}}
_COUNTED = {
    "5prime": "5' ends",
    "3prime": "3' ends",
    "tn5": "cuts",
    "fragment": "bases of fragments",
    "coverage": "bases of reads",
}


def run(chosen: dataset_options.Signal) -> str:
    """Write a bigWig file for each strand, or one for both.

    Parameters
    ----------
    chosen
        The options of `cislens data signal`.

    Returns
    -------
    str
        What was written, for the user.

    Raises
    ------
    UserError
        If a file is not as said or stands there already, chromosomes do not fit the genome, or no
        read counts on a strand.
    """
    paths = {
        strand: chosen.out.with_name(f"{chosen.out.name}{ending}")
        for strand, ending in _STRANDS[chosen.strands].items()
    }
    for path in paths.values():
        if path.exists() and not chosen.overwrite:
            raise UserError(f"{path}: exists already; choose another name, or ask to overwrite it")
    sizes = None if chosen.genome is None else genome.open(chosen.genome).sizes
    aliases = None if chosen.aliases is None else chromosomes.read_aliases(chosen.aliases)
    opened = alignments.open(chosen.alignments, sizes=sizes, aliases=aliases)
    if opened.renamed:
        progress.step(f"chromosomes by other names: {opened.renamed}")
    if opened.left_out:
        progress.step(f"not in the genome, left out: {', '.join(opened.left_out)}")
    # All or none: a strand without reads is found when the other is written.
    with ExitStack() as stack:
        partial = {strand: stack.enter_context(files.whole(paths[strand])) for strand in paths}
        totals = {strand: _write(opened, strand, partial[strand], chosen) for strand in paths}
    return "\n".join(
        f"{paths[strand]}: {total:,.0f} {_COUNTED[chosen.kind]}" for strand, total in totals.items()
    )


def _write(opened: Alignments, strand: str, path: Path, chosen: dataset_options.Signal) -> float:
    """Write one file; give the sum of its values."""
    reads = alignments.Reads(**vars(chosen.reads))
    stretches = opened.stretches(kind=chosen.kind, strand=strand, reads=reads)
    first = next(stretches, None)
    if first is None:
        where = "" if strand == "." else f" on strand {strand!r}"
        raise UserError(
            f"{chosen.alignments}: no read counts{where}; loosen `reads`, or take both strands "
            "together"
        )
    total = 0.0

    def told(tell: Callable[[int, int], None]) -> Iterator[Stretch]:
        nonlocal total
        sizes = dict(sorted(opened.sizes.items()))
        before = dict(zip(sizes, accumulate(sizes.values(), initial=0), strict=False))
        for stretch in chain([first], stretches):
            total += float(stretch.values.sum(dtype=np.float64))
            done = before[stretch.chrom] + stretch.start + len(stretch.values)
            tell(done, sum(sizes.values()))
            yield stretch

    with progress.counter(f"counting on strand {strand}") as tell:
        track_writing.bigwig(path, opened.sizes, told(tell))
    return total
