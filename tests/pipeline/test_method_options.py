"""Options of methods are those of their functions."""

import dataclasses
import inspect

import pytest

from cislens import attribution
from cislens.attribution import _ism_scores, _references
from cislens.errors import UserError
from cislens.pipeline import method_options
from cislens.pipeline.method_options import Ism, MethodOptions, Saliency

SHARED = {"model", "onehot", "target", "batch_size", "device", "rng"}


@pytest.mark.parametrize("method", attribution.METHODS)
def test_each_method_has_its_options_with_its_defaults(method):
    known = inspect.signature(attribution.METHODS[method]).parameters
    wanted = {name: item.default for name, item in known.items() if name not in SHARED}
    own = MethodOptions(method=method).own
    assert own.pop("shuffles", 20) == 20
    assert own == wanted


def test_choices_are_those_of_the_library():
    assert set(method_options.Method.__args__) == set(attribution.METHODS)
    assert set(method_options.References.__args__) == set(_references.NAMED)
    assert set(method_options.Score.__args__) == set(_ism_scores.SCORES)


def test_options_of_another_method_are_refused():
    MethodOptions(method="saliency", saliency=Saliency(absolute=True))
    with pytest.raises(UserError, match=r"the method is saliency; .* of saliency \(absolute\)"):
        MethodOptions(method="saliency", ism=Ism(centred=True))
    with pytest.raises(UserError, match=r"taylor_ism, which has none"):
        MethodOptions(method="taylor_ism", ism=Ism(score="new"))


def test_every_method_with_options_has_a_section():
    sections = {item.name for item in dataclasses.fields(MethodOptions)} - {"method"}
    assert sections == {m for m in attribution.METHODS if MethodOptions(method=m).own}
