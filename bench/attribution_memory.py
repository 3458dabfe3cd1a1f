"""Peak memory and time of DeepSHAP to disk, by the number of sequences.

Run with: python bench/attribution_memory.py (all of it: 1,000 and 10,000 sequences of 1,000 bp)

Each figure is the peak resident memory of a process of its own that runs `cislens attribute` on an
untrained DeepSEA, 20 dinucleotide shuffles as references, and writes the store. The bar: at most
2 GB, and flat from the fewest to the most sequences. `--architecture`, `--length`, `--shuffles` and
`--sequences` make it smaller.
"""

import argparse
import platform
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import torch

from cislens.data import dataset
from cislens.models import checkpoint, spec
from cislens.pipeline import train
from cislens.sequence import alphabet

BAR = 2e9
FLAT = 1.1
BLOCK = 1000


def write_dataset(path, *, sequences, length):
    rng = np.random.default_rng(0)
    with dataset.create(
        path, length=length, alphabet=alphabet.DNA, tasks=("a",), target_kind="binary",
        provenance={},
    ) as writer:  # fmt: skip
        for start in range(0, sequences, BLOCK):
            count = min(BLOCK, sequences - start)
            codes = rng.integers(0, 4, (count, length), dtype=np.uint8)
            names = [f"sequence_{start + i}" for i in range(count)]
            writer.append(codes, np.zeros((count, 1), np.float32), ids=names, split="test")


def write_model(path, *, architecture, length):
    recipe = spec.Recipe(architecture, length, ("a",), "binary")
    checkpoint.save(path, train.initialised(recipe, 0), recipe)


def measure(folder, options, count):
    """Run the verb and give its seconds and the peak of its memory in bytes."""
    words = [sys.executable, __file__, "--child", str(folder), "--shuffles", str(options.shuffles)]
    began = time.perf_counter()
    done = subprocess.run(
        [*words, "--sequences", str(count)], check=True, capture_output=True, text=True
    )
    return time.perf_counter() - began, int(done.stdout.split()[-1])


def child(options):
    """Attribute, and print the peak of this process's memory in bytes."""
    from cislens.cli import main

    folder, count = Path(options.child), options.sequences[0]
    words = ["attribute", str(folder / "model.safetensors"), str(folder / f"{count}.zarr")]
    words += ["--out", str(folder / f"maps_{count}"), "--deeplift_shap.shuffles"]
    if main.main([*words, str(options.shuffles)]):
        sys.exit("cislens attribute failed")
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sequences", type=int, nargs="+", default=[1000, 10_000])
    parser.add_argument("--length", type=int, default=1000)
    parser.add_argument("--shuffles", type=int, default=20)
    parser.add_argument("--architecture", default="deepsea")
    parser.add_argument("--child", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        child(options)
        return
    print(f"{platform.machine()}, torch {torch.__version__}, {torch.get_num_threads()} threads")
    print(f"{options.architecture}, {options.length} bp, {options.shuffles} shuffles\n")
    print("| sequences | peak memory, MB | seconds | sequences a second |\n|---|---|---|---|")
    with tempfile.TemporaryDirectory() as name:
        folder, peaks = Path(name), []
        write_model(
            folder / "model.safetensors", architecture=options.architecture, length=options.length
        )
        for count in options.sequences:
            write_dataset(folder / f"{count}.zarr", sequences=count, length=options.length)
            seconds, peak = measure(folder, options, count)
            peaks.append(peak)
            print(f"| {count:,} | {peak / 1e6:,.0f} | {seconds:,.1f} | {count / seconds:.1f} |")
    print(f"\nmost over least: {max(peaks) / min(peaks):.2f} (bar {FLAT})")
    if max(peaks) > BAR or max(peaks) > FLAT * peaks[0]:
        sys.exit("the bar is missed")


if __name__ == "__main__":
    main()
