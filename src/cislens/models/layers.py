"""The layers of a network by dotted name."""

from torch import nn

from cislens.models import _names, blocks


def convolutions(model: nn.Module) -> dict[str, nn.Conv1d]:
    """List the convolutions over sequences.

    Parameters
    ----------
    model
        Any network.

    Returns
    -------
    dict[str, nn.Conv1d]
        The convolutions by dotted name, in the order of their definition; one that stands in
        several places has the first of its names.
    """
    return {name: m for name, m in model.named_modules() if isinstance(m, nn.Conv1d)}


def find(model: nn.Module, name: str) -> nn.Module:
    """Look a layer up.

    Parameters
    ----------
    model
        Any network.
    name
        Dotted name, such as "layer1.activation".

    Returns
    -------
    nn.Module
        The layer itself, no copy.

    Raises
    ------
    UserError
        If the network has no layer of that name.
    """
    known: dict[str, nn.Module] = dict(model.named_modules(remove_duplicate=False))
    del known[""]
    if name not in known:
        raise _names.unknown("layer", name, known)
    return known[name]


def readout(model: nn.Module, name: str) -> str:
    """Say where the activation map of a convolution is read.

    In a `cislens.models.blocks.ConvolutionBlock` that is the block's activation, which comes after
    normalisation and before dropout and pool. In any other place it is the convolution itself: what
    follows it cannot be known from the names of a foreign network.

    Parameters
    ----------
    model
        Any network.
    name
        Dotted name of a convolution.

    Returns
    -------
    str
        Dotted name of the module whose output is the map.

    Raises
    ------
    UserError
        If the network has no convolution of that name.
    """
    if not isinstance(find(model, name), nn.Conv1d):
        raise _names.unknown("convolution", name, convolutions(model))
    parent, _, _ = name.rpartition(".")
    if isinstance(model.get_submodule(parent), blocks.ConvolutionBlock):
        return f"{parent}.activation" if parent else "activation"
    return name
