"""The variant of Basset that Koo & Ploenzke 2021 train.

References
----------
Koo & Ploenzke 2021, Nature Machine Intelligence 3:258, doi 10.1038/s42256-020-00291-x.
4,132,364 weights for 600 bp and 164 outputs. Against Basset as published (`basset`) the first
convolution is padded, convolutions have dropout and no bias, and dense dropout is 0.5.
"""

from torch import nn

from cislens.models import blocks, sizes
from cislens.models.zoo import _koo


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
        "layer1": _koo.convolution(
            4, n1, 19, activation=activation, dropout=0.2, pool=nn.MaxPool1d(3)
        ),
        "layer2": _koo.convolution(n1, n2, 11, padding="valid", dropout=0.2, pool=nn.MaxPool1d(4)),
        "layer3": _koo.convolution(n2, n3, 7, padding="valid", dropout=0.2, pool=nn.MaxPool1d(4)),
    }
    return _koo.network(
        "basset-koo", trunk, [units, units], input_length=input_length, outputs=outputs
    )
