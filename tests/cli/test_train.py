"""`cislens train`."""

import pytest

from cislens.cli import main
from cislens.models import checkpoint


def test_model_and_its_yaml(trained):
    loaded = checkpoint.load(trained / "models" / "exponential" / "model.safetensors")
    assert loaded.recipe.tasks == ("AP1",)
    assert "architecture: cnn-local" in (trained / "train.yaml").read_text()


YAML = """
model: {architecture: cnn-local}
fit:
  epochs: 2
  prior:
    terms: {fourier: 1, gini: 0.5}
    warmup_steps: 0
    ramp_steps: 0
"""


def test_prior_from_yaml_is_logged_and_written_down(imported, tmp_path):
    path, out = tmp_path / "train.yaml", tmp_path / "run"
    path.write_text(YAML)
    words = [str(imported), "--out", str(out), "--config", str(path)]
    assert main.main(["train", *words]) == 0
    history = (out / "models" / "exponential" / "history.csv").read_text()
    assert "prior_fourier,prior_gini,prior_weight" in history
    assert main.main(["train", "--config", str(out / "train.yaml")]) == 0


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("gini", "ginni"), "prior.terms='ginni': it must be one of fourier"),
        (("warmup_steps", "warm_up"), "train.yaml, line 7: key 'fit.prior.warm_up' is unknown"),
        (("ramp_steps: 0", "every: x"), "fit.prior.every=x: a whole number is wanted"),
        (("warmup_steps: 0", "warmup_steps: 9"), "give at least 10 epochs, or fewer warmup_steps"),
    ],
)
def test_what_a_prior_cannot_be_is_one_sentence(change, message, imported, tmp_path, capsys):
    path = tmp_path / "train.yaml"
    path.write_text(YAML.replace(*change))
    words = [str(imported), "--out", str(tmp_path / "run"), "--config", str(path)]
    assert main.main(["train", *words]) == 2
    error = capsys.readouterr().err.splitlines()[-1]
    assert message in error
    assert "Union" not in error


def test_one_word_is_a_prior(imported, tmp_path, capsys):
    words = [str(imported), "--out", str(tmp_path / "run"), "--model.architecture", "cnn-local"]
    assert main.main(["train", *words, "--fit.epochs", "2", "--fit.prior", "fourier"]) == 2
    assert "prior: its warm-up and ramp take 500 steps, 2 epochs have" in capsys.readouterr().err


def test_unknown_architecture_names_the_nearest(imported, tmp_path, capsys):
    words = ["--out", str(tmp_path / "run"), "--model.architecture", "cnn-lokal"]
    assert main.main(["train", str(imported), *words]) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert "cnn-local" in error


def test_run_folder_serves_from_another_directory(imported, tmp_path, monkeypatch, capsys):
    (tmp_path / "peaks.zarr").symlink_to(imported)
    monkeypatch.chdir(tmp_path)
    net = ["--model.architecture", "cnn-local", "--fit.epochs", "1"]
    assert main.main(["train", "peaks.zarr", "--out", "runs/s0", *net]) == 0
    monkeypatch.chdir(tmp_path / "runs")
    assert main.main(["evaluate", "s0"]) == 0
    assert "exponential" in capsys.readouterr().out
