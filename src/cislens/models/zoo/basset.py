"""Basset (Kelley et al. 2016): three convolutions and two dense layers, batch-normalised.

References
----------
Kelley, Snoek & Rinn 2016, Genome Research 26:990, doi 10.1101/gr.200535.115. 4,135,064 weights for
600 bp and 164 outputs. Convolutions are not padded and have biases, as in the published weights.
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
        Length of the sequences, in bp; published is 600.
    outputs
        Number of logits; published 164.
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
    n1, n2, n3, units = (sizes.scaled(n, width_multiplier) for n in (300, 200, 200, 1000))
    trunk = {
        "layer1": _convolution(4, n1, 19, pool=3, activation=activation),
        "layer2": _convolution(n1, n2, 11, pool=4),
        "layer3": _convolution(n2, n3, 7, pool=4),
    }
    features = sizes.flattened(
        nn.Sequential(*trunk.values()), input_length=input_length, architecture="basset"
    )
    head = {
        "flatten": nn.Flatten(),
        "dense1": _dense(features, units),
        "dense2": _dense(units, units),
        "output": blocks.output(units, outputs),
    }
    return blocks.Network({**trunk, **head}, input_length=input_length)


def _convolution(
    in_channels: int, filters: int, width: int, *, pool: int, activation: str | None = None
) -> blocks.ConvolutionBlock:
    return blocks.ConvolutionBlock(
        nn.Conv1d(in_channels, filters, width),
        normalisation=nn.BatchNorm1d(filters),
        activation=activations.build(activation or "relu"),
        pool=nn.MaxPool1d(pool),
        full_precision=activation is not None,
    )


def _dense(features: int, units: int) -> blocks.DenseBlock:
    return blocks.DenseBlock(
        nn.Linear(features, units),
        normalisation=nn.BatchNorm1d(units),
        activation=nn.ReLU(),
        dropout=0.3,
    )
