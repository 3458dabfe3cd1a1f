"""Sequences on their way through a network, as codes and activation maps, pass by pass."""

from collections.abc import Callable, Iterator

import numpy as np
import torch
from torch import Tensor, nn

from cislens.errors import UserError
from cislens.models import inference, receptive_field
from cislens.models._sequences import Sequences
from cislens.motifs._collector import Windows
from cislens.motifs.options import FilterOptions
from cislens.sequence import alphabet
from cislens.sequence import onehot as onehots
from cislens.sequence.shapes import Codes

# Larger maps leave the cache before they are read again, and that costs more than a convolution.
_MAP_BYTES = 8_000_000
_MAP_BYTES_ELSEWHERE = 256_000_000

# The C library gives buffers of some megabytes back to the system after each batch and has them
# filled with zeros again for the next: three times the cost of a convolution. Once it has freed a
# block of this size, of which nothing is ever touched, it keeps smaller ones (glibc, mallopt(3)).
_KEPT_BYTES = 31 * 2**20


class BothStrands:
    """Sequences, each followed by its reverse complement."""

    def __init__(self, sequences: Sequences) -> None:
        self._sequences = sequences

    def __len__(self) -> int:
        return 2 * len(self._sequences)

    def __getitem__(self, rows: slice) -> Codes:
        start, end, _ = rows.indices(len(self))
        slab = self._sequences[start // 2 : -(-end // 2)]
        codes = onehots.to_codes(slab) if isinstance(slab, Tensor) else slab
        pairs = np.stack([codes, alphabet.reverse_complement(codes)], axis=1)
        return pairs.reshape(-1, codes.shape[-1])[start % 2 : start % 2 + end - start]


class Source:
    """Runs a network over the same sequences as often as asked.

    ``passes`` counts the runs; ``composition`` how often each of A C G T came in the first.
    """

    def __init__(
        self,
        model: nn.Module,
        sequences: Sequences,
        *,
        readout: str,
        batch_size: int,
        device: inference.Device,
        progress: Callable[[int, int], None] | None,
        planned_passes: int,
    ) -> None:
        self.passes = 0
        self.composition = np.zeros(4, np.int64)
        self._model = model
        self._sequences = sequences
        self._readout = readout
        self._batch_size = batch_size
        self._device = device
        self._progress = progress
        self._planned_passes = planned_passes

    def stream(self) -> Iterator[tuple[Codes, np.ndarray]]:
        """Run once over all rows; gives base codes, and maps (row, filter, position) in float32."""
        done = self.passes * len(self._sequences)
        self.passes += 1
        torch.empty(_KEPT_BYTES, dtype=torch.uint8)
        total = max(self._planned_passes, self.passes) * len(self._sequences)
        batches = inference.stream_activations(
            self._model,
            self._sequences,
            layer=self._readout,
            batch_size=self._batch_size,
            device=self._device,
        )
        for start, codes, activation in batches:
            if self.passes == 1:
                self.composition += np.bincount(codes.ravel(), minlength=5)[:4]
            yield codes, activation.float().contiguous().cpu().numpy()
            if self._progress is not None:
                self._progress(done + start + len(codes), total)


def windows(
    model: nn.Module, sequences: Sequences, readout: str, device: inference.Device
) -> Windows:
    """Measure the windows of a map, and its size on the first sequence."""
    if not len(sequences):
        raise UserError("sequences: got none; wants at least one")
    first = next(inference.stream_activations(model, sequences[0:1], layer=readout, device=device))[
        2
    ]
    if first.ndim != 3:
        raise UserError(
            f"layer={readout!r}: its output has shape (batch, {list(first.shape[1:])}); wants "
            "(batch, filter, position): choose a convolution"
        )
    length = int(sequences[0:1].shape[-1])
    field = receptive_field.measure(model, layer=readout, input_length=length)
    return Windows(
        start=field.start,
        jump=field.jump,
        width=field.width,
        filters=first.shape[1],
        positions=first.shape[2],
        length=length,
    )


def rows_at_once(
    batch_size: int | None, windows: Windows, device: torch.device, options: FilterOptions
) -> int:
    """Check or find the number of rows that go through the network together."""
    step = 1 + options.both_strands
    on_processor = device.type == "cpu"
    budget = _MAP_BYTES if on_processor else _MAP_BYTES_ELSEWHERE
    fitting = step * max(1, budget // (4 * step * windows.filters * windows.positions))
    if batch_size is None:
        return fitting
    if batch_size < step or batch_size % step:
        wanted = "an even number, as both strands go together" if step == 2 else "at least 1"
        raise UserError(f"batch_size={batch_size}: wants {wanted}; or None, which finds one")
    return min(batch_size, fitting) if on_processor else batch_size
