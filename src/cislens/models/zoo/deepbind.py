"""DeepBind (Alipanahi et al. 2015): motif detectors, the best score of each, a small network.

References
----------
Alipanahi et al. 2015, Nature Biotechnology 33:831, doi 10.1038/nbt.3300. Sequences are padded so
that the ends of a motif may hang over; here with zeros, which is N in a one-hot sequence, where
the paper writes 0.25, a difference that the bias of a detector takes up inside the sequence.
Dropout is applied to the pooled scores.
"""

from torch import nn

from cislens.errors import UserError
from cislens.models import _names, activations, blocks, pools, sizes

POOLINGS = ("max", "max-mean")


def build(
    *,
    input_length: int,
    outputs: int,
    activation: str = "relu",
    filter_width: int = 16,
    pooling: str = "max",
    width_multiplier: int | float = 1,
) -> blocks.Network:
    """Build the network.

    Parameters
    ----------
    input_length
        Length of the sequences, in bp; any will do, also after training.
    outputs
        Number of logits; published is 1.
    activation
        First-layer activation, by name.
    filter_width
        Width of a motif detector, in bp.
    pooling
        What is kept of each detector: "max" for DNA, "max-mean" for RNA.
    width_multiplier
        Factor of the 16 filters and 32 hidden units.

    Returns
    -------
    blocks.Network
        The network, with new weights.

    Raises
    ------
    UserError
        If an option is not one of those named.
    """
    if pooling not in POOLINGS:
        raise _names.unknown("pooling", pooling, POOLINGS)
    if not isinstance(filter_width, int) or filter_width < 1:
        raise UserError(f"filter_width={filter_width!r}: wants a whole number of bp, at least 1")
    filters, units = (sizes.scaled(n, width_multiplier) for n in (16, 32))
    layer1 = blocks.ConvolutionBlock(
        nn.Conv1d(4, filters, filter_width, padding=filter_width - 1),
        activation=activations.build(activation),
        dropout=0.25,
        pool=pools.GlobalPool(with_mean=pooling == "max-mean"),
        pool_first=True,
        full_precision=True,
    )
    features = sizes.flattened(layer1, input_length=input_length, architecture="deepbind")
    features *= 2 if pooling == "max-mean" else 1
    layers = {
        "layer1": layer1,
        "flatten": nn.Flatten(),
        "dense1": blocks.DenseBlock(nn.Linear(features, units), activation=nn.ReLU()),
        "output": blocks.output(units, outputs),
    }
    return blocks.Network(layers, input_length=None)
