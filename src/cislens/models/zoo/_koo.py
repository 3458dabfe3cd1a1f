"""The block conventions that the networks of Koo & Ploenzke 2021 share.

No bias where batch normalisation follows, batch normalisation and Glorot initialisation with the
defaults of Keras, dropout of single elements, no bias at the start in the last layer. The first
activation is chosen, all later ones are ReLU.
"""

from collections.abc import Mapping

from torch import nn

from cislens.models import activations, blocks, sizes


def normalisation(features: int) -> nn.BatchNorm1d:
    """Make a batch normalisation with the defaults of Keras: eps 1e-3, momentum 0.99 (kept)."""
    return nn.BatchNorm1d(features, eps=1e-3, momentum=0.01)


def convolution(
    in_channels: int,
    filters: int,
    width: int,
    *,
    dropout: float,
    padding: str = "same",
    pool: nn.Module | None = None,
    activation: str | None = None,
) -> blocks.ConvolutionBlock:
    """Make a convolution block; only the first of a network names its activation."""
    layer = nn.Conv1d(in_channels, filters, width, padding=padding, bias=False)
    nn.init.xavier_uniform_(layer.weight)
    return blocks.ConvolutionBlock(
        layer,
        normalisation=normalisation(filters),
        activation=activations.build(activation or "relu"),
        dropout=dropout,
        pool=pool,
        full_precision=activation is not None,
    )


def dense(features: int, units: int) -> blocks.DenseBlock:
    """Make a dense block with dropout of one half."""
    layer = nn.Linear(features, units, bias=False)
    nn.init.xavier_uniform_(layer.weight)
    return blocks.DenseBlock(
        layer, normalisation=normalisation(units), activation=nn.ReLU(), dropout=0.5
    )


def output(features: int, outputs: int) -> nn.Linear:
    """Make the last layer, its bias 0 at the start."""
    layer = blocks.output(features, outputs)
    nn.init.xavier_uniform_(layer.weight)
    nn.init.zeros_(layer.bias)
    return layer


def network(
    architecture: str,
    trunk: Mapping[str, nn.Module],
    units: list[int],
    *,
    input_length: int,
    outputs: int,
) -> blocks.Network:
    """Put dense blocks of so many units and the last layer behind a trunk."""
    features = sizes.flattened(
        nn.Sequential(*trunk.values()), input_length=input_length, architecture=architecture
    )
    head: dict[str, nn.Module] = {"flatten": nn.Flatten()}
    for number, count in enumerate(units, start=1):
        head[f"dense{number}"] = dense(features, count)
        features = count
    head["output"] = output(features, outputs)
    return blocks.Network({**trunk, **head}, input_length=input_length)
