"""Recipes: choices that a run takes over where its options name none of their own.

``recipe: interpretable``: three networks, with exponential, modified-sigmoid and ReLU filters,
three methods for each, and the consensus of these maps. A network may find little where another
finds much, and each method sees something of its own (docs/benchmarks/koo2021.md).
"""

import dataclasses

from cislens.errors import UserError
from cislens.pipeline import verbs
from cislens.pipeline.method_options import Method
from cislens.pipeline.options import MapOptions, ModelOptions

ACTIVATIONS = ("exponential", "modified-sigmoid", "relu")
METHODS: tuple[Method, ...] = ("saliency", "deeplift_shap", "ism")


def applied(chosen: verbs.Run) -> verbs.Run:
    """Fill in what a recipe chooses.

    Parameters
    ----------
    chosen
        The options of `cislens run`.

    Returns
    -------
    verbs.Run
        With the activations and methods of the recipe where the options name none of their own.

    Raises
    ------
    UserError
        If a consensus is asked for and no method.
    """
    if chosen.recipe == "plain":
        if chosen.attribute.consensus and not chosen.attribute.methods:
            raise UserError("attribute.consensus=true: of which maps? Name attribute.methods")
        return chosen
    model, maps = chosen.model, chosen.attribute
    if model.activations == ModelOptions().activations:
        model = dataclasses.replace(model, activations=[*ACTIVATIONS])
    if maps.methods == MapOptions().methods:
        maps = dataclasses.replace(maps, methods=[*METHODS])
    maps = dataclasses.replace(maps, consensus=True)
    return dataclasses.replace(chosen, model=model, attribute=maps)
