"""Which models, outputs and sequences are explained."""

import shutil

import numpy as np
import pytest

from cislens.data import dataset
from cislens.errors import UserError
from cislens.models import checkpoint, inference
from cislens.pipeline import explained
from cislens.pipeline.attribute_options import Attribute


@pytest.fixture
def stored(untrained):
    return dataset.open(untrained / "task1.zarr")


def test_a_run_folder_stands_for_its_models(untrained, stored):
    found = explained.models(Attribute(models=untrained), stored)
    assert [model.name for model in found] == ["exponential", "relu"]
    assert found[0].hash != found[1].hash
    assert explained.run_folder(Attribute(models=untrained)) == untrained
    with pytest.raises(UserError, match=r"models: .*no\.safetensors: no such run folder or model"):
        explained.run_folder(Attribute(models=[untrained, untrained / "no.safetensors"]))


def test_files_are_named_by_file_or_folder(untrained, stored, tmp_path):
    first = untrained / "models" / "relu" / "model.safetensors"
    other = shutil.copy(first, tmp_path / "copy.safetensors")
    found = explained.models(Attribute(models=[first, other]), stored)
    assert [model.name for model in found] == ["relu", "copy"]
    assert found[0].hash == found[1].hash
    with pytest.raises(UserError, match="two are named 'relu'"):
        explained.models(Attribute(models=[first, first]), stored)


def test_no_model_is_refused(stored):
    with pytest.raises(UserError, match="models: none is named"):
        explained.models(Attribute(), stored)
    with pytest.raises(UserError, match="models: none is named"):
        explained.run_folder(Attribute())


@pytest.mark.parametrize(
    ("named", "found"),
    [([], [0, 1]), ("YY1", [1]), (0, [0]), (["YY1", 1, "SRF"], [1, 0])],
)
def test_targets_by_name_and_number(untrained, stored, named, found):
    recipe = explained.models(Attribute(models=untrained), stored)[0].recipe
    assert explained.targets(Attribute(targets=named), recipe.tasks) == found
    with pytest.raises(UserError, match=r"'MAX' is no output; .* SRF, YY1"):
        explained.targets(Attribute(targets="MAX"), recipe.tasks)
    with pytest.raises(UserError, match="-1 is no output; wants a number from 0 to 1"):
        explained.targets(Attribute(targets=-1), recipe.tasks)


def test_the_highest_mean_prediction_of_each_target(untrained, stored):
    chosen = Attribute(models=untrained, top=3)
    models = explained.models(chosen, stored)
    found = explained.selections(chosen, stored, models, [0, 1])
    view = stored.view("test")
    outputs = sum(inference.predict(model.model, view).double() for model in models).numpy()
    for target, name in ((0, "SRF"), (1, "YY1")):
        best = sorted(range(len(view)), key=lambda row, t=target: -outputs[row, t])[:3]
        assert found[target].view.indices.tolist() == view.indices[best].tolist()
        assert found[target].words == (
            f"the 3 of 24 test sequences with the highest prediction of {name} (mean of the models)"
        )
    assert found[0].hash != found[1].hash


def test_sequences_by_name_come_from_any_split(untrained, stored):
    names = [stored.ids[90], stored.ids[0]]
    chosen = Attribute(models=untrained, sequences=names)
    found = explained.selections(chosen, stored, [], [0])[0]
    assert list(found.view.ids) == names
    with pytest.raises(UserError, match="'nobody' is not in"):
        explained.selections(Attribute(sequences="nobody"), stored, [], [0])


def test_a_whole_split(stored):
    found = explained.selections(Attribute(split="train"), stored, [], [0, 1])
    assert np.array_equal(found[0].view.indices, np.arange(84))
    assert found[0].words == "all 84 train sequences"


def test_both_strands_want_dna(untrained, stored, monkeypatch):
    loaded = checkpoint.load(untrained / "models" / "relu" / "model.safetensors")
    rna = loaded.recipe.__class__(**{**loaded.recipe.__dict__, "alphabet": "RNA"})
    monkeypatch.setattr(checkpoint, "load", lambda path: loaded._replace(recipe=rna))
    monkeypatch.setattr(explained.evaluating, "check_fit", lambda *_: None)
    with pytest.raises(UserError, match="RNA has one strand"):
        explained.models(Attribute(models=untrained, both_strands=True), stored)
