"""What a network computes, as a hash: the same for a copy, another after one step of training."""

import hashlib

import torch
from torch import nn

from cislens.models import spec


def of(model: nn.Module, recipe: spec.Recipe | None = None) -> str:
    """Hash the weights of a network, and what it was built from.

    Parameters
    ----------
    model
        The network.
    recipe
        What it was built from; without it, networks that differ in functions alone, such as
        an activation, have one hash.

    Returns
    -------
    str
        64 hexadecimal digits; the device of the weights has no effect, their number type has.
    """
    digest = hashlib.sha256()
    if recipe is not None:
        digest.update(recipe.to_json().encode())
    for name, tensor in sorted(model.state_dict().items()):
        digest.update(f"\n{name} {tensor.dtype} {tuple(tensor.shape)}\n".encode())
        flat = tensor.detach().cpu().contiguous().reshape(-1)
        digest.update(flat.view(torch.uint8).numpy().tobytes())
    return digest.hexdigest()
