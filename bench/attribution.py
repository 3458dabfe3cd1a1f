"""Speed of the maps beside tangermeme and captum, in one run, and beside the least work they take.

Run with ``python bench/attribution.py [deepshap] [ism] [taylor]``; peers are measured where they
are installed. The tools take turns and the median turn counts, in seconds of processor time, which
other work on the machine disturbs least (on a GPU: of the clock on the wall).

The floor of DeepSHAP is what no method of multipliers can do without, run by PyTorch: each sequence
once forward, each reference once forward and once backward to the input, nothing in between. The
floor of in-silico mutagenesis is the multiply-adds that its edits change, counted from the layers,
at the speed of whole sequences. Compiled loops, or layers whose kernels run faster on windows, can
bring a figure below a floor. Networks have random weights and rectifiers: tangermeme and captum
have no rule for the thresholds of DeepSEA and Basset.
"""

import argparse
import importlib
import importlib.metadata
import statistics
import time
import warnings

import numpy as np
import torch
from torch import nn

from cislens.attribution import _ism_engine, deeplift_shap, ism, shuffled, taylor_ism
from cislens.models.zoo import ARCHITECTURES
from cislens.sequence import onehot as onehots

BATCH = 256
REFERENCES = 20
BARS = {
    "deepshap": dict.fromkeys(("deepsea", "basset", "residualbind", "bpnet"), 3.0),
    "ism": {"deepsea": 4.0, "basset": 3.0, "cnn-dist": 2.5, "residualbind": 1.0, "bpnet": 1.0},
    "taylor": dict.fromkeys(("deepsea", "basset", "residualbind", "cnn-dist"), 100.0),
}
"""How many times faster than the faster peer; Taylor ISM: than recomputing every edit."""


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


def zoo(name, length, outputs):
    model = ARCHITECTURES[name](input_length=length, outputs=outputs)
    for parent in list(model.modules()):
        for child, module in list(parent.named_children()):
            if isinstance(module, nn.Threshold):
                setattr(parent, child, nn.ReLU())
    return model


NETWORKS = {
    "deepsea": (1000, lambda: zoo("deepsea", 1000, 919)),
    "basset": (600, lambda: zoo("basset", 600, 164)),
    "residualbind": (400, lambda: zoo("residualbind", 400, 1)),
    "bpnet": (2114, Bpnet),
    "cnn-dist": (200, lambda: zoo("cnn-dist", 200, 1)),
}
ROWS = {"deepsea": 16, "basset": 16, "residualbind": 64, "bpnet": 4}
"""Rows per pass of DeepSHAP."""
SHAPPED = {"deepsea": 8, "basset": 8, "residualbind": 16, "bpnet": 4}
MUTATED = {"deepsea": 1, "basset": 2, "residualbind": 8, "bpnet": 1, "cnn-dist": 16}
"""Sequences: enough of them that what a call costs once weighs little."""


def deepshap(model, onehot, references, rows):
    return deeplift_shap.attribute(
        model, onehot, target=0, references=references, batch_size=rows
    ).values


def deepshap_floor(model, onehot, references, rows):
    for batch in onehot.split(rows):
        with torch.no_grad():
            model(batch)
    for batch in references.flatten(0, 1).split(rows):
        x = batch.clone().requires_grad_()
        torch.autograd.grad(model(x)[:, 0].sum(), x)


def deepshap_tangermeme(model, onehot, references, _rows):
    peer = importlib.import_module("tangermeme.deep_lift_shap")
    return peer.deep_lift_shap(
        model,
        onehot,
        target=0,
        references=references,
        hypothetical=True,
        device=str(onehot.device),
        warning_threshold=1e9,
    )


def deepshap_captum(model, onehot, references, _rows):
    explain = importlib.import_module("captum.attr").DeepLiftShap(model).attribute
    pairs = zip(onehot, references, strict=True)
    return torch.cat([explain(x[None], baselines=base, target=0) for x, base in pairs])


def ism_windows(model, onehot):
    found = ism.attribute(model, onehot, target=0, centred=True, batch_size=BATCH)
    if not found.notes[1].startswith("windows"):
        raise SystemExit(f"not by windows: {found.notes[1]}")
    return found.values


def ism_full(model, onehot):
    return ism.attribute(model, onehot, target=0, centred=True, fast=False, batch_size=BATCH).values


def ism_tangermeme(fast):
    def run(model, onehot):
        peer = importlib.import_module("tangermeme.saturation_mutagenesis")
        peer._FAST_MIN_SECONDS = 0.0
        return peer.saturation_mutagenesis(
            model,
            onehot,
            target=0,
            hypothetical=True,
            fast=fast,
            batch_size=BATCH,
            device=str(onehot.device),
        )

    return run


