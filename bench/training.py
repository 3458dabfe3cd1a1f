"""A training step beside a bare PyTorch loop's, and a step with an attribution prior.

Run with ``python bench/training.py``, or with ``loop`` or ``prior`` for one of the two. The loops
read the same dataset, with the same batches and the same penalty, and the bare one drops out as
PyTorch does; epochs of both alternate, and a step is the time from one forward pass to the next, so
that reading, backward pass and optimiser count and starting up does not. Steps with and without a
prior alternate too, in CPU seconds of one thread; half of the sequences are positives, which alone
are explained. "As published" explains the whole batch within its own pass.
"""

import dataclasses
import statistics
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from cislens.data import dataset, sampling
from cislens.models.zoo import ARCHITECTURES, PROFILE_ARCHITECTURES
from cislens.sequence.alphabet import DNA
from cislens.training import channels_last, objectives, profile_losses
from cislens.training.attribution_prior import AttributionPrior
from cislens.training.fit import fit
from cislens.training.options import FitOptions
from cislens.training.prior_options import PriorOptions

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
    for block in model.children():
        if hasattr(block, "dropout"):
            block.dropout = nn.Dropout(block.dropout.p)
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


PRIOR_LIMITS = {"tseng-binary": 1.8, "tseng-profile": 1.6}
PUBLISHED = PriorOptions(
    scale="none", warmup_steps=0, ramp_steps=0, gauge="raw", batch_norm="batch", smoothing=3
)


def draw(count, length):
    codes = torch.randint(4, (count, length))
    return functional.one_hot(codes, 4).mT.float().contiguous()


def binary(batch=64):
    model = ARCHITECTURES["tseng-binary"](input_length=1000, outputs=4)
    labels = (torch.arange(batch) % 2).float()[:, None].expand(-1, 4).contiguous()
    gain = objectives.make("binary", OPTIONS).gain
    loss = functional.binary_cross_entropy_with_logits
    return model, draw(batch, 1000), labels, loss, gain


def profile(batch=16):
    """Make a network of profiles, half of whose sequences are marked as peaks."""
    model = PROFILE_ARCHITECTURES["tseng-profile"](input_length=1346, outputs=4)
    counts = torch.poisson(torch.full((batch, 8, 1000), 0.1))

    def loss(outputs, _):
        return profile_losses.profile(*outputs, counts).mean

    def gain(outputs, _):
        return profile_losses.gain(outputs[0].detach(), counts).mean

    return model, draw(batch, 1346), (torch.arange(batch) % 2)[:, None], loss, gain


def prior_steps(architecture, rounds=7):
    torch.manual_seed(0)
    made = {"tseng-binary": binary, "tseng-profile": profile}[architecture]
    model, onehot, labels, loss, gain = made()
    is_profile = architecture in PROFILE_ARCHITECTURES
    target = "centred-squared" if is_profile else "auto"
    ways = {
        "none": None,
        "as published": dataclasses.replace(PUBLISHED, target=target),
        "here": PriorOptions(
            warmup_steps=0, ramp_steps=0, target="softmax-weighted" if is_profile else "auto"
        ),
    }
    # Labels of peaks are classes, whatever is predicted of them.
    priors = {
        name: options and AttributionPrior(options, objective="binary")
        for name, options in ways.items()
    }
    optimiser = torch.optim.Adam(model.parameters(), lr=1e-3)
    seconds = {name: [] for name in ways}
    for turn in range(rounds + 1):
        for name, prior in priors.items():
            began = time.process_time()
            optimiser.zero_grad()
            if prior is None:
                total = loss(channels_last.run(model, (onehot,)), labels)
            else:
                step = prior.step(model, (onehot,), labels)
                cost, gained = loss(step.outputs, labels), gain(step.outputs, labels)
                total = prior.weighted(cost, step.penalty, epoch=1, gain=gained)
            total.backward()
            optimiser.step()
            if turn:
                seconds[name].append(time.process_time() - began)
    return {name: statistics.median(times) for name, times in seconds.items()}


def prior():
    torch.set_num_threads(1)
    row = "{:32}{:>14}{:>8}{:>9}".format
    print(row("step with a prior", "median CPU s", "ratio", "wanted"))
    for architecture, limit in PRIOR_LIMITS.items():
        medians = prior_steps(architecture)
        for name, median in medians.items():
            wanted = f"≤ {limit}" if name == "here" else ""
            ratio = f"{median / medians['none']:.2f}"
            print(row(f"{architecture}, {name}", f"{median:.4f}", ratio, wanted))


def main():
    wanted = sys.argv[1:] or ["loop", "prior"]
    for name in wanted:
        {"loop": loop, "prior": prior}[name]()


def loop():
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
