"""Motifs of 320 filters against the bare convolution over the same sequences in the same batches.

Run with: python bench/filters.py --fasta sequences.fa.gz (without a file: 10,000 random ones)

Each figure is the median over interleaved runs, each run in a process of its own, because how fast
a bare convolution is depends on whether the C library keeps the memory of its output from batch to
batch: "kept" is a process that does, "fresh" one as Python starts it. `extract` sees to it itself.
"network" is the pass to the activation without taking any site; what `extract` takes beyond it is
the scan. On a machine that others use, `--threads 1` and the processor time say most. The naive
loop takes one site at a time, over a few sequences; its counts must be equal.
"""

import argparse
import json
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numba
import numpy as np
import torch
from torch import nn

from cislens.data import fasta
from cislens.models import blocks, inference
from cislens.motifs import filters
from cislens.motifs.options import FilterOptions
from cislens.sequence import alphabet, onehot

FILTERS = 320
READOUT = "0.activation"
KEPT_BYTES = 31 * 2**20
WORK = ("bare, fresh", "bare, kept", "network", "extract")


def network(width):
    torch.manual_seed(0)
    convolution = nn.Conv1d(4, FILTERS, width)
    return nn.Sequential(blocks.ConvolutionBlock(convolution, activation=nn.ReLU()))


def sequences(options):
    if options.fasta is None:
        rng = np.random.default_rng(0)
        return rng.integers(0, 4, (options.sequences, 1000), dtype=np.uint8)
    texts = [record.sequence for record in fasta.records(options.fasta)]
    return np.stack([alphabet.DNA.encode(text) for text in texts[: options.sequences]])


def automatic(length, width):
    return max(1, 8_000_000 // (4 * FILTERS * (length - width + 1)))


class Clock:
    """Wall time and processor time of a block, in seconds."""

    def __enter__(self):
        self.started = time.perf_counter(), time.process_time()
        return self

    def __exit__(self, *_):
        wall, processor = self.started
        self.seconds = time.perf_counter() - wall
        self.processor = time.process_time() - processor

    def told(self):
        """Give both times by name."""
        return {"seconds": self.seconds, "processor": self.processor}


def run(work, codes, width, batch_size):
    """Time one piece of work, with what there is to say of it."""
    model = network(width)
    if work == "extract":
        with Clock() as warm_up:
            filters.extract(model, codes[:8])
        with Clock() as clock:
            result = filters.extract(model, codes, batch_size=batch_size)
        sites = sum(motif.nsites for motif in result.filters)
        more = {"warm_up": warm_up.seconds, "passes": result.passes, "sites": sites}
        return clock.told() | more
    if work != "bare, fresh":
        torch.empty(KEPT_BYTES, dtype=torch.uint8)
    if work == "network":
        with Clock() as clock:
            for _ in inference.stream_activations(
                model, codes, layer=READOUT, batch_size=batch_size
            ):
                pass
        return clock.told()
    weight, bias = model[0].convolution.weight, model[0].convolution.bias
    batches = onehot.from_codes(codes).split(batch_size)
    with torch.inference_mode():
        nn.functional.conv1d(batches[0], weight, bias)
        with Clock() as clock:
            for batch in batches:
                nn.functional.conv1d(batch, weight, bias)
    return clock.told()


def naive(codes, width):
    """Count the sites of every filter one by one; gives the counts and the seconds."""
    start = time.perf_counter()
    maps = inference.activations(network(width), codes, layer=READOUT, batch_size=8).numpy()
    counts = np.zeros((FILTERS, 4, width))
    for f in range(FILTERS):
        threshold = 0.5 * float(maps[:, f].max())
        for row, position in zip(*np.nonzero(maps[:, f] > threshold), strict=True):
            for column, code in enumerate(codes[row, position : position + width]):
                if code < 4:
                    counts[f, code, column] += 1
    return counts, time.perf_counter() - start


def compare_with_naive(codes, width):
    filters.extract(network(width), codes[:8])
    slow, slow_seconds = naive(codes, width)
    start = time.perf_counter()
    fast = filters.extract(network(width), codes, batch_size=8, options=FilterOptions())
    seconds = time.perf_counter() - start
    equal = all(np.array_equal(m.counts, s) for m, s in zip(fast.filters, slow, strict=True))
    print(
        f"k={width}: naive loop over {len(codes)} sequences {slow_seconds:.2f} s, extract "
        f"{seconds:.2f} s ({slow_seconds / seconds:.0f} times as fast), counts "
        f"{'equal' if equal else 'DIFFER'}"
    )


def in_own_process(work, path, width, batch_size):
    command = [sys.executable, __file__, "--work", work, "--codes", str(path)]
    command += ["--width", str(width), "--batch-size", str(batch_size)]
    command += ["--threads", str(torch.get_num_threads())]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def table(path, width, batch_size, repeats):
    found = {work: [] for work in WORK}
    for _ in range(repeats):
        for work in WORK:
            found[work].append(in_own_process(work, path, width, batch_size))
    medians = {
        clock: {w: statistics.median(r[clock] for r in runs) for w, runs in found.items()}
        for clock in ("seconds", "processor")
    }
    for work, runs in found.items():
        cells = [f"{width:>3} {batch_size:>6}  {work:<12}"]
        for clock, times in medians.items():
            spread = "-".join(f"{f(r[clock] for r in runs):.2f}" for f in (min, max))
            ratios = "".join(f"{times[work] / times[bare]:>7.2f}" for bare in WORK[:2])
            cells.append(f"{times[work]:>7.2f}  {spread:>12}{ratios}")
        print(" |".join(cells))
    last = found["extract"][-1]
    share = medians["processor"]["network"] / medians["processor"]["extract"]
    print(
        f"    extract: {share:.0%} network, {1 - share:.0%} scan; {last['passes']} pass(es), "
        f"{last['sites'] / 1e6:.0f} million sites; warm-up {last['warm_up']:.1f} s, not counted"
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fasta", type=Path)
    parser.add_argument("--sequences", type=int, default=10_000)
    parser.add_argument("--naive", type=int, default=60, help="sequences of the naive loop")
    parser.add_argument("--widths", type=int, nargs="+", default=[8, 19], help="of filters, bp")
    parser.add_argument("--batches", type=int, nargs="+", default=[0, 64], help="0: automatic")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    parser.add_argument("--work", choices=WORK, help=argparse.SUPPRESS)
    parser.add_argument("--codes", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--width", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--batch-size", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    if options.work:
        print(
            json.dumps(run(options.work, np.load(options.codes), options.width, options.batch_size))
        )
        return
    codes = sequences(options)
    print(
        f"Python {platform.python_version()}, torch {torch.__version__}, "
        f"numba {numba.__version__}, "
        f"numpy {np.__version__}, {torch.get_num_threads()} threads; {FILTERS} filters, "
        f"{len(codes)} sequences of {codes.shape[1]} bp"
    )
    for width in options.widths:
        compare_with_naive(codes[: options.naive], width)
    ratios = f"{'/fresh':>7}{'/kept':>7}"
    print(f"{'':>24} | wall, s{'min-max':>13}{ratios} | CPU, s {'min-max':>13}{ratios}")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "codes.npy"
        np.save(path, codes)
        for width in options.widths:
            for batch_size in options.batches:
                size = batch_size or automatic(codes.shape[1], width)
                table(path, width, size, options.repeats)


if __name__ == "__main__":
    main()
