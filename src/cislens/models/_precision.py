"""Where autocast would run in half precision."""

import torch
from torch import Tensor


def autocasts(x: Tensor) -> bool:
    """Say whether autocast is on where a tensor lives."""
    # PyTorch raises for "meta", the device of tensors without memory.
    return not x.is_meta and torch.is_autocast_enabled(x.device.type)
