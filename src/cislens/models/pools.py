"""Pools that PyTorch lacks."""

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional


class SamePool(nn.MaxPool1d):
    """Take the maximum of neighbouring windows, of which the ends may be cut off ("same").

    A sequence of length L gives L / size positions, rounded up. What is missing is filled with
    minus infinity on both sides, the odd one on the right, as TensorFlow does.

    Parameters
    ----------
    size
        Width of a window and distance between two, in positions.
    """

    def __init__(self, size: int) -> None:
        super().__init__(size)
        self.size = size

    def forward(self, x: Tensor) -> Tensor:  # numpydoc ignore=PR01,RT01
        """Pool the last axis, with a length of its own for each input."""
        missing = -x.shape[-1] % self.size
        if missing:
            x = functional.pad(x, (missing // 2, missing - missing // 2), value=-torch.inf)
        return functional.max_pool1d(x, self.size)


class GlobalPool(nn.Module):
    """Keep the maximum of each channel over all positions, and if asked the mean after it.

    Parameters
    ----------
    with_mean
        Whether the means are appended, which doubles the channels.
    """

    def __init__(self, *, with_mean: bool = False) -> None:
        super().__init__()
        self.with_mean = with_mean

    def forward(  # numpydoc ignore=PR01,RT01
        self, x: Float[Tensor, "batch channel length"]
    ) -> Float[Tensor, "batch pooled 1"]:
        """Pool the last axis, which is kept with length 1."""
        highest = x.amax(dim=-1, keepdim=True)
        if not self.with_mean:
            return highest
        return torch.cat([highest, x.mean(dim=-1, keepdim=True)], dim=1)
