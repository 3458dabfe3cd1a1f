"""In-silico mutagenesis by windows beside full recomputation and beside tangermeme.

Run with ``python bench/attribution_ism.py [network …]``. Ways take turns, so that a busy machine
slows all of them; medians are of the turns. A forward-equivalent is the time of one sequence in a
batch of 256 that runs through the network in the same turn. The floor is what windows would take if
their multiply-adds, counted from the layers, ran as fast as those of the whole network and all else
took no time; a layer whose kernels run faster on windows can bring a figure below it. tangermeme is
used where it is installed; its fast path is made to run at any job size.
"""

import statistics
import sys
import time

import torch
from torch.nn import functional

from cislens.attribution import _ism_engine, ism
from cislens.models.zoo import ARCHITECTURES

try:
    from tangermeme import saturation_mutagenesis as peer
except ImportError:
    peer = None

NETWORKS = {
    "deepsea": (1000, 919, 3),
    "basset": (600, 164, 8),
    "residualbind": (400, 1, 32),
    "cnn-dist": (200, 1, 64),
}
"""Length, outputs and sequences: enough of them that what a call costs once weighs little."""
BARS = {"deepsea": 4.0, "basset": 3.0, "residualbind": 1.0, "cnn-dist": 2.5}
"""How many times faster than the faster way of tangermeme."""
ROUNDS, BATCH = 3, 256


def sequences(count, length):
    codes = torch.randint(0, 4, (count, length))
    return functional.one_hot(codes, 4).transpose(1, 2).float().contiguous()


def ours(model, onehot, fast):
    found = ism.attribute(model, onehot, target=0, centred=True, fast=fast, batch_size=BATCH)
    if fast and not found.notes[1].startswith("windows"):
        raise SystemExit(f"not by windows: {found.notes[1]}")
    return found.values


def theirs(model, onehot, fast):
    peer._FAST_MIN_SECONDS = 0.0
    return peer.saturation_mutagenesis(
        model,
        onehot,
        target=0,
        hypothetical=True,
        fast=fast,
        batch_size=BATCH,
        device="cpu",
    )


def forward(model, onehot, _fast):
    with torch.no_grad():
        model(onehot[:1].expand(BATCH, -1, -1).contiguous())


def ways():
    found = {"ours, windows": (ours, True), "ours, full": (ours, False)}
    if peer:
        found |= {"tangermeme, fast": (theirs, True), "tangermeme, full": (theirs, False)}
    return found


def timed(run, model, onehot, fast):
    begun = time.perf_counter()
    values = run(model, onehot, fast)
    return time.perf_counter() - begun, values


def measure(name):
    length, outputs, count = NETWORKS[name]
    torch.manual_seed(0)
    model = ARCHITECTURES[name](input_length=length, outputs=outputs).eval()
    onehot = sequences(count, length)
    ours(model, onehot, True)
    times = {way: [] for way in (*ways(), "forward")}
    maps = {}
    for _ in range(ROUNDS):
        times["forward"].append(timed(forward, model, onehot, None)[0] / BATCH)
        for way, (run, fast) in ways().items():
            seconds, maps[way] = timed(run, model, onehot, fast)
            times[way].append(seconds / count)
    show(name, _ism_engine.prepare(model, onehot).work, times, maps)


def show(name, work, times, maps):
    length, _, count = NETWORKS[name]
    medians = {way: statistics.median(seconds) for way, seconds in times.items()}
    full = maps["ours, full"]
    row = "  {:20}{:>12}{:>12}{:>10}{:>12}".format
    print(f"{name}, {length} bp, {3 * length} edits a sequence, {count} sequences, {ROUNDS} turns")
    print(row("", "s/sequence", "forwards", "ratio", "off by"))
    for way in ways():
        off = (maps[way] - full).abs().max() / full.abs().max()
        equivalents = statistics.median(
            seconds / one for seconds, one in zip(times[way], times["forward"], strict=True)
        )
        ratio = medians[way] / medians["ours, windows"]
        print(row(way, f"{medians[way]:.4f}", f"{equivalents:.0f}", f"{ratio:.2f}", f"{off:.0e}"))
    floor = work.forwards(3 * length)
    print(row("floor", f"{floor * medians['forward']:.4f}", f"{floor:.0f}", "", ""))
    if peer:
        faster = min(medians["tangermeme, fast"], medians["tangermeme, full"])
        ratio = faster / medians["ours, windows"]
        print(f"  {ratio:.2f} times faster than tangermeme; wanted: at least {BARS[name]}")


def main():
    print(f"torch {torch.__version__}, {torch.get_num_threads()} threads", flush=True)
    for name in sys.argv[1:] or NETWORKS:
        measure(name)


if __name__ == "__main__":
    main()
