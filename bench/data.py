"""One-hot batches from a genome and a BED file, and what reading adds to a training step.

Run with: python bench/data.py windows --fasta genome.fa [--windows 100000]
Batches beside a plain pyfaidx loop and tangermeme. Peers are measured where they are installed;
each works in turn, and the outputs must be equal.

Run with: python bench/data.py loader
An epoch of batches from a dataset on disk, shuffled anew, beside as many training steps of small
networks on a batch that is in memory already.

Times are of the processor, so that other work on the machine counts little; one thread.
"""

import argparse
import resource
import statistics
import tempfile
import time
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional

from cislens.data import bed, dataset, genome, resampling, sampling
from cislens.models.zoo import ARCHITECTURES
from cislens.sequence.alphabet import DNA

LENGTH = 1000
BATCH = 1024
SEQUENCES = 30_000
TASKS = tuple("abcdefghijkl")


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


def write(path, length):
    rng = np.random.default_rng(0)
    with dataset.create(
        path, length=length, alphabet=DNA, tasks=TASKS, target_kind="binary", provenance={}
    ) as writer:
        for first in range(0, SEQUENCES, BATCH):
            count = min(BATCH, SEQUENCES - first)
            codes = rng.integers(4, size=(count, length), dtype=np.uint8)
            targets = (rng.random((count, len(TASKS))) < 0.01).astype(np.float32)
            writer.append(codes, targets, ids=[str(first + row) for row in range(count)])
    return dataset.open(path).view()


def epoch(view, *, resampled):
    """Read an epoch; give seconds a batch."""
    order = resampling.order(view, per_positive=1.0, seed=0) if resampled else None
    loader = sampling.loader(view, batch_size=100, shuffle=True, seed=0, order=order)
    began = time.process_time()
    count = sum(1 for _ in loader)
    return (time.process_time() - began) / count


def steps(name, view, *, count=20):
    """Train on one batch again and again; give seconds a step."""
    torch.manual_seed(0)
    model = ARCHITECTURES[name](input_length=view.length, outputs=len(TASKS))
    optimiser = torch.optim.Adam(model.parameters())
    onehot, targets = next(iter(sampling.loader(view, batch_size=100, shuffle=True)))
    for number in range(count + 3):
        if number == 3:
            began = time.process_time()
        optimiser.zero_grad()
        functional.binary_cross_entropy_with_logits(model(onehot), targets).backward()
        optimiser.step()
    return (time.process_time() - began) / count


def loader_share(repeats):
    torch.set_num_threads(1)
    for length in (200, 1000):
        with tempfile.TemporaryDirectory() as folder:
            view = write(Path(folder) / "d.zarr", length)
            names = ("cnn-50", "deepbind", "cnn-deep")
            times = {name: [] for name in ("all", "resampled", *names)}
            for _ in range(repeats):
                times["all"].append(epoch(view, resampled=False))
                times["resampled"].append(epoch(view, resampled=True))
                for name in names:
                    times[name].append(steps(name, view))
            median = {name: statistics.median(values) for name, values in times.items()}
            print(f"{length} bp, batches of 100; reading a batch, ms: {median['all'] * 1e3:.2f}")
            print(f"  of all positives and negatives drawn anew: {median['resampled'] * 1e3:.2f}")
            for name in names:
                share = median["all"] / median[name]
                print(f"  {name:10s} step {median[name] * 1e3:7.1f} ms, reading {share:6.1%} of it")


def windows(options):
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


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("part", choices=["windows", "loader"])
    parser.add_argument("--fasta", type=Path)
    parser.add_argument("--windows", type=int, default=100_000)
    parser.add_argument("--repeats", type=int, default=3)
    options = parser.parse_args()
    if options.part == "loader":
        loader_share(options.repeats)
    elif options.fasta is None:
        parser.error("windows: --fasta is wanted")
    else:
        windows(options)


if __name__ == "__main__":
    main()
