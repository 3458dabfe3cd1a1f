"""Beluga, the DeepSEA of 2018 (Zhou et al.): six convolutions in pairs, 2000 bp.

References
----------
Zhou et al. 2018, Nature Genetics 50:1171, doi 10.1038/s41588-018-0160-6. 149,536,251 weights
for 2000 bp and 2002 outputs. The dropout of a pair stands before its pool. It was trained with
channels in the order A G C T, and its predictions are averaged over both strands, after the
sigmoid.
"""

from torch import nn

from cislens.models import activations, blocks, sizes


def build(
    *, input_length: int, outputs: int, activation: str = "relu", width_multiplier: int | float = 1
) -> blocks.Network:
    """Build the network.

    Parameters
    ----------
    input_length
        Length of the sequences, in bp; published is 2000.
    outputs
        Number of logits; published 2002.
    activation
        First-layer activation, by name.
    width_multiplier
        Factor of all filters and units.

    Returns
    -------
    blocks.Network
        The network, with new weights.

    Raises
    ------
    UserError
        If the sequences are too short.
    """
    n1, n2, n3, units = (sizes.scaled(n, width_multiplier) for n in (320, 480, 640, 2003))
    trunk = {
        "layer1": _convolution(4, n1, activation=activation),
        "layer2": _convolution(n1, n1, dropout=0.2, pool=4),
        "layer3": _convolution(n1, n2),
        "layer4": _convolution(n2, n2, dropout=0.2, pool=4),
        "layer5": _convolution(n2, n3),
        "layer6": _convolution(n3, n3, dropout=0.5),
    }
    features = sizes.flattened(
        nn.Sequential(*trunk.values()), input_length=input_length, architecture="beluga"
    )
    head = {
        "flatten": nn.Flatten(),
        "dense1": blocks.DenseBlock(nn.Linear(features, units), activation=nn.ReLU()),
        "output": blocks.output(units, outputs),
    }
    return blocks.Network({**trunk, **head}, input_length=input_length)


def _convolution(
    in_channels: int,
    filters: int,
    *,
    dropout: float = 0.0,
    pool: int | None = None,
    activation: str | None = None,
) -> blocks.ConvolutionBlock:
    return blocks.ConvolutionBlock(
        nn.Conv1d(in_channels, filters, 8),
        activation=activations.build(activation or "relu"),
        dropout=dropout,
        pool=nn.MaxPool1d(pool) if pool else None,
        full_precision=activation is not None,
    )
