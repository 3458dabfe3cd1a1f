"""Training within a run folder."""

import pytest

from cislens.data import dataset
from cislens.errors import UserError
from cislens.models import checkpoint
from cislens.pipeline import folder, options, train, verbs
from cislens.training.options import FitOptions


def chosen(task, out, **changes):
    settings = {
        "data": task,
        "out": out,
        "model": options.ModelOptions(architecture="cnn-local", activations=["exponential"]),
        "fit": FitOptions(epochs=1),
    }
    return verbs.Train(**settings | changes)


def test_model_card_and_history(finished):
    for name in ("relu", "exponential"):
        place = finished.out / "models" / name
        card = folder.read_json(place / "card.json")
        loaded = checkpoint.load(place / "model.safetensors")
        assert card["architecture"] == loaded.recipe.architecture == "cnn-local"
        assert card["activation"] == loaded.recipe.activation == name
        assert card["first_filters"] == 24
        assert card["parameters"] == sum(p.numel() for p in loaded.model.parameters())
        assert len((place / "history.csv").read_text().splitlines()) == 3
        assert not (place / "fit.pt").exists()


def test_networks_of_one_run_start_from_the_same_weights(task):
    stored = dataset.open(task)
    built = [
        train.initialised(
            train.recipe(options.ModelOptions("cnn-local"), stored, activation=name), 5
        )
        for name in ("relu", "exponential")
    ]
    first, second = (model.state_dict() for model in built)
    assert all((first[key] == second[key]).all() for key in first)


def test_trained_model_is_not_trained_again(task, tmp_path):
    out = tmp_path / "run"
    train.run(chosen(task, out))
    path = out / "models" / "exponential" / "model.safetensors"
    before = path.stat().st_mtime_ns
    train.run(chosen(task, out))
    assert path.stat().st_mtime_ns == before


def test_other_options_want_another_folder(task, tmp_path):
    out = tmp_path / "run"
    train.run(chosen(task, out))
    with pytest.raises(UserError, match=r"fit\.epochs was 1 and is now 2"):
        train.run(chosen(task, out, fit=FitOptions(epochs=2)))


def test_network_that_does_not_fit_is_refused_before_anything_is_written(task, tmp_path):
    wanted = options.ModelOptions(architecture="beluga", activations=["relu"])
    with pytest.raises(UserError, match="input_length=200"):
        train.models(chosen(task, tmp_path / "run", model=wanted))
    assert not (tmp_path / "run" / "models").exists()


def test_a_refused_option_may_be_mended_in_the_same_folder(task, tmp_path):
    with pytest.raises(UserError, match="shift=500"):
        train.run(chosen(task, tmp_path / "run", fit=FitOptions(epochs=1, shift=500)))
    assert not list(tmp_path.iterdir())
    train.run(chosen(task, tmp_path / "run"))
