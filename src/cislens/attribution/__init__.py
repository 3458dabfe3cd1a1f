"""Base-resolution maps: how much each base of a sequence does to what the network gives.

Every method is one file with one function, ``attribute(model, onehot, *, target, …)``, listed here
by name. All take any network of ``forward(onehot) -> (batch, outputs)``, hold it in evaluation
mode and give it back as it came; `cislens.models.heads` and `cislens.models.inputs` bring other
networks, one strand or several inputs into that form. A sequence's map does not depend on the
sequences beside it, nor on ``batch_size``, which bounds the memory.

``target`` is the number of an output or a function of the outputs; `each` takes several, by the
name of their task too, and averages both strands. ``references``, for methods that compare, is
"zeros" (N), "uniform" (1/4 of each base), "frequency" (the sequence's own composition),
"dinucleotide" (20 shuffles of the sequence), `shuffled` of another number, a tensor
(batch, references, 4, length), or a function that makes one.
"""

from collections.abc import Callable

from cislens.attribution import (
    deeplift_shap,
    expected_gradients,
    input_x_gradient,
    integrated_gradients,
    ism,
    occlusion,
    saliency,
    smoothgrad,
    taylor_ism,
)
from cislens.attribution._references import shuffled
from cislens.attribution._targets import each
from cislens.sequence.attributions import Attributions

METHODS: dict[str, Callable[..., Attributions]] = {
    "saliency": saliency.attribute,
    "input_x_gradient": input_x_gradient.attribute,
    "smoothgrad": smoothgrad.attribute,
    "integrated_gradients": integrated_gradients.attribute,
    "expected_gradients": expected_gradients.attribute,
    "deeplift_shap": deeplift_shap.attribute,
    "ism": ism.attribute,
    "taylor_ism": taylor_ism.attribute,
    "occlusion": occlusion.attribute,
}
"""Methods by name."""

__all__ = ["METHODS", "each", "shuffled"]
