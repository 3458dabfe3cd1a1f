"""Checkpoints: what is written comes back, and what is broken is named."""

import json

import pytest
import safetensors
import safetensors.torch
import torch
from torch import nn

from cislens.errors import UserError
from cislens.models import checkpoint, spec

RECIPE = spec.Recipe("cnn-local", 120, ("a", "b"), "regression", activation="exponential")


@pytest.fixture
def model():
    model = spec.build(RECIPE)
    model(torch.randn(8, 4, 120))
    return model


@pytest.fixture
def saved(model, tmp_path):
    path = tmp_path / "model.safetensors"
    checkpoint.save(path, model, RECIPE, summary={"epochs": 3, "loss": 0.25})
    return path


def rewrite(path, *, tensors=None, **notes):
    with safetensors.safe_open(path, framework="pt") as file:
        old = file.metadata()
    kept = {k: v for k, v in {**old, **notes}.items() if v is not None}
    tensors = safetensors.torch.load_file(path) if tensors is None else tensors
    safetensors.torch.save_file(tensors, path, metadata=kept)


def test_everything_comes_back(model, saved):
    back = checkpoint.load(saved)
    assert back.recipe == RECIPE
    assert back.summary == {"epochs": 3, "loss": 0.25}
    assert not back.model.training
    state = back.model.state_dict()
    assert list(state) == list(model.state_dict())
    assert all(torch.equal(state[k], t) for k, t in model.state_dict().items())
    assert all(weight.requires_grad for weight in back.model.parameters())


def test_model_is_saved_as_it_is_and_left_alone(model, saved):
    assert model.training
    assert [p.name for p in saved.parent.iterdir()] == ["model.safetensors"]


def test_metadata_can_be_read_without_cislens(saved):
    with safetensors.safe_open(saved, framework="np") as file:
        notes = file.metadata()
    assert json.loads(notes["recipe"])["architecture"] == "cnn-local"
    assert (notes["alphabet"], notes["channels"]) == ("DNA", "ACGT")
    assert notes["cislens_format"] == str(checkpoint.FORMAT)
    assert notes["cislens_version"]


def test_the_same_weights_are_the_same_bytes(model, tmp_path):
    path = tmp_path / "m.safetensors"
    written = set()
    for _ in range(8):
        checkpoint.save(path, model, RECIPE, summary={"ä": "ö"})
        written.add(path.read_bytes())
    assert len(written) == 1
    assert checkpoint.load(path).summary == {"ä": "ö"}


def test_double_precision_is_kept(model, tmp_path):
    checkpoint.save(tmp_path / "m.safetensors", model.double(), RECIPE)
    back = checkpoint.load(tmp_path / "m.safetensors")
    assert back.model.output.weight.dtype == torch.float64


def test_failed_save_leaves_the_old_file(model, saved, monkeypatch):
    before = saved.read_bytes()

    def fail(*_args, **_kwargs):
        raise OSError("disk full")

    monkeypatch.setattr(safetensors.torch, "save_file", fail)
    with pytest.raises(OSError, match="disk full"):
        checkpoint.save(saved, model, RECIPE)
    assert saved.read_bytes() == before
    assert [p.name for p in saved.parent.iterdir()] == ["model.safetensors"]


def test_save_refuses_weights_of_another_recipe(model, tmp_path):
    other = spec.Recipe("cnn-dist", 120, ("a", "b"), "regression")
    with pytest.raises(UserError, match=r"recipe of m.safetensors: .*another architecture"):
        checkpoint.save(tmp_path / "m.safetensors", model, other)
    assert not list(tmp_path.iterdir())


def test_save_into_no_folder(model, tmp_path):
    with pytest.raises(UserError, match="there is no folder"):
        checkpoint.save(tmp_path / "none" / "m.safetensors", model, RECIPE)


def test_summary_that_json_cannot_hold(model, tmp_path):
    with pytest.raises(UserError, match=r"summary: .*wants text, numbers"):
        checkpoint.save(tmp_path / "m.safetensors", model, RECIPE, summary={"x": torch.ones(1)})


def test_missing_file(tmp_path):
    with pytest.raises(UserError, match="no such file"):
        checkpoint.load(tmp_path / "m.safetensors")


@pytest.mark.parametrize("size", [0, 5, 300, -100])
def test_cut_off_file(saved, size):
    content = saved.read_bytes()
    saved.write_bytes(content[:size])
    with pytest.raises(UserError, match="not a whole safetensors file"):
        checkpoint.load(saved)


def test_no_safetensors_file(saved):
    saved.write_text(">seq\nACGT\n" * 20)
    with pytest.raises(UserError, match="not a whole safetensors file"):
        checkpoint.load(saved)


def test_weights_without_a_recipe(saved):
    rewrite(saved, recipe=None)
    with pytest.raises(UserError, match=r"no recipe of cislens.*load_weights"):
        checkpoint.load(saved)


