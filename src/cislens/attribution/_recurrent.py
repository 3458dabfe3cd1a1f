"""Recurrent layers written step by step, with the arguments of PyTorch's fused functions."""

from collections.abc import Callable, Sequence

import torch
from torch import Tensor
from torch.nn import functional

from cislens.attribution._calls import Value
from cislens.errors import UserError

State = tuple[Tensor, ...]
Step = Callable[[Tensor, State, Sequence[Tensor | None]], State]


def _lstm_step(gates: Tensor, state: State, weights: Sequence[Tensor | None]) -> State:
    hidden, cell = state
    summed = gates + functional.linear(hidden, _given(weights[1]), weights[3])
    enter, forget, candidate, leave = summed.chunk(4, -1)
    cell = torch.sigmoid(forget) * cell + torch.sigmoid(enter) * torch.tanh(candidate)
    hidden = torch.sigmoid(leave) * torch.tanh(cell)
    if weights[4] is not None:
        hidden = functional.linear(hidden, weights[4])
    return hidden, cell


def _gru_step(gates: Tensor, state: State, weights: Sequence[Tensor | None]) -> State:
    (hidden,) = state
    reset, update, candidate = gates.chunk(3, -1)
    recurrent = functional.linear(hidden, _given(weights[1]), weights[3]).chunk(3, -1)
    share = torch.sigmoid(update + recurrent[1])
    fresh = torch.tanh(candidate + torch.sigmoid(reset + recurrent[0]) * recurrent[2])
    return (fresh + share * (hidden - fresh),)


def _plain_step(function: Callable[[Tensor], Tensor]) -> Step:
    def step(gates: Tensor, state: State, weights: Sequence[Tensor | None]) -> State:
        return (function(gates + functional.linear(state[0], _given(weights[1]), weights[3])),)

    return step


def _given(weight: Tensor | None) -> Tensor:
    assert weight is not None
    return weight


def _layered(step: Step, states: int) -> Callable[..., Value]:
    """Make the function of all layers and directions from that of one step."""

    def layers(  # noqa: PLR0913, as PyTorch calls it
        input: Tensor,  # noqa: A002
        hx: Value,
        params: Sequence[Tensor],
        has_biases: Value,
        num_layers: int,
        dropout: float,
        train: bool,
        bidirectional: bool,
        batch_first: bool = False,
    ) -> Value:
        if not isinstance(params, (list, tuple)) or isinstance(has_biases, (list, tuple)):
            raise UserError("model: a recurrent layer takes packed sequences; wants padded ones")
        start = hx if states > 1 else (hx,)
        runs = 2 if bidirectional else 1
        size = len(params) // (num_layers * runs)
        x = input.transpose(0, 1) if batch_first else input
        ends: list[State] = []
        for layer in range(num_layers):
            outputs = []
            for back in range(runs):
                place = layer * runs + back
                weights = _named(params[place * size : (place + 1) * size], has_biases)
                state = tuple(part[place] for part in start)
                output, state = _scan(step, x, state, weights, backwards=bool(back))
                outputs.append(output)
                ends.append(state)
            x = torch.cat(outputs, -1) if runs > 1 else outputs[0]
        x = x.transpose(0, 1) if batch_first else x
        return x, *(torch.stack([end[i] for end in ends]) for i in range(states))

    return layers


def _named(weights: Sequence[Tensor], has_biases: bool) -> list[Tensor | None]:
    """Give input and recurrent weights, both biases, and the projection, where there are."""
    named: list[Tensor | None] = list(weights[:2])
    named += list(weights[2:4]) if has_biases else [None, None]
    rest: list[Tensor | None] = list(weights[4:] if has_biases else weights[2:])
    return [*named, *(rest or [None])]


def _scan(
    step: Step, x: Tensor, state: State, weights: list[Tensor | None], *, backwards: bool
) -> tuple[Tensor, State]:
    gates = functional.linear(x, _given(weights[0]), weights[2]).unbind(0)
    hidden = []
    for gate in reversed(gates) if backwards else gates:
        state = step(gate, state, weights)
        hidden.append(state[0])
    return torch.stack(hidden[::-1] if backwards else hidden), state


def _cell(step: Step, states: int) -> Callable[..., Value]:
    """Make the function of one step alone."""

    def cell(
        input: Tensor,  # noqa: A002
        hx: Value,
        w_ih: Tensor,
        w_hh: Tensor,
        b_ih: Tensor | None = None,
        b_hh: Tensor | None = None,
    ) -> Value:
        state = tuple(hx) if states > 1 else (hx,)
        gates = functional.linear(input, w_ih, b_ih)
        state = step(gates, state, [w_ih, w_hh, b_ih, b_hh, None])
        return state if states > 1 else state[0]

    return cell


CELLS: dict[str, Callable[..., Value]] = {
    "lstm": _layered(_lstm_step, 2),
    "gru": _layered(_gru_step, 1),
    "rnn_tanh": _layered(_plain_step(torch.tanh), 1),
    "rnn_relu": _layered(_plain_step(torch.relu), 1),
    "lstm_cell": _cell(_lstm_step, 2),
    "gru_cell": _cell(_gru_step, 1),
    "rnn_tanh_cell": _cell(_plain_step(torch.tanh), 1),
    "rnn_relu_cell": _cell(_plain_step(torch.relu), 1),
}
"""By the name of the function in ``torch``."""
