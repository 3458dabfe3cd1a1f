"""Wrappers that turn networks of several inputs, or of one strand, into networks of a sequence.

Each is a module around the network, which is not changed; see `cislens.models.heads`.
"""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from cislens.errors import UserError
from cislens.models.inference import Outputs
from cislens.sequence import onehot as onehots
from cislens.sequence.shapes import OneHot


class BothStrands(nn.Module):
    """Averages the outputs over the sequence and its reverse complement.

    Its map is, for every method that is linear in the network, the average of the maps of the two
    strands, the second turned round; references and noise are turned with the sequence. Both
    strands get the same map, turned round.

    Parameters
    ----------
    model
        A network of one sequence whose outputs mean the same on both strands.

    Raises
    ------
    UserError
        If the sequences are joined from several, which would change places.
    """

    def __init__(self, model: nn.Module) -> None:
        super().__init__()
        if any(isinstance(module, JoinedInputs) for module in model.modules()):
            raise UserError(
                "model: has JoinedInputs, which the other strand would swap; average the strands "
                "inside your own network"
            )
        self.model = model
        self.input_length = getattr(model, "input_length", None)

    def forward(self, onehot: OneHot) -> Outputs:  # numpydoc ignore=PR01,RT01
        """Run the network twice."""
        one, other = self.model(onehot), self.model(onehots.reverse_complement(onehot))
        if not isinstance(one, Tensor) or one.ndim != 2:
            raise UserError(
                "model: BothStrands wants one that gives (batch, outputs): wrap it in one of "
                "cislens.models.heads first"
            )
        return torch.add(one, other) / 2


class OneInput(nn.Module):
    """Gives a network of several inputs as a network of one, the others held fixed.

    Parameters
    ----------
    model
        A network with ``forward(first, second, …)``.
    others
        The other inputs, in their order, each with one row for all sequences. Inputs that differ
        from sequence to sequence want one wrapper a sequence or, if they are sequences themselves,
        `JoinedInputs`.
    position
        Where the sequence stands among the inputs, counted from 0.

    Raises
    ------
    UserError
        If one of the others has not one row, or there is no such position.
    """

    def __init__(self, model: nn.Module, others: Sequence[Tensor], *, position: int = 0) -> None:
        super().__init__()
        if not 0 <= position <= len(others):
            raise UserError(f"position={position}: the model's inputs are 0 to {len(others)}")
        self.model = model
        self.position = position
        for number, other in enumerate(others):
            if other.ndim == 0 or len(other) != 1:
                raise UserError(
                    f"others: input {number} has shape {tuple(other.shape)}; wants one row, "
                    "(1, …), that all sequences share"
                )
            self.register_buffer(f"other{number}", other.detach(), persistent=False)
        self.others = len(others)

    def forward(self, onehot: OneHot) -> object:  # numpydoc ignore=PR01,RT01
        """Run the network with the fixed inputs beside the sequences."""
        fixed = [self.get_buffer(f"other{number}") for number in range(self.others)]
        inputs = [other.expand(len(onehot), *other.shape[1:]) for other in fixed]
        inputs.insert(self.position, onehot)
        return self.model(*inputs)


class JoinedInputs(nn.Module):
    """Takes several sequences as one, end to end, and cuts it for a network of several inputs.

    So each row brings all its inputs with it, and one map covers them all. To hold one of them
    fixed, give references that are equal to the sequences there. A shuffle of the whole would mix
    the inputs: give a function that shuffles each.

    Parameters
    ----------
    model
        A network with ``forward(first, second, …)``, each (batch, 4, its own length).
    lengths
        Lengths of the inputs, in bp, in their order.
    """

    def __init__(self, model: nn.Module, lengths: Sequence[int]) -> None:
        super().__init__()
        self.model = model
        self.lengths = list(lengths)
        self.input_length = sum(lengths)

    def forward(self, onehot: OneHot) -> object:  # numpydoc ignore=PR01,RT01
        """Cut the sequences and run the network."""
        return self.model(*torch.split(onehot, self.lengths, dim=-1))
