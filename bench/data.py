"""One-hot batches from a genome and a BED file, beside a plain pyfaidx loop and tangermeme.

Run with: python bench/data.py --fasta genome.fa [--windows 100000]
Peers are measured where they are installed; each works in turn, and the outputs must be equal.
Times are of the processor, so that other work on the machine counts little.
"""

import argparse
import resource
import statistics
import tempfile
import time
from pathlib import Path

import numpy as np
import torch

from cislens.data import bed, genome

LENGTH = 1000
BATCH = 1024


def write_bed(path, sizes, count):
    rng = np.random.default_rng(0)
    names = [name for name, size in sizes.items() if size > LENGTH]
    weights = np.array([sizes[name] for name in names], float)
    chroms = rng.choice(names, count, p=weights / weights.sum())
    starts = [int(rng.integers(0, sizes[chrom] - LENGTH)) for chrom in chroms]
    rows = zip(chroms, starts, strict=True)
    path.write_text("".join(f"{chrom}\t{start}\t{start + LENGTH}\n" for chrom, start in rows))


def cislens(fasta, intervals):
    opened, table = genome.open(fasta), bed.read(intervals)
    chroms, starts = table["chrom"].to_numpy(), table["start"].to_numpy()
    room = np.empty((BATCH, 4, LENGTH), np.int8)
    for first in range(0, len(table), BATCH):
        rows = slice(first, first + BATCH)
        out = room[: len(starts[rows])]
        yield torch.from_numpy(opened.onehot(chroms[rows], starts[rows], length=LENGTH, out=out))


def pyfaidx_loop(fasta, intervals):
    from pyfaidx import Fasta

    codes = np.full(256, 4)
    for row, letters in enumerate(("Aa", "Cc", "Gg", "Tt")):
        codes[list(letters.encode())] = row
    eye = np.concatenate([np.eye(4, dtype=np.int8), np.zeros((1, 4), np.int8)])
    opened = Fasta(str(fasta))
    lines = [line.split("\t") for line in intervals.read_text().splitlines()]
    for first in range(0, len(lines), BATCH):
        batch = [
            eye[codes[np.frombuffer(opened[c][int(s) : int(e)].seq.encode(), np.uint8)]].T
            for c, s, e in lines[first : first + BATCH]
        ]
        yield torch.from_numpy(np.stack(batch))


def tangermeme(fasta, intervals):
    from tangermeme.io import extract_loci

    yield extract_loci(str(intervals), str(fasta), in_window=LENGTH, verbose=False)


def checksum(batches):
    total, rows = torch.zeros(4, LENGTH, dtype=torch.float64), 0
    for batch in batches:
        total += batch.sum(dim=0, dtype=torch.float64)
        rows += len(batch)
    return total * torch.arange(1, LENGTH + 1), rows


def seconds(work, *paths):
    began = time.process_time()
    for _ in work(*paths):
        pass
    return time.process_time() - began


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fasta", type=Path, required=True)
    parser.add_argument("--windows", type=int, default=100_000)
    parser.add_argument("--repeats", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        intervals = Path(folder) / "windows.bed"
        write_bed(intervals, genome.open(options.fasta).sizes, options.windows)
        wanted = checksum(cislens(options.fasta, intervals))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"{options.windows} windows of {LENGTH} bp; cislens has peaked at {peak:.0f} MiB")
        works = [cislens]
        for peer in (pyfaidx_loop, tangermeme):
            try:
                found = checksum(peer(options.fasta, intervals))
            except ImportError as missing:
                print(f"{peer.__name__}: not measured ({missing})")
                continue
            equal = torch.equal(found[0], wanted[0]) and found[1] == wanted[1]
            print(f"{peer.__name__}: {'equal' if equal else 'DIFFERENT'} output")
            works.append(peer)
        times = {work: [] for work in works}
        for _ in range(options.repeats):
            for work in works:
                times[work].append(seconds(work, options.fasta, intervals))
        ours = statistics.median(times[cislens])
        for work in works:
            median = statistics.median(times[work])
            print(f"{work.__name__:14s} {median:7.2f} s of CPU  {median / ours:6.2f} x cislens")


if __name__ == "__main__":
    main()
