"""What the networks of the zoo are made of: blocks, the last layer, and the network itself."""

from collections import OrderedDict
from collections.abc import Iterable, Mapping

import torch
from jaxtyping import Float
from torch import Tensor, nn

from cislens.errors import UserError
from cislens.models import _precision
from cislens.models.dropout import Dropout
from cislens.sequence.shapes import OneHot


class ConvolutionBlock(nn.Sequential):
    """Convolution, normalisation, activation, dropout and pool, by these names and in this order.

    A step that is left out is an identity, so every block has all five attributes.

    Parameters
    ----------
    convolution
        The convolution. With ``padding="same"`` and an even width PyTorch pads one base more on
        the right than on the left, as Keras does.
    activation
        The activation.
    normalisation
        What stands between the two.
    dropout
        Share of elements that are dropped in training.
    pool
        What shortens the output.
    pool_first
        Whether the pool stands before the dropout.
    activation_first
        Whether the activation stands before the normalisation.
    full_precision
        Whether the block runs in float32 under autocast. Exponential activations turn the
        absolute rounding errors of half precision into relative ones, so first layers ask for it.
    """

    def __init__(
        self,
        convolution: nn.Conv1d,
        *,
        activation: nn.Module,
        normalisation: nn.Module | None = None,
        dropout: float = 0.0,
        pool: nn.Module | None = None,
        pool_first: bool = False,
        activation_first: bool = False,
        full_precision: bool = False,
    ) -> None:
        ending = {"dropout": Dropout(dropout), "pool": pool or nn.Identity()}
        names = ("pool", "dropout") if pool_first else ("dropout", "pool")
        super().__init__(
            OrderedDict(
                convolution=convolution,
                **_middle(normalisation, activation, activation_first=activation_first),
                **{name: ending[name] for name in names},
            )
        )
        self.full_precision = full_precision

    def forward(  # numpydoc ignore=PR01,RT01
        self, x: Float[Tensor, "batch channel length"]
    ) -> Float[Tensor, "batch filter _"]:
        """Run the five steps."""
        if not (self.full_precision and _precision.autocasts(x)):
            return _in_a_row(self, x)
        with torch.autocast(x.device.type, enabled=False):
            return _in_a_row(self, x.float())


class DenseBlock(nn.Sequential):
    """Linear map, normalisation, activation and dropout, by these names and in this order.

    Parameters
    ----------
    linear
        The linear map.
    activation
        The activation.
    normalisation
        What stands between the two.
    dropout
        Share of elements that are dropped in training.
    activation_first
        Whether the activation stands before the normalisation.
    """

    def __init__(
        self,
        linear: nn.Linear,
        *,
        activation: nn.Module,
        normalisation: nn.Module | None = None,
        dropout: float = 0.0,
        activation_first: bool = False,
    ) -> None:
        super().__init__(
            OrderedDict(
                linear=linear,
                **_middle(normalisation, activation, activation_first=activation_first),
                dropout=Dropout(dropout),
            )
        )


class Network(nn.Sequential):
    """Named layers in a row, from one-hot sequences to one logit per output.

    Parameters
    ----------
    layers
        The layers by name, in order.
    input_length
        The one length of sequences it takes, in bp; None if it takes any.
    """

    def __init__(self, layers: Mapping[str, nn.Module], *, input_length: int | None) -> None:
        super().__init__(OrderedDict(layers))
        self.input_length = input_length

    def forward(
        self, onehot: OneHot
    ) -> Float[Tensor, "batch outputs"]:  # numpydoc ignore=PR01,RT01
        """Give the logits, without a final sigmoid or exponential."""
        return _in_a_row(self, onehot)


def _middle(
    normalisation: nn.Module | None, activation: nn.Module, *, activation_first: bool
) -> dict[str, nn.Module]:
    steps = {"normalisation": normalisation or nn.Identity(), "activation": activation}
    return dict(reversed(steps.items())) if activation_first else steps


def _in_a_row(layers: Iterable[nn.Module], x: Tensor) -> Tensor:
    for layer in layers:
        x = layer(x)
    return x


def output(features: int, outputs: int) -> nn.Linear:
    """Make the last layer.

    Parameters
    ----------
    features
        Width of the layer before.
    outputs
        How many values are predicted per sequence.

    Returns
    -------
    nn.Linear
        A linear map with bias.

    Raises
    ------
    UserError
        If there is no output.
    """
    if outputs < 1:
        raise UserError(f"outputs={outputs}: a network needs at least 1")
    return nn.Linear(features, outputs)
