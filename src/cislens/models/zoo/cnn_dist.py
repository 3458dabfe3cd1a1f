"""CNN-dist of Koo & Ploenzke 2021: small pools, so that motifs are built over the layers.

References
----------
Koo & Ploenzke 2021, Nature Machine Intelligence 3:258, doi 10.1038/s42256-020-00291-x.
46,225 weights for 200 bp and 1 output.
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
        Length of the sequences, in bp; published is 200.
    outputs
        Number of logits; published is 1.
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
    n1, n2, n3, n4, units = (sizes.scaled(n, width_multiplier) for n in (24, 32, 48, 64, 96))
    trunk = {
        "layer1": _koo.convolution(4, n1, 19, activation=activation, dropout=0.1),
        "layer2": _koo.convolution(n1, n2, 7, dropout=0.2, pool=nn.MaxPool1d(4)),
        "layer3": _koo.convolution(n2, n3, 7, padding="valid", dropout=0.3, pool=nn.MaxPool1d(4)),
        "layer4": _koo.convolution(n3, n4, 3, padding="valid", dropout=0.4, pool=nn.MaxPool1d(3)),
    }
    return _koo.network("cnn-dist", trunk, [units], input_length=input_length, outputs=outputs)
