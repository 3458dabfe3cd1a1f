"""Multiply-adds of in-silico mutagenesis, counted from the layers."""

from dataclasses import dataclass

from torch import Tensor

from cislens.attribution._ism_exits import Dense
from cislens.attribution._ism_plan import Plan
from cislens.attribution._ism_record import Call, Record, Slot
from cislens.attribution._ism_windows import Convolution


@dataclass(frozen=True)
class Work:
    """Multiply-adds of convolutions and dense layers.

    Attributes
    ----------
    whole
        Of one sequence.
    edit
        Of one substitution by windows, on average over positions.
    convolutions
        How many convolutions windows follow.
    """

    whole: int
    edit: float
    convolutions: int

    def forwards(self, edits: int) -> float:
        """Say how many whole sequences so many substitutions are worth."""
        return edits * self.edit / self.whole


def count(record: Record, plan: Plan) -> Work:
    """Count the work of a network."""
    convolutions = [op for op in plan.operations if isinstance(op, Convolution)]
    length = plan.lengths[0]
    edit = 0.0
    for rest, spans in enumerate(plan.spans):
        share = len(range(rest, length, plan.period)) / length
        each = sum(op.work(spans) for op in convolutions)
        for way_out in plan.exits:
            if isinstance(way_out, Dense):
                width = spans[way_out.source].width
                each += width * way_out.weight[0].numel()
        edit += share * each
    edit += sum(_whole(call, record) for call in plan.rest)
    whole = sum(_whole(call, record) for call in record.calls)
    return Work(whole, edit, len(convolutions))


def _whole(call: Call, record: Record) -> int:
    if call.name not in {"conv1d", "linear"} or not isinstance(call.results, Slot):
        return 0
    weight = call.kwargs.get("weight", call.args[1] if len(call.args) > 1 else None)
    if not isinstance(weight, Tensor):
        return 0
    shape = record.shapes[call.results.number]
    times = shape[-1] if call.name == "conv1d" else 1
    for size in shape[:-1] if call.name == "linear" else ():
        times *= size
    return weight.numel() * times
