"""`cislens train`."""

from cislens.cli import main
from cislens.models import checkpoint


def test_model_and_its_yaml(trained):
    loaded = checkpoint.load(trained / "models" / "exponential" / "model.safetensors")
    assert loaded.recipe.tasks == ("AP1",)
    assert "architecture: cnn-local" in (trained / "train.yaml").read_text()


def test_unknown_architecture_names_the_nearest(imported, tmp_path, capsys):
    words = ["--out", str(tmp_path / "run"), "--model.architecture", "cnn-lokal"]
    assert main.main(["train", str(imported), *words]) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert "cnn-local" in error
