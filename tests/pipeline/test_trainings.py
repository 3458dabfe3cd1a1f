"""Trainings of several runs, grouped by their options."""

import json

import pytest
import yaml

from cislens.errors import UserError
from cislens.pipeline import trainings


@pytest.fixture
def make(tmp_path):
    """Write a run folder that looks trained."""

    def make(name, *, seed=0, activations=("relu",), **fit):
        run = tmp_path / name
        options = {
            "data": "x.zarr",
            "out": str(run),
            "seed": seed,
            "model": {"architecture": "cnn-2", "activations": list(activations)},
            "fit": {"epochs": 3, "prior": None} | fit,
        }
        run.mkdir(parents=True)
        (run / "train.yaml").write_text(yaml.safe_dump(options))
        for activation in activations:
            place = run / "models" / activation
            place.mkdir(parents=True)
            (place / "model.safetensors").touch()
            card = {"seed": seed, "activation": activation}
            (place / "card.json").write_text(json.dumps(card))
        return run

    return make


def test_seeds_are_one_condition_and_options_another(make):
    runs = [make("a"), make("b", seed=1), make("c", seed=2, prior={"terms": {"gini": 1.0}})]
    found = trainings.find(runs)
    assert [(t.name, t.condition, t.seed) for t in found] == [
        ("a", "a", 0),
        ("b", "a", 1),
        ("c", "c", 2),
    ]
    assert trainings.differences(found) == [{"option": "fit.prior.terms.gini", "a": "", "c": "1.0"}]


def test_models_of_a_run_are_conditions_of_their_own(make):
    runs = [make(name, seed=i, activations=("exponential", "relu")) for i, name in enumerate("ab")]
    found = trainings.find(runs)
    assert [(t.name, t.condition) for t in found] == [
        ("a/exponential", "a/exponential"),
        ("a/relu", "a/relu"),
        ("b/exponential", "a/exponential"),
        ("b/relu", "a/relu"),
    ]


def test_folders_of_one_name_are_told_apart(make):
    names = [t.name for t in trainings.find([make("x/run"), make("y/run", seed=1)])]
    assert names == ["x/run", "y/run"]


def test_what_is_no_pair_of_runs(make, tmp_path):
    run = make("a")
    with pytest.raises(UserError, match=r"runs: 1 trained model in .*a; give run folders of two"):
        trainings.find([run])
    with pytest.raises(UserError, match="runs: 0 trained model in no folder"):
        trainings.find([])
    with pytest.raises(UserError, match="no trained model"):
        trainings.find([run, tmp_path / "none"])
    (run / "train.yaml").unlink()
    with pytest.raises(UserError, match=r"a: neither train.yaml nor run.yaml"):
        trainings.find([run, make("b")])