def forward(model, onehot):
    with torch.no_grad():
        model(onehot[:1].expand(BATCH // 4, -1, -1).contiguous())


def seconds_of(run, *given):
    """Time one turn; a tool that fails is shown as such."""
    clock = time.perf_counter if given[1].is_cuda else time.process_time
    begun = clock()
    try:
        values = run(*given)
    except (AssertionError, RuntimeError, KeyError) as error:
        return float("nan"), f"failed: {type(error).__name__}"
    if given[1].is_cuda:
        torch.cuda.synchronize()
    return clock() - begun, values


def turns(tools, count, *given):
    """Let tools take turns; give the median seconds and the last result of each."""
    for run in tools.values():
        if run in (deepshap, ism_windows):
            run(given[0], *(part[:1] if torch.is_tensor(part) else part for part in given[1:]))
    spent, values = {tool: [] for tool in tools}, {}
    for _ in range(count):
        for tool, run in tools.items():
            seconds, values[tool] = seconds_of(run, *given)
            spent[tool].append(seconds)
    return {tool: statistics.median(seconds) for tool, seconds in spent.items()}, values


def made(name, options, count):
    length, make = NETWORKS[name]
    torch.manual_seed(0)
    model = make().eval().to(options.device).requires_grad_(False)
    codes = np.random.default_rng(0).integers(0, 4, (count, length), dtype=np.uint8)
    return model, onehots.from_codes(codes).to(options.device)


def show(work, name, spent, count, floor, values, ours, reference):
    """Print a line a tool, and whether the bar is met."""
    for tool, seconds in spent.items():
        note = agreement(values.get(tool), values.get(reference))
        print(
            f"| {work} | {name} | {tool} | {1000 * seconds / count:.1f} "
            f"| {seconds / spent[ours]:.2f} | {seconds / floor:.2f} | {note} |"
        )
    peers = [seconds for tool, seconds in spent.items() if tool in PEERS and seconds == seconds]
    if peers:
        gained, bar = min(peers) / spent[ours], BARS[work][name]
        verdict = "met" if gained >= bar else "missed"
        print(f"| {work} | {name} | **against the faster peer** | | **{gained:.2f}** "
              f"| | bar {bar}: {verdict} |", flush=True)  # fmt: skip


def agreement(values, reference):
    if isinstance(values, str):
        return values
    if values is None or reference is None or values is reference:
        return ""
    off = (values.cpu() - reference.cpu()).abs().max() / reference.abs().max()
    return f"differs by {off.item():.0e}"


def measure_deepshap(name, options):
    model, onehot = made(name, options, SHAPPED[name])
    references = shuffled(REFERENCES)(onehot.cpu(), np.random.default_rng(0)).to(onehot)
    tools = {"floor": deepshap_floor, "cislens": deepshap}
    tools |= {"tangermeme": deepshap_tangermeme} if installed("tangermeme") else {}
    tools |= {"captum": deepshap_captum} if installed("captum") else {}
    spent, values = turns(tools, options.turns, model, onehot, references, ROWS[name])
    # captum's map is of another form.
    values = {tool: None if tool in ("floor", "captum") else map_ for tool, map_ in values.items()}
    show("deepshap", name, spent, len(onehot), spent["floor"], values, "cislens", "cislens")


def measure_ism(name, options):
    model, onehot = made(name, options, MUTATED[name])
    tools = {"cislens": ism_windows, "cislens, full": ism_full, "one batch": forward}
    if installed("tangermeme"):
        tools |= {"tangermeme, fast": ism_tangermeme(True), "tangermeme": ism_tangermeme(False)}
    spent, values = turns(tools, 1 if name == "bpnet" else options.turns, model, onehot)
    work = _ism_engine.prepare(model, onehot).work.forwards(3 * onehot.shape[-1])
    one = spent.pop("one batch") / (BATCH // 4)
    floor = work * one * len(onehot)
    spent = {f"floor, {work:.0f} sequences": floor, **spent}
    show("ism", name, spent, len(onehot), floor, values, "cislens", "cislens, full")


def measure_taylor(name, options):
    """Compare 100 sequences by Taylor ISM with ISM of a few, scaled up."""
    model, onehot = made(name, options, 100)
    few = onehot[: MUTATED[name]]
    taylor, _ = turns({"taylor": lambda m, x: taylor_ism.attribute(m, x, target=0)},
                      options.turns, model, onehot)  # fmt: skip
    others, _ = turns({"windows": ism_windows, "full": ism_full}, 1, model, few)
    once = taylor["taylor"] / 100
    for way, seconds in others.items():
        gained, bar = seconds / len(few) / once, BARS["taylor"][name]
        verdict = "met" if gained >= bar else "missed"
        print(f"| taylor | {name} | ism, {way} | {1000 * seconds / len(few):.1f} | {gained:.0f} "
              f"| | bar {bar:.0f}: {verdict}; Taylor ISM takes {1000 * once:.2f} ms |",
              flush=True)  # fmt: skip


PEERS = ("tangermeme", "captum", "tangermeme, fast")
WORKS = {"deepshap": measure_deepshap, "ism": measure_ism, "taylor": measure_taylor}


def installed(package):
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("works", nargs="*", default=list(WORKS))
    parser.add_argument("--networks", nargs="+", default=list(NETWORKS), choices=NETWORKS)
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--device", default="cpu")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = False
    warnings.simplefilter("ignore")
    peers = ", ".join(f"{p} {installed(p) or 'not installed'}" for p in ("tangermeme", "captum"))
    print(f"torch {torch.__version__}, {options.device}, {options.threads} threads; {peers}\n")
    print("| work | network | tool | ms a sequence | × cislens | × floor | |")
    print("|---|---|---|---:|---:|---:|---|", flush=True)
    for work in options.works:
        for name in options.networks:
            if name in BARS[work]:
                WORKS[work](name, options)


if __name__ == "__main__":
    main()
