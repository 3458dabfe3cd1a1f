"""All substitutions of a stretch of positions, in some sequences at once, by windows."""

import math
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from cislens.attribution import _ism_plan, _ism_record, _ism_work
from cislens.attribution._ism_exits import Exit, Layout, Whole
from cislens.attribution._ism_places import Cache, Class, Span
from cislens.attribution._ism_plan import Plan
from cislens.attribution._ism_record import Record
from cislens.attribution._ism_windows import MaximumPool, State

_LEAST_FLOATS = 1 << 25
"""128 MB: smaller chunks save no memory worth the name."""
_MOVE = 8
"""Multiply-adds that take as long as an element that is read, changed and written."""
_CALL = 2_000_000
"""Multiply-adds that take as long as starting an operation."""
_GAIN = 0.8
"""Share of the whole work that windows must stay below to be worth it."""


@dataclass(frozen=True)
class Engine:
    """A network in operations on windows."""

    record: Record
    plan: Plan
    margins: dict[int, tuple[int, int]]
    work: _ism_work.Work

    def outputs(
        self, onehot: Tensor, old: Tensor, new: Tensor, start: int, rows: int
    ) -> tuple[Tensor, Tensor]:
        """Run every substitution of a chunk.

        ``old`` (sequences, positions) and ``new`` (sequences, positions, bases) are base codes;
        at most ``rows`` rows go through the rest of the network at once. Gives the outputs of the
        sequences and those of the edits (positions, sequences, bases, outputs).
        """
        values, cache = self._cached(onehot)
        count, positions, bases = new.shape
        layouts = {
            e.source: Layout(positions, count, bases, self._spans(e.source, start, positions))
            for e in self.plan.exits
        }
        rooms = {
            e.result: e.reserve(layouts[e.source], cache, values[e.result]) for e in self.plan.exits
        }
        pairs = 4 * old[..., None] + new
        for edits in self._classes(start, positions, count, bases):
            self._run_class(edits, cache, pairs, rooms)
        found = {
            e.result: e.finish(rooms.pop(e.result), layouts[e.source], values[e.result])
            for e in self.plan.exits
        }
        outputs = self._rest(found, rows)
        return values[self.record.output], outputs.view(positions, count, bases, -1)

    def worthwhile(self, edits: int) -> bool:
        """Say whether windows take less than the whole network for so many edits, by estimate."""
        plan, record = self.plan, self.record
        moved = sum(plan.widest(op.result) * plan.channels[op.result] for op in plan.operations)
        moved += sum(self._room(way_out) for way_out in plan.exits)
        moved += sum(math.prod(shape) for shape in self._rest_shapes())
        calls = plan.period * len(plan.operations) / edits
        whole = sum(math.prod(shape) for shape in record.shapes.values())
        windows = self.work.edit + _MOVE * moved + _CALL * calls
        return windows < _GAIN * (self.work.whole + _MOVE * whole)

    def edits(self, batch_size: int) -> int:
        """Say how many edits fit in the memory of a batch of whole sequences."""
        return max(1, self._budget(batch_size) // self._floats)

    def rows(self, batch_size: int) -> int:
        """Say how many rows of the rest of the network fit in the memory of a batch."""
        largest = max(map(math.prod, self._rest_shapes()), default=1)
        return max(1, self._budget(batch_size) // (4 * largest))

    def _rest_shapes(self) -> list[tuple[int, ...]]:
        results = [leaf for call in self.plan.rest for leaf in _ism_record.leaves(call.results)]
        return [self.record.shapes.get(slot.number, ()) for slot in results if slot is not None]

    def _budget(self, batch_size: int) -> int:
        widest = max(math.prod(shape) for shape in self.record.shapes.values())
        return max(2 * batch_size * widest, _LEAST_FLOATS)

    @property
    def _floats(self) -> int:
        """Floats that an edit holds at once."""
        plan = self.plan
        windows = sum(plan.widest(op.result) * plan.channels[op.result] for op in plan.operations)
        return 2 * sum(self._room(e) for e in plan.exits) + windows // plan.period + 1

    def _room(self, way_out: Exit) -> int:
        slot = way_out.source
        width = self.plan.lengths[slot] if isinstance(way_out, Whole) else self.plan.widest(slot)
        return self.plan.channels[slot] * width

    def _cached(self, onehot: Tensor) -> tuple[dict[int, Tensor], Cache]:
        values, cache = {0: onehot}, Cache(self.margins)
        for call in self.record.calls:
            call.run(values, len(onehot))
        for slot in self.margins:
            cache.keep(slot, values[slot], self.plan.channels[slot])
        wanted = {self.record.output} | {e.result for e in self.plan.exits}
        return {slot: values[slot] for slot in wanted}, cache

    def _spans(self, slot: int, start: int, positions: int) -> list[Span]:
        period, step = self.plan.period, self.plan.steps[slot]
        spans = (
            (self.plan.spans[p % period][slot], p // period * step)
            for p in range(start, start + positions)
        )
        return [Span(span.start + shift, span.width) for span, shift in spans]

    def _classes(self, start: int, positions: int, count: int, bases: int) -> list[Class]:
        period, classes = self.plan.period, []
        for offset in range(min(period, positions)):
            turn, rest = divmod(start + offset, period)
            classes.append(
                Class(rest, turn, offset, -(-(positions - offset) // period), count, bases)
            )
        return classes

    def _run_class(
        self, edits: Class, cache: Cache, pairs: Tensor, rooms: dict[int, Tensor]
    ) -> None:
        rows = slice(edits.offset, None, self.plan.period)
        codes = pairs[:, rows]
        letters = torch.eye(4, dtype=cache.maps[0].dtype, device=codes.device)
        state = State(edits, cache, self.plan.spans[edits.rest], self.plan.steps, codes)
        state.values[0] = letters[codes % 4][None]
        for operation in self.plan.operations:
            state.values[operation.result] = operation.run(state)
        for way_out in self.plan.exits:
            way_out.gather(rooms[way_out.result], state, rows)

    def _rest(self, found: dict[int, Tensor], rows: int) -> Tensor:
        total = len(next(iter(found.values())))
        parts = []
        for begin in range(0, total, rows):
            values = {slot: value[begin : begin + rows] for slot, value in found.items()}
            count = min(rows, total - begin)
            for call in self.plan.rest:
                call.run(values, count)
            parts.append(values[self.record.output])
        return torch.cat(parts)


def prepare(model: nn.Module, onehot: Tensor) -> Engine:
    """Record a network in evaluation mode and plan its windows."""
    record = _ism_record.record(model, onehot)
    plan = _ism_plan.make(record)
    work = _ism_work.count(record, plan)
    if not work.convolutions:
        raise _ism_record.Unrecordable("no convolution stands where windows begin")
    return Engine(record, plan, _margins(plan), work)


def _margins(plan: Plan) -> dict[int, tuple[int, int]]:
    """Say how far windows hang over the ends of each layer."""
    margins = dict.fromkeys(plan.jumps, (0, 0))
    for rest, spans in enumerate(plan.spans):
        asked = [(slot, spans[slot]) for slot in plan.jumps]
        for operation in plan.operations:
            own = spans[operation.result]
            if isinstance(operation, MaximumPool):
                first = own.start * operation.stride - operation.padding
                width = (own.width - 1) * operation.stride + operation.size
                asked.append((operation.sources[0], Span(first, width)))
            elif len(operation.sources) > 1:
                asked.extend((source, own) for source in operation.sources)
        turns = max(0, plan.lengths[0] - 1 - rest) // plan.period
        for slot, span in asked:
            before, after = margins[slot]
            end = span.end + turns * plan.steps[slot]
            margins[slot] = max(before, -span.start), max(after, end - plan.lengths[slot])
    return margins
