"""A training step of CNN-deep beside the step of a bare PyTorch loop.

Run with ``python bench/training.py``. Both read the same dataset, with the same batches and the
same penalty; epochs of the two alternate, and a step is the time from one forward pass to the next,
so that reading, backward pass and optimiser count and starting up does not.
"""

import statistics
import tempfile
import time
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional

from cislens.data import dataset, sampling
from cislens.models.zoo import ARCHITECTURES
from cislens.sequence.alphabet import DNA
from cislens.training.fit import fit
from cislens.training.options import FitOptions

SEQUENCES, LENGTH, TASKS, ROUNDS = 4000, 200, 12, 8
OPTIONS = FitOptions(epochs=1, accelerator="cpu")
LIMIT = 1.10
"""Ratio that a step may reach."""


def write(path):
    rng = np.random.default_rng(0)
    codes = rng.integers(4, size=(SEQUENCES, LENGTH), dtype=np.uint8)
    targets = (rng.random((SEQUENCES, TASKS)) < 0.15).astype(np.float32)
    tasks = tuple(f"task_{i}" for i in range(TASKS))
    split = ["train"] * (SEQUENCES - 100) + ["validation"] * 100
    with dataset.create(
        path, length=LENGTH, alphabet=DNA, tasks=tasks, target_kind="binary", provenance={}
    ) as writer:
        writer.append(codes, targets, ids=[str(i) for i in range(SEQUENCES)], split=split)
    return dataset.open(path)


def network():
    """Build CNN-deep and note when a training step begins."""
    torch.manual_seed(0)
    model = ARCHITECTURES["cnn-deep"](input_length=LENGTH, outputs=TASKS)
    begun = []
    model.register_forward_pre_hook(
        lambda module, _: begun.append(time.perf_counter()) if module.training else None
    )
    return model, begun


def bare(train):
    model, begun = network()
    optimiser = torch.optim.Adam(
        model.parameters(), lr=OPTIONS.learning_rate, eps=1e-7, weight_decay=2e-6
    )
    loader = sampling.loader(train, batch_size=OPTIONS.batch_size, shuffle=True)
    for onehot, targets in loader:
        optimiser.zero_grad()
        functional.binary_cross_entropy_with_logits(model(onehot), targets).backward()
        optimiser.step()
    return np.diff(begun)


def ours(train, validation, folder):
    model, begun = network()
    fit(
        model,
        train,
        validation,
        objective="binary",
        options=OPTIONS,
        folder=folder,
        seed=0,
        progress=False,
    )
    return np.diff(begun)


def main():
    steps = {"bare loop": [], "cislens": []}
    with tempfile.TemporaryDirectory() as folder:
        stored = write(Path(folder) / "bench.zarr")
        train, validation = stored.view("train"), stored.view("validation")
        for turn in range(ROUNDS):
            steps["bare loop"].extend(bare(train))
            steps["cislens"].extend(ours(train, validation, Path(folder) / str(turn)))
    medians = {name: statistics.median(times) for name, times in steps.items()}
    row = "{:28}{:>12}{:>10}".format
    print(row(f"step of CNN-deep, batch {OPTIONS.batch_size}", "median ms", "ratio"))
    for name, median in medians.items():
        print(row(name, f"{1000 * median:.2f}", f"{median / medians['bare loop']:.3f}"))
    print(f"wanted: at most {LIMIT}")


if __name__ == "__main__":
    main()
