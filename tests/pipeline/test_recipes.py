"""What a recipe fills in, and what it leaves."""

from pathlib import Path

import pytest

from cislens.errors import UserError
from cislens.pipeline import recipes, verbs
from cislens.pipeline.options import DataOptions, MapOptions, ModelOptions


def of(**options):
    return verbs.Run(out=Path("run"), data=DataOptions(path=Path("x.fa")), **options)


def test_plain_is_left_as_it_is():
    assert recipes.applied(of()) == of()


def test_interpretable_fills_in():
    found = recipes.applied(of(recipe="interpretable"))
    assert found.model.activations == ["exponential", "modified-sigmoid", "relu"]
    assert found.attribute.methods == ["saliency", "deeplift_shap", "ism"]
    assert found.attribute.consensus
    assert recipes.applied(found) == found


def test_what_is_named_stays():
    mine = of(
        recipe="interpretable",
        model=ModelOptions(activations=["softplus"]),
        attribute=MapOptions(methods=["ism"], top=3),
    )
    found = recipes.applied(mine)
    assert found.model == mine.model
    assert found.attribute.methods == ["ism"]
    assert found.attribute.top == 3


def test_consensus_of_nothing_is_refused():
    with pytest.raises(UserError, match=r"attribute\.methods"):
        recipes.applied(of(attribute=MapOptions(consensus=True)))
