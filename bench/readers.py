"""Windows of one genome in several formats, and of a bigWig beside pyBigWig.

Run with: python bench/readers.py --genomes g.fa g.fa.gz g.2bit --bigwig signal.bw
All give the same windows in the same order, in batches, each in turn; outputs must be equal. Times
are of the processor, so that other work on the machine counts little.
"""

import argparse
import statistics
import time
from pathlib import Path

import numpy as np

from cislens.data import genome, tracks

LENGTH = 1000
BATCH = 64


def places(sizes, count):
    rng = np.random.default_rng(0)
    names = [name for name, size in sizes.items() if size > LENGTH]
    weights = np.array([sizes[name] for name in names], float)
    chroms = rng.choice(names, count, p=weights / weights.sum())
    return chroms, np.array([rng.integers(0, sizes[chrom] - LENGTH) for chrom in chroms])


def batches(count):
    return (slice(first, first + BATCH) for first in range(0, count, BATCH))


def letters(path, chroms, starts):
    opened = genome.open(path)
    for rows in batches(len(starts)):
        yield opened.onehot(chroms[rows], starts[rows], length=LENGTH)


def values(path, chroms, starts):
    opened = tracks.open(path)
    for rows in batches(len(starts)):
        yield opened.values(chroms[rows], starts[rows], length=LENGTH)


def pybigwig(path, chroms, starts):
    import pyBigWig

    opened = pyBigWig.open(str(path))
    for rows in batches(len(starts)):
        found = [
            opened.values(str(chrom), int(start), int(start) + LENGTH, numpy=True)
            for chrom, start in zip(chroms[rows], starts[rows], strict=True)
        ]
        yield np.nan_to_num(np.stack(found)).astype(np.float32)


def seconds(work, *arguments):
    began = time.process_time()
    for _ in work(*arguments):
        pass
    return time.process_time() - began


def compare(works, chroms, starts, repeats):
    """Print medians, after a first pass that holds every output against that of the first."""
    wanted = [batch.copy() for batch in works[0][1](works[0][2], chroms, starts)]
    for name, work, path in works:
        found = work(path, chroms, starts)
        equal = all((a == b).all() for a, b in zip(wanted, found, strict=True))
        print(f"{name}: {'equal' if equal else 'DIFFERENT'} output")
    times = {name: [] for name, _, _ in works}
    for _ in range(repeats):
        for name, work, path in works:
            times[name].append(seconds(work, path, chroms, starts))
    first = statistics.median(times[works[0][0]])
    for name, found in times.items():
        median = statistics.median(found)
        print(f"{name:28s} {median:7.3f} s of CPU  {median / first:6.2f} x the first")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--genomes", type=Path, nargs="+", required=True)
    parser.add_argument("--bigwig", type=Path, required=True)
    parser.add_argument("--windows", type=int, default=20_000)
    parser.add_argument("--repeats", type=int, default=3)
    options = parser.parse_args()
    print(f"{options.windows} windows of {LENGTH} bp in batches of {BATCH}")
    chroms, starts = places(genome.open(options.genomes[0]).sizes, options.windows)
    works = [(path.name, letters, path) for path in options.genomes]
    compare(works, chroms, starts, options.repeats)
    chroms, starts = places(tracks.open(options.bigwig).sizes, options.windows)
    works = [("cislens", values, options.bigwig), ("pyBigWig", pybigwig, options.bigwig)]
    compare(works, chroms, starts, options.repeats)


if __name__ == "__main__":
    main()
