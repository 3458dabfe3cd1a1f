"""The binary network of Tseng, Shrikumar & Kundaje 2020: three convolutions and one wide pool.

References
----------
Tseng, Shrikumar & Kundaje 2020, NeurIPS 33, "Fourier-transform-based attribution priors improve the
interpretability and stability of deep learning models for genomics". 196,913 weights for 1000 bp
and 4 outputs. Each activation stands before its batch normalisation, so that the last hidden layer
ends in one: in training mode the sum of a batch's logits is then the same for every input, and its
gradient is zero.
"""

from torch import nn

from cislens.models import activations, blocks, sizes


def build(
    *,
    input_length: int,
    outputs: int,
    activation: str = "relu",
    width_multiplier: int | float = 1,
    batch_norm: bool = True,
) -> blocks.Network:
    """Build the network.

    Parameters
    ----------
    input_length
        Length of the sequences, in bp; published is 1000.
    outputs
        Number of logits; published are 1, 3 and 4.
    activation
        First-layer activation, by name.
    width_multiplier
        Factor of all filters and units.
    batch_norm
        Whether batch normalisation follows each activation.

    Returns
    -------
    blocks.Network
        The network, with new weights.

    Raises
    ------
    UserError
        If the sequences are too short.
    """
    filters, units1, units2 = (sizes.scaled(n, width_multiplier) for n in (64, 50, 15))
    trunk = {
        "layer1": _convolution(4, filters, 15, batch_norm=batch_norm, activation=activation),
        "layer2": _convolution(filters, filters, 15, batch_norm=batch_norm),
        "layer3": _convolution(filters, filters, 13, batch_norm=batch_norm, pool=nn.MaxPool1d(40)),
    }
    features = sizes.flattened(
        nn.Sequential(*trunk.values()), input_length=input_length, architecture="tseng-binary"
    )
    head = {
        "flatten": nn.Flatten(),
        "dense1": _dense(features, units1, batch_norm=batch_norm),
        "dense2": _dense(units1, units2, batch_norm=batch_norm),
        "output": blocks.output(units2, outputs),
    }
    return blocks.Network({**trunk, **head}, input_length=input_length)


def _convolution(
    in_channels: int,
    filters: int,
    width: int,
    *,
    batch_norm: bool,
    pool: nn.Module | None = None,
    activation: str | None = None,
) -> blocks.ConvolutionBlock:
    return blocks.ConvolutionBlock(
        nn.Conv1d(in_channels, filters, width),
        activation=activations.build(activation or "relu"),
        normalisation=nn.BatchNorm1d(filters) if batch_norm else None,
        pool=pool,
        activation_first=True,
        full_precision=activation is not None,
    )


def _dense(features: int, units: int, *, batch_norm: bool) -> blocks.DenseBlock:
    return blocks.DenseBlock(
        nn.Linear(features, units),
        activation=nn.ReLU(),
        normalisation=nn.BatchNorm1d(units) if batch_norm else None,
        activation_first=True,
    )
