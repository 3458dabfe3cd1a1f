"""Run a network on every substitution: by windows where that is right and cheaper, or in full."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor, nn

from cislens.attribution import _ism_engine
from cislens.attribution._ism_engine import Engine
from cislens.attribution._ism_record import Unrecordable
from cislens.models import inference, inputs
from cislens.sequence import onehot as onehots

TOLERANCE = 1e-5
"""Most that windows may differ from the whole network, relative to the largest output."""
_FIRST_SAMPLE = 8


class Part(NamedTuple):
    """Outputs of all substitutions of some positions of some sequences.

    ``old`` holds the base codes (sequences, positions), ``new`` those put in (sequences, positions,
    bases); ``old_outputs`` is (sequences, outputs) and ``new_outputs`` (positions, sequences,
    bases, outputs).
    """

    sequences: slice
    positions: slice
    old: Tensor
    new: Tensor
    old_outputs: Tensor
    new_outputs: Tensor


class Differs(Exception):  # noqa: N818, a signal and no error
    """Says by how much windows miss the whole network."""


@dataclass
class Runner:
    """A network held for one run, with the way that is taken."""

    model: nn.Module
    onehot: Tensor
    batch_size: int
    form: Tensor
    engine: Engine | None
    way: str
    worst: float = 0.0

    def parts(self) -> Iterator[Part]:
        """Run all substitutions, part by part."""
        codes = torch.from_numpy(onehots.to_codes(self.onehot)).long()
        for number, (rows, positions) in enumerate(self._blocks()):
            x = self.onehot[rows].to(self.form)
            old = codes[rows, positions].to(self.form.device)
            new = substitutes(old)
            run = self._by_windows if self.engine else self._in_full
            part = Part(rows, positions, old, new, *run(x, old, new, positions.start))
            if self.engine:
                self._check(x, part, _FIRST_SAMPLE if number == 0 else 1)
            self._refuse_nan(x, part)
            yield part

    def _by_windows(self, x: Tensor, old: Tensor, new: Tensor, start: int) -> tuple[Tensor, Tensor]:
        one_old, one_new = self._followed(x, old, new, start)
        if not isinstance(self.model, inputs.BothStrands):
            return one_old, one_new
        other_old, other_new = self._followed(
            onehots.reverse_complement(x),
            torch.where(old > 3, old, 3 - old).flip(1),
            (3 - new).flip(1),
            x.shape[-1] - start - old.shape[1],
        )
        return (one_old + other_old) / 2, (one_new + other_new.flip(0)) / 2

    def _followed(self, x: Tensor, old: Tensor, new: Tensor, start: int) -> tuple[Tensor, Tensor]:
        assert self.engine is not None
        rows = max(self.batch_size, self.engine.rows(self.batch_size))
        try:
            return self.engine.outputs(x, old, new, start, rows)
        except (RuntimeError, TypeError, ValueError, IndexError) as error:
            # A function may take no other rows than those it was recorded on.
            raise Differs(f"windows fail, {str(error).splitlines()[0]}") from error

    def _in_full(self, x: Tensor, old: Tensor, new: Tensor, start: int) -> tuple[Tensor, Tensor]:
        count, positions, bases = new.shape
        total = positions * count * bases
        outputs = [
            self.model(
                edited(x, new, start, torch.arange(begin, min(begin + self.batch_size, total)))
            )
            for begin in range(0, total, self.batch_size)
        ]
        return self.model(x), torch.cat(outputs).view(positions, count, bases, -1)

    def _check(self, x: Tensor, part: Part, sample: int) -> None:
        """Run some edits, first and last among them, and no edit through the whole network."""
        total = part.new.numel()
        edits = torch.linspace(0, total - 1, min(sample, total)).long()
        found = torch.cat(
            [part.new_outputs.flatten(0, 2)[edits.to(x.device)], part.old_outputs[:1]]
        )
        rows = edited(x, part.new, part.positions.start, edits)
        wanted = self.model(torch.cat([rows, x[:1]]))
        largest = torch.maximum(wanted.abs().max(), part.old_outputs.abs().max())
        error = float((found - wanted).abs().max() / largest.clamp(min=1e-30))
        self.worst = max(self.worst, error)
        if not error <= TOLERANCE:
            raise Differs(f"windows differ by {error:.1e} from the whole network")

    def _refuse_nan(self, x: Tensor, part: Part) -> None:
        bad = part.new_outputs.flatten(0, 2).isnan().any(dim=1).nonzero()
        if len(bad) and self.engine:
            raise Differs("windows give NaN")
        if len(bad):
            # Its prediction says in one sentence why.
            sequence = edited(x, part.new, part.positions.start, bad[0].cpu())
            inference.predict(self.model, sequence)

    def _blocks(self) -> Iterator[tuple[slice, slice]]:
        count, _, length = self.onehot.shape
        most = self.engine.edits(self.batch_size) if self.engine else self.batch_size
        sequences = max(1, most // (3 * length))
        positions = min(length, max(1, most // 3)) if sequences == 1 else length
        for row in range(0, count, sequences):
            for start in range(0, length, positions):
                rows = slice(row, min(row + sequences, count))
                yield rows, slice(start, min(start + positions, length))


def substitutes(old: Tensor) -> Tensor:
    """List the bases that can be put in: the other three, or all four where one of them is N."""
    if (old > 3).any():
        return torch.arange(4, device=old.device).expand(*old.shape, 4)
    return (old[..., None] + torch.arange(1, 4, device=old.device)) % 4


def edited(x: Tensor, new: Tensor, start: int, edits: Tensor) -> Tensor:
    """Make edited sequences, of edits counted over positions, then sequences, then bases."""
    count, _, bases = new.shape
    edits = edits.to(x.device)
    base, rest = edits % bases, edits // bases
    row, position = rest % count, rest // count
    sequences = x[row]
    each = torch.arange(len(edits), device=x.device)
    sequences[each, :, start + position] = 0
    sequences[each, new[row, position, base], start + position] = 1
    return sequences


@contextmanager
def runner(model: nn.Module, onehot: Tensor, *, fast: bool, batch_size: int) -> Iterator[Runner]:
    """Choose the way for a network that is held in evaluation mode."""
    with torch.no_grad(), _full_precision():
        weights = (p for p in model.parameters() if p.is_floating_point())
        first = next(weights, torch.empty(0))
        form = torch.empty(0, device=first.device, dtype=first.dtype)
        engine, way = None, "full recomputation, as asked"
        if fast:
            count, _, length = onehot.shape
            engine, way = _engine(model, onehot[:1].to(form), 3 * count * length, batch_size)
        yield Runner(model, onehot, batch_size, form, engine, way)


def _engine(
    model: nn.Module, onehot: Tensor, edits: int, batch_size: int
) -> tuple[Engine | None, str]:
    if torch.is_autocast_enabled(onehot.device.type):
        return None, "full recomputation, under autocast"
    try:
        # Of two strands that are averaged, windows follow one at a time.
        followed = model.model if isinstance(model, inputs.BothStrands) else model
        engine = _ism_engine.prepare(followed, onehot)
    except Unrecordable as reason:
        return None, f"full recomputation: {reason}"
    if not engine.worthwhile(min(edits, engine.edits(batch_size))):
        return None, "full recomputation: windows would save nothing"
    return engine, "windows of changed positions"


@contextmanager
def _full_precision() -> Iterator[None]:
    """Turn TF32 off, which keeps three digits and would drown small effects."""
    before = torch.backends.cudnn.allow_tf32, torch.backends.cuda.matmul.allow_tf32
    torch.backends.cudnn.allow_tf32 = torch.backends.cuda.matmul.allow_tf32 = False
    try:
        yield
    finally:
        torch.backends.cudnn.allow_tf32, torch.backends.cuda.matmul.allow_tf32 = before
