"""Sort the operations of a record: those that windows can follow, the way out of them, the rest."""

import math
from dataclasses import dataclass, field

from cislens.attribution import _ism_exits, _ism_reading, _ism_record
from cislens.attribution._ism_exits import Exit
from cislens.attribution._ism_places import Span
from cislens.attribution._ism_reading import Known
from cislens.attribution._ism_record import Call, Record, Rows, Slot
from cislens.attribution._ism_windows import Convolution, Mapping, Operation

_MOST = 0.6
"""Share of a layer above which windows gain nothing over the whole layer."""


@dataclass
class Plan:
    """What windows follow, per class of edits, where they are left, and what is run in full.

    ``jumps`` are the input positions between two neighbours of a layer, ``spans`` says for each
    class and slot where the first edited position changes it.
    """

    jumps: dict[int, int]
    channels: dict[int, int]
    lengths: dict[int, int]
    operations: list[Operation] = field(default_factory=list)
    exits: list[Exit] = field(default_factory=list)
    rest: list[Call] = field(default_factory=list)
    period: int = 1
    spans: list[dict[int, Span]] = field(default_factory=lambda: [{0: Span(0, 1)}])

    @property
    def steps(self) -> dict[int, int]:
        """Distance between the windows of two edits that follow each other in a class."""
        return {slot: self.period // jump for slot, jump in self.jumps.items()}

    def widest(self, slot: int) -> int:
        """Give the greatest width of the windows of a slot."""
        return max(spans[slot].width for spans in self.spans)

    def add(self, operation: Operation) -> None:
        """Say where the result of an operation changes, for every class."""
        jump = self.jumps[operation.sources[0]] * getattr(operation, "stride", 1)
        self.jumps[operation.result] = jump
        period = math.lcm(self.period, jump)
        self.spans = [
            {
                slot: Span(start + rest // self.period * self.period // self.jumps[slot], width)
                for slot, (start, width) in self.spans[rest % self.period].items()
            }
            for rest in range(period)
        ]
        self.period = period
        for spans in self.spans:
            spans[operation.result] = operation.span(spans)
        self.operations.append(operation)


def make(record: Record) -> Plan:
    """Follow the windows as far as they go."""
    builder = _Builder(record)
    for call in record.calls:
        builder.take(call)
    return builder.finished()


class _Builder:
    def __init__(self, record: Record) -> None:
        channels, length = record.shapes[0]
        self.plan = plan = Plan({0: 1}, {0: channels}, {0: length})
        self.known = Known(record, plan.channels, plan.lengths, plan.jumps)

    def take(self, call: Call) -> None:
        """Put one operation where it belongs."""
        plan, known = self.plan, self.known
        if isinstance(call.results, Slot) and call.results.number in plan.jumps:
            return
        if self._is_fixed(call):
            call.run(known.fixed, rows=1)
            plan.rest.append(call)
            return
        operation = self._followed(call)
        if operation is not None:
            self._form(operation)
            plan.add(operation)
            return
        way_out = _ism_reading.way_out(known, call)
        if way_out is not None:
            plan.exits.append(way_out)
            return
        for slot in known.sources(call):
            self._leave(slot)
        plan.rest.append(call)

    def finished(self) -> Plan:
        """Drop what no exit needs."""
        plan = self.plan
        if self.known.record.output in plan.jumps:
            self._leave(self.known.record.output)
        wanted = {way_out.source for way_out in plan.exits}
        for operation in reversed(plan.operations):
            if operation.result in wanted:
                wanted.update(operation.sources)
        plan.operations = [op for op in plan.operations if op.result in wanted]
        used = {0} | {operation.result for operation in plan.operations}
        plan.jumps = {slot: jump for slot, jump in plan.jumps.items() if slot in used}
        plan.period = math.lcm(*plan.jumps.values())
        plan.spans = plan.spans[: plan.period]
        return plan

    def _leave(self, slot: int) -> None:
        if all(way_out.result != slot for way_out in self.plan.exits):
            shape = self.known.record.shapes[slot]
            self.plan.exits.append(_ism_exits.Whole(slot, slot, shape))

    def _is_fixed(self, call: Call) -> bool:
        leaves = _ism_record.leaves((call.args, call.kwargs))
        of_rows = any(isinstance(leaf, Rows) for leaf in leaves)
        return not of_rows and all(slot in self.known.fixed for slot in call.slots)

    def _followed(self, call: Call) -> Operation | None:
        read = _ism_reading.READERS.get(call.name)
        sources = self.known.sources(call)
        moving = {slot for slot in call.slots if slot not in self.known.fixed}
        if read is None or moving != set(sources) or not isinstance(call.results, Slot):
            return None
        operation = read(self.known, call)
        if operation is None or isinstance(operation, Mapping):
            return operation
        if self.plan.widest(sources[0]) > _MOST * self.plan.lengths[sources[0]]:
            return None
        return self._folded(operation) if isinstance(operation, Convolution) else operation

    def _folded(self, operation: Convolution) -> Convolution:
        """Take in a batch normalisation that alone reads a convolution."""
        record, result = self.known.record, operation.result
        readers = [call for call in record.calls if result in call.slots]
        if len(readers) != 1 or result == record.output:
            return operation
        affine = _ism_reading.affine(self.known, readers[0])
        if affine is None:
            return operation
        return _ism_reading.scaled(operation, readers[0].results.number, affine[0])

    def _form(self, operation: Operation) -> None:
        """Note the channels and positions of a result, also where they are one axis."""
        plan, source, result = self.plan, operation.sources[0], operation.result
        shape = self.known.record.shapes[result]
        if len(shape) == 2:
            plan.channels[result], plan.lengths[result] = shape
            return
        plan.channels[result], plan.lengths[result] = plan.channels[source], plan.lengths[source]
        self.known.flat.add(result)
