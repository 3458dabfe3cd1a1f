"""Speed of DeepSHAP against tangermeme and captum, where they are installed, and against the floor.

Run with ``python bench/attribution_deeplift.py``. The floor is what no method of multipliers can do
without: each sequence once forward, each reference once forward and once backward to the input,
with nothing in between. Tools take turns and the best turn counts, in seconds of processor time,
which other work on the machine disturbs least. The networks have random weights; thresholds are
exchanged for rectifiers, as tangermeme and captum have no rule for them.
"""

import argparse
import importlib
import importlib.metadata
import time
import warnings

import numpy as np
import torch
from torch import nn

from cislens.attribution import _references, deeplift_shap
from cislens.models.zoo import ARCHITECTURES
from cislens.sequence import onehot as onehots

BAR = 3.0
"""How many times faster than the faster peer it wants to be."""


class Bpnet(nn.Module):
    """A tower of dilated convolutions with skips, and the log of the counts."""

    def __init__(self, channels=64, layers=8):
        super().__init__()
        self.first = nn.Conv1d(4, channels, 21, padding=10)
        self.start = nn.ReLU()
        self.tower = nn.ModuleList(
            nn.Conv1d(channels, channels, 3, padding=2**i, dilation=2**i)
            for i in range(1, layers + 1)
        )
        self.rectifiers = nn.ModuleList(nn.ReLU() for _ in range(layers))
        self.counts = nn.Linear(channels, 1)

    def forward(self, x):
        """Give the log counts."""
        x = self.start(self.first(x))
        for convolution, rectify in zip(self.tower, self.rectifiers, strict=True):
            x = torch.add(x, rectify(convolution(x)))
        return self.counts(x[:, :, 37:-37].mean(dim=-1))


def zoo(name, length):
    model = ARCHITECTURES[name](input_length=length, outputs=8)
    for parent in list(model.modules()):
        for child, module in list(parent.named_children()):
            if isinstance(module, nn.Threshold):
                setattr(parent, child, nn.ReLU())
    return model


NETWORKS = {
    "deepsea": (1000, lambda: zoo("deepsea", 1000)),
    "basset": (600, lambda: zoo("basset", 600)),
    "residualbind": (400, lambda: zoo("residualbind", 400)),
    "bpnet": (2114, Bpnet),
}


def cislens(model, onehot, references, rows):
    return deeplift_shap.attribute(
        model, onehot, target=0, references=references, batch_size=rows
    ).values


def floor(model, onehot, references, rows):
    """Run the rows and nothing else."""
    for batch in onehot.split(rows):
        with torch.no_grad():
            model(batch)
    for batch in references.flatten(0, 1).split(rows):
        x = batch.clone().requires_grad_()
        torch.autograd.grad(model(x)[:, 0].sum(), x)


def tangermeme(model, onehot, references, _rows):
    peer = importlib.import_module("tangermeme.deep_lift_shap")
    return peer.deep_lift_shap(
        model,
        onehot,
        target=0,
        references=references,
        hypothetical=True,
        device=str(onehot.device),
        batch_size=32,
        warning_threshold=1e9,
    )


def captum(model, onehot, references, _rows):
    explain = importlib.import_module("captum.attr").DeepLiftShap(model).attribute
    return torch.cat(
        [
            explain(x[None], baselines=base, target=0)
            for x, base in zip(onehot, references, strict=True)
        ]
    )


TOOLS = {"floor": floor, "cislens": cislens, "tangermeme": tangermeme, "captum": captum}


def timed(tool, *given):
    clock = time.perf_counter if given[1].is_cuda else time.process_time
    start = clock()
    try:
        values = TOOLS[tool](*given)
    except (AssertionError, RuntimeError, KeyError) as error:
        return float("nan"), f"failed: {type(error).__name__}"
    if given[1].is_cuda:
        torch.cuda.synchronize()
    return clock() - start, values


def measure(name, options):
    length, make = NETWORKS[name]
    torch.manual_seed(0)
    model = make().eval().to(options.device)
    for weight in model.parameters():
        weight.requires_grad_(False)
    codes = np.random.default_rng(0).integers(0, 4, (options.sequences, length), dtype=np.uint8)
    onehot = onehots.from_codes(codes)
    references = _references.resolve(_references.shuffled(options.references), onehot)
    given = (model, onehot.to(options.device), references.to(options.device), options.rows)
    tools = [tool for tool in TOOLS if tool in {"floor", "cislens"} or installed(tool)]
    seconds, values = {tool: [] for tool in tools}, {}
    for _ in range(options.turns):
        for tool in tools:
            spent, values[tool] = timed(tool, *given)
            seconds[tool].append(spent)
    best = {tool: min(spent) for tool, spent in seconds.items()}
    for tool in tools:
        print(
            f"{name:14}{tool:12}{1000 * best[tool] / len(onehot):>12.1f}"
            f"{best[tool] / best['cislens']:>10.2f}{best[tool] / best['floor']:>10.2f}"
            f"  {agreement(values, tool)}"
        )


def agreement(values, tool):
    """Say how far a map is from ours, as a share of the largest value."""
    if isinstance(values[tool], str):
        return values[tool]
    if tool != "tangermeme":
        return ""
    ours = values["cislens"]
    return f"differs by {((ours - values[tool].cpu()).abs().max() / ours.abs().max()).item():.0e}"


def installed(package):
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--networks", nargs="+", default=list(NETWORKS), choices=NETWORKS)
    parser.add_argument("--sequences", type=int, default=16)
    parser.add_argument("--references", type=int, default=20)
    parser.add_argument("--rows", type=int, default=16, help="rows per pass")
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    parser.add_argument("--device", default="cpu")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = False
    warnings.simplefilter("ignore")
    peers = ", ".join(f"{p} {installed(p) or 'not installed'}" for p in ("tangermeme", "captum"))
    print(f"torch {torch.__version__}, {options.device}, {options.threads} threads; {peers}")
    print(f"{options.sequences} sequences x {options.references} references; bar: {BAR} x")
    print(f"{'network':14}{'tool':12}{'ms/sequence':>12}{'x cislens':>10}{'x floor':>10}")
    for name in options.networks:
        measure(name, options)


if __name__ == "__main__":
    main()
