"""What gradients for maps would gain and lose with channels last on a CPU.

Run with ``python bench/layout.py``. Both layouts take turns on 64 sequences, and the median turn
counts, in seconds of processor time. Beside it the rounding error of the last convolution's output
(root mean square, relative, against float64), and the sequences whose gradient is off by more than
1e-5 of the largest, as a pool or a rectifier chose otherwise. Networks have random weights.
"""

import copy
import statistics
import time
from contextlib import nullcontext

import torch
from torch import nn

import attribution
from cislens.models import inference
from cislens.training.channels_last import ChannelsLast

COUNT = 64
TURNS = 7
LAYOUTS = {"positions last": nullcontext, "channels last": ChannelsLast}
DEVICE = type("Options", (), {"device": "cpu"})


def gradient(model, onehot, layout=nullcontext):
    with layout():
        return inference.gradient(model, onehot, target=0, batch_size=COUNT)


def convolved(model, onehot, layout=nullcontext):
    """Give what the last convolution gives."""
    seen = []
    last = [module for module in model.modules() if isinstance(module, nn.Conv1d)][-1]
    handle = last.register_forward_hook(lambda _, x, y: seen.append(y.double()))
    with layout(), torch.no_grad():
        model(onehot)
    handle.remove()
    return seen[0]


def measure(name):
    model, onehot = attribution.made(name, DEVICE, COUNT)
    exact = copy.deepcopy(model).double()
    there, slopes = convolved(exact, onehot.double()), gradient(exact, onehot.double())
    seconds = {layout: [] for layout in LAYOUTS}
    for turn in range(TURNS + 1):
        for layout, enter in LAYOUTS.items():
            began = time.process_time()
            gradient(model, onehot, enter)
            seconds[layout] += [time.process_time() - began] if turn else []
    first = statistics.median(seconds["positions last"])
    for layout, enter in LAYOUTS.items():
        off = (convolved(model, onehot, enter) - there).pow(2).mean().sqrt()
        error = (gradient(model, onehot, enter) - slopes).abs().amax(
            dim=(1, 2)
        ) / slopes.abs().max()
        print(
            f"| {name} | {layout} | {statistics.median(seconds[layout]) / first:.2f} "
            f"| {off / there.pow(2).mean().sqrt():.1e} | {(error > 1e-5).sum()} of {COUNT} "
            f"| {error.max():.0e} |",
            flush=True,
        )


def main():
    torch.set_num_threads(1)
    print("| network | layout | time | rounding | gradients off | by at most |")
    print("|---|---|---:|---:|---:|---:|")
    for name in ("deepsea", "basset", "residualbind", "cnn-dist"):
        measure(name)


if __name__ == "__main__":
    main()
