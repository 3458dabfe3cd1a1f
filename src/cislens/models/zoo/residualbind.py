"""ResidualBind of Koo & Ploenzke 2021: CNN-dist with one residual block of 24 channels.

References
----------
Koo & Ploenzke 2021, Nature Machine Intelligence 3:258, doi 10.1038/s42256-020-00291-x.
31,665 weights for 400 bp and 1 output. In the residual block each convolution has its ReLU before
its batch normalisation, there is no dilation and no dropout, and weights start He normal.
"""

from collections import OrderedDict

from jaxtyping import Float
from torch import Tensor, nn

from cislens.models import blocks, sizes
from cislens.models.zoo import _koo


class ResidualBlock(nn.Module):
    """Two convolutions whose output is added to their input, then a ReLU.

    Parameters
    ----------
    channels
        Channels in and out.
    width
        Width of both convolutions, in positions.
    """

    def __init__(self, channels: int, width: int) -> None:
        super().__init__()
        self.branch = nn.Sequential(
            OrderedDict(
                convolution1=_he_convolution(channels, width),
                activation1=nn.ReLU(),
                normalisation1=_koo.normalisation(channels),
                activation2=nn.ReLU(),
                convolution2=_he_convolution(channels, width),
                activation3=nn.ReLU(),
                normalisation2=_koo.normalisation(channels),
            )
        )
        self.activation = nn.ReLU()

    def forward(  # numpydoc ignore=PR01,RT01
        self, x: Float[Tensor, "batch channel length"]
    ) -> Float[Tensor, "batch channel length"]:
        """Add the branch to the input."""
        summed: Tensor = self.activation(x + self.branch(x))
        return summed


def _he_convolution(channels: int, width: int) -> nn.Conv1d:
    convolution = nn.Conv1d(channels, channels, width, padding="same", bias=False)
    # Keras cuts the normal off at two standard deviations and widens it to keep the variance.
    deviation = (2 / (channels * width)) ** 0.5 / 0.87962566103423978
    nn.init.trunc_normal_(convolution.weight, std=deviation, a=-2 * deviation, b=2 * deviation)
    return convolution


def build(
    *, input_length: int, outputs: int, activation: str = "relu", width_multiplier: int | float = 1
) -> blocks.Network:
    """Build the network.

    Parameters
    ----------
    input_length
        Length of the sequences, in bp; published is 400.
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
    n1, n2, n3, units = (sizes.scaled(n, width_multiplier) for n in (24, 48, 64, 96))
    trunk: dict[str, nn.Module] = {
        "layer1": _koo.convolution(4, n1, 19, activation=activation, dropout=0.1),
        "residual": ResidualBlock(n1, 5),
        "pool": nn.MaxPool1d(10),
        "layer2": _koo.convolution(n1, n2, 7, dropout=0.3, pool=nn.MaxPool1d(5)),
        "layer3": _koo.convolution(n2, n3, 3, padding="valid", dropout=0.4, pool=nn.MaxPool1d(4)),
    }
    return _koo.network("residualbind", trunk, [units], input_length=input_length, outputs=outputs)
