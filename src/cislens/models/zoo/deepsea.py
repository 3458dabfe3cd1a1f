"""DeepSEA (Zhou & Troyanskaya 2015): three wide convolutions.

References
----------
Zhou & Troyanskaya 2015, Nature Methods 12:931, doi 10.1038/nmeth.3547. 52,843,119 weights for
1000 bp and 919 outputs. Its activation is x above 0 and 1e-6 elsewhere ("threshold"); each pool
stands before its dropout. It was trained with channels in the order A G C T, and its predictions
are averaged over both strands, after the sigmoid.
"""

from torch import nn

from cislens.models import activations, blocks, sizes


def build(
    *,
    input_length: int,
    outputs: int,
    activation: str = "threshold",
    width_multiplier: int | float = 1,
) -> blocks.Network:
    """Build the network.

    Parameters
    ----------
    input_length
        Length of the sequences, in bp; published is 1000.
    outputs
        Number of logits; published 919.
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
    n1, n2, n3, units = (sizes.scaled(n, width_multiplier) for n in (320, 480, 960, 925))
    trunk = {
        "layer1": _convolution(4, n1, dropout=0.2, pool=4, activation=activation),
        "layer2": _convolution(n1, n2, dropout=0.2, pool=4),
        "layer3": _convolution(n2, n3, dropout=0.5),
    }
    features = sizes.flattened(
        nn.Sequential(*trunk.values()), input_length=input_length, architecture="deepsea"
    )
    head = {
        "flatten": nn.Flatten(),
        "dense1": blocks.DenseBlock(
            nn.Linear(features, units), activation=activations.build("threshold")
        ),
        "output": blocks.output(units, outputs),
    }
    return blocks.Network({**trunk, **head}, input_length=input_length)


def _convolution(
    in_channels: int,
    filters: int,
    *,
    dropout: float,
    pool: int | None = None,
    activation: str | None = None,
) -> blocks.ConvolutionBlock:
    return blocks.ConvolutionBlock(
        nn.Conv1d(in_channels, filters, 8),
        activation=activations.build(activation or "threshold"),
        dropout=dropout,
        pool=nn.MaxPool1d(pool) if pool else None,
        pool_first=True,
        full_precision=activation is not None,
    )
