"""Importance of filters against predicting everything anew for each.

Run with: python bench/knockout.py (DeepSEA: 320 filters, 919 tasks, 1,000 bp; a few filters timed)

Both sides replace the same filters of the same batch by their means; times are of the processor.
"""

import statistics
import time

import numpy as np
import torch

from cislens.models import inference, layers, zoo
from cislens.motifs import _tail
from cislens.sequence import onehot

BATCH = 32
FILTERS = 6
REPEATS = 3


def main():
    torch.manual_seed(0)
    model = zoo.ARCHITECTURES["deepsea"](input_length=1000, outputs=919).eval()
    codes = np.random.default_rng(0).integers(0, 4, (BATCH, 1000), dtype=np.uint8)
    batch = onehot.from_codes(codes)
    name = layers.readout(model, next(iter(layers.convolutions(model))))
    layer = layers.find(model, name)
    mean = inference.activations(model, codes, layer=name).mean(dim=(0, 2))
    ours, naive = [], []
    for _ in range(REPEATS):
        began = time.process_time()
        with _tail.of(model, layer) as tail:
            whole, _ = tail.record(batch)
            recorded = time.process_time()
            found = []
            for number in range(FILTERS):
                values = mean[number].expand(len(whole), 1, whole.shape[2])
                found.append(tail.run(torch.tensor([number]), values))
        # The record serves all 320 filters.
        ours.append((time.process_time() - recorded) / FILTERS + (recorded - began) / 320)
        began = time.process_time()
        with torch.no_grad():
            wanted = []
            for number in range(FILTERS):

                def replace(_module, _inputs, output, number=number):
                    output[:, number] = mean[number]

                handle = layer.register_forward_hook(replace)
                wanted.append(model(batch))
                handle.remove()
        naive.append((time.process_time() - began) / FILTERS)
        off = max(float((a - b).abs().max()) for a, b in zip(found, wanted, strict=True))
    first, second = statistics.median(ours), statistics.median(naive)
    print(f"naive     {1000 * second / BATCH:7.2f} ms of CPU a filter and sequence")
    print(
        f"cislens   {1000 * first / BATCH:7.2f} ms, {first / second:.2f} of the naive way (bar 0.5)"
    )
    print(f"outputs differ by at most {off:.1e}")


if __name__ == "__main__":
    main()
