"""DeepLIFT and DeepSHAP: the change from references, shared out by multipliers."""

import numpy as np
import torch
from torch import nn

from cislens.attribution import _asking, _deltas, _multipliers, _references, _targets
from cislens.attribution._pointwise import KINKED, SMOOTH
from cislens.attribution._rules import LINEAR
from cislens.attribution._table import RULES
from cislens.models.inference import Device, Target
from cislens.sequence.attributions import Attributions
from cislens.sequence.shapes import OneHot

__all__ = ["KINKED", "LINEAR", "RULES", "SMOOTH", "attribute"]


def attribute(  # numpydoc ignore=PR01
    model: nn.Module,
    onehot: OneHot,
    *,
    target: Target,
    references: _references.References = "dinucleotide",
    batch_size: int = 16,
    device: Device = None,
    strict: bool = False,
    rng: np.random.Generator | None = None,
) -> Attributions:
    """Share out the change of the explained number from references to the sequence.

    While the network's own forward pass runs, every function of torch that it calls is met by a
    rule, so modules, functions, methods, in-place and re-used operations give the same map, and
    nothing in the network is changed. `RULES` holds the rules by function; ``RULES[f] = SMOOTH``
    adds one.

    Parameters
    ----------
    model
        The network; given back as it came.
    onehot
        The sequences.
    target
        Which output, counted from 0, or a function of the outputs that gives one number per
        sequence; operations in it are met by rules too.
    references
        What the sequences are compared with; see `cislens.attribution`. The map is the average
        over several.
    batch_size
        Rows per pass through the network, which bounds the memory.
    device
        Where to run; None is where the network is.
    strict
        Whether an operation without a rule, or one whose rule cannot hold, is an error and no note.
    rng
        Where the randomness of the references comes from, if they have any; None is seed 0.

    Returns
    -------
    Attributions
        The map, gauge "hypothetical": the average over references of the multipliers less those of
        the reference's own bases. Times the sequence it sums to f(sequence) - mean f(references),
        for references that are 0 where the sequence is N. ``deltas`` is by how much the multipliers
        times (sequence - reference) miss the change of the number, pair by pair; ``notes`` names
        operations that bend the map. A warning says so if a delta is above 1e-4 of the largest
        change.

    Raises
    ------
    UserError
        If the sequences, the target or the references do not fit, an output is NaN, the network
        runs other operations for references than for sequences, or ``strict`` finds something.

    References
    ----------
    Shrikumar et al. 2017, arXiv:1704.02685, for the rescale rule, here for every function of one
    number; Lundberg and Lee 2017, arXiv:1705.07874, for the average over references. Products are
    shared out evenly and softmax by logarithmic means, as in the integral along the straight line
    of a product (Aumann and Shapley 1974); of a maximum, the larger of the two takes all.
    """
    onehot = _asking.checked(onehot, target=target)
    with _asking.held(model, target=target, batch_size=batch_size, device=device) as network:
        make = _references.maker(references, onehot, rng=rng)
        values = torch.empty(onehot.shape)
        blocks = []
        notes: dict[str, None] = {}
        for rows in network.pages(len(onehot)):
            block = _multipliers.explain(network, onehot[rows], make(rows), strict=strict)
            values[rows] = block.hypothetical.float().cpu()
            blocks.append(block.changes)
            notes.update(block.notes)
    deltas, missed = _deltas.checked(blocks)
    return Attributions(
        values=values,
        method="deeplift_shap",
        target=_targets.label(target),
        gauge="hypothetical",
        reference=_references.label(references),
        deltas=deltas,
        notes=(*notes, *missed),
    )