def test_newer_format(saved):
    rewrite(saved, cislens_format="99", cislens_version="7.0")
    with pytest.raises(UserError, match=r"format 99, written by cislens 7.0.*upgrade"):
        checkpoint.load(saved)


def test_recipe_of_something_unknown(saved):
    rewrite(saved, recipe=RECIPE.to_json().replace("cnn-local", "cnn-locale"))
    with pytest.raises(UserError, match=r"model.safetensors: architecture='cnn-locale'"):
        checkpoint.load(saved)


def test_recipe_of_another_size(saved):
    rewrite(saved, recipe=RECIPE.to_json().replace("120", "220"))
    with pytest.raises(
        UserError, match=r"'dense1.linear.weight' is \(96, 48\), the model wants \(96, 96\)"
    ):
        checkpoint.load(saved)


def test_recipe_of_another_architecture(saved):
    rewrite(saved, recipe=RECIPE.to_json().replace("cnn-local", "deepbind"))
    with pytest.raises(UserError, match=r"'layer1.convolution.weight' is \(24, 4, 19\)"):
        checkpoint.load(saved)


def fresh():
    return spec.build(RECIPE)


def same(model, other):
    return all(torch.equal(t, other.state_dict()[k]) for k, t in model.state_dict().items())


@pytest.mark.parametrize(
    "wrap",
    [
        lambda state: state,
        lambda state: {"state_dict": state, "epoch": 3},
        lambda state: {"model": state},
        lambda state: {f"module.{k}": t for k, t in state.items()},
        lambda state: {"state_dict": {f"model.{k}": t for k, t in state.items()}},
        lambda state: {k: t for k, t in state.items() if "num_batches" not in k},
    ],
)
def test_foreign_weights(model, tmp_path, wrap):
    model.layer1.normalisation.num_batches_tracked.zero_()
    model.layer2.normalisation.num_batches_tracked.zero_()
    model.dense1.normalisation.num_batches_tracked.zero_()
    torch.save(wrap(model.state_dict()), tmp_path / "weights.pt")
    other = fresh()
    checkpoint.load_weights(tmp_path / "weights.pt", other)
    assert same(model, other)


def test_foreign_safetensors(model, saved):
    other = fresh()
    checkpoint.load_weights(saved, other)
    assert same(model, other)


def test_pickle_is_refused(model, tmp_path):
    torch.save(model, tmp_path / "model.pth")
    with pytest.raises(UserError, match=r"model.pth: holds more than tensors.*state_dict"):
        checkpoint.load_weights(tmp_path / "model.pth", fresh())


def test_pickle_does_not_run(tmp_path):
    class Bomb:
        def __reduce__(self):
            return (open, (str(tmp_path / "ran"), "w"))

    torch.save({"weight": Bomb()}, tmp_path / "bomb.pt")
    with pytest.raises(UserError, match="unpickling it could run foreign code"):
        checkpoint.load_weights(tmp_path / "bomb.pt", fresh())
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize("content", [b"", b"hello", b"PK\x03\x04broken"])
def test_no_torch_file(tmp_path, content):
    (tmp_path / "w.pt").write_bytes(content)
    with pytest.raises(UserError, match=r"w\.pt: not a whole|w\.pt: holds"):
        checkpoint.load_weights(tmp_path / "w.pt", fresh())


def test_file_without_weights(tmp_path):
    torch.save([1, 2], tmp_path / "w.pt")
    with pytest.raises(UserError, match="holds no state dict"):
        checkpoint.load_weights(tmp_path / "w.pt", fresh())


def test_misfit_names_the_first_key_and_changes_nothing(model, tmp_path):
    other = fresh()
    before = {k: t.clone() for k, t in other.state_dict().items()}
    state = model.state_dict()
    state["output.weight"] = torch.zeros(5, 96)
    torch.save(state, tmp_path / "w.pt")
    with pytest.raises(UserError, match=r"'output.weight' is \(5, 96\), the model wants \(2, 96\)"):
        checkpoint.load_weights(tmp_path / "w.pt", other)
    assert all(torch.equal(t, before[k]) for k, t in other.state_dict().items())


def test_missing_and_unexpected_keys(model, tmp_path):
    state = model.state_dict()
    state["extra"] = state.pop("output.bias")
    torch.save(state, tmp_path / "w.pt")
    with pytest.raises(UserError, match=r"no 'output.bias' \(2,\).*it has 'extra' \(2,\)"):
        checkpoint.load_weights(tmp_path / "w.pt", fresh())
    state["output.bias"] = state["extra"]
    torch.save(state, tmp_path / "w.pt")
    with pytest.raises(UserError, match=r"has 'extra' \(2,\), which the model lacks"):
        checkpoint.load_weights(tmp_path / "w.pt", fresh())


def test_foreign_model_of_any_kind(tmp_path):
    source, target = nn.Linear(3, 2), nn.Linear(3, 2)
    torch.save(source.state_dict(), tmp_path / "w.pt")
    checkpoint.load_weights(tmp_path / "w.pt", target)
    assert torch.equal(source.weight, target.weight)
