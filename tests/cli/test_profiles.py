"""Profiles from files to a trained network, as a user runs it, and what is said of wrong files."""

import numpy as np
import pandas as pd
import pytest

from cislens.cli import main
from cislens.data import dataset, tracks
from cislens.maps import store
from cislens.models import checkpoint
from cislens.sequence import meme
from cislens.sequence import onehot as onehots
from cislens.sequence.pwm import Pwm

BUILD = """
genome: {place}/genome.fa
peaks:
  files: [{place}/peaks.bed]
profile:
  tracks: {{made: [{place}/plus.bw, {place}/minus.bw]}}
  positions: 20
  context: 366
  jitter: 4
  background: 0.25
split:
  by: chromosome
  validation: [chrIII]
  test: [chr4]
out: {place}/profiles.zarr
"""
TRAIN = """
data: {place}/profiles.zarr
out: {place}/run
model:
  architecture: tseng-profile
  activations: [relu]
  options: {{width_multiplier: 0.1}}
fit:
  epochs: 2
  batch_size: 8
  reverse_complement: 0.5
  monitor: validation_profile_loss
"""


@pytest.fixture
def place(profile_files):
    (profile_files / "build.yaml").write_text(BUILD.format(place=profile_files))
    (profile_files / "train.yaml").write_text(TRAIN.format(place=profile_files))
    return profile_files


def build(place, *words):
    return main.main(["data", "build", str(place / "build.yaml"), *words])


def test_from_files_to_a_network(place, capsys):
    assert build(place) == 0
    assert "profiles.zarr: 45 sequences of 366 bp, 1 task" in capsys.readouterr().out
    assert main.main(["train", "--config", str(place / "train.yaml")]) == 0
    loaded = checkpoint.load(place / "run" / "models" / "relu" / "model.safetensors")
    assert loaded.recipe.objective == "profile"
    assert loaded.recipe.options == {"width_multiplier": 0.1, "strands": 2, "control": "none"}
    history = pd.read_csv(place / "run" / "models" / "relu" / "history.csv")
    assert history["validation_profile_loss"].notna().all()
    assert (history["validation_loss"] > history["validation_profile_loss"]).all()


def test_scores_and_predictions_of_a_trained_network(place, capsys):
    build(place)
    assert main.main(["train", "--config", str(place / "train.yaml")]) == 0
    assert main.main(["evaluate", str(place / "run")]) == 0
    assert "Spearman of counts" in capsys.readouterr().out
    table = pd.read_csv(place / "run" / "models" / "relu" / "metrics.csv")
    assert table["peaks"].item() == 9
    assert {"nll", "nll_mean_profile", "jsd", "counts_spearman"} <= set(table)
    model = str(place / "run" / "models" / "relu" / "model.safetensors")
    words = ["predict", model, str(place / "profiles.zarr"), "--out"]
    assert main.main([*words, str(place / "p.tsv")]) == 0
    predicted = pd.read_csv(place / "p.tsv", sep="\t")
    assert list(predicted) == ["id", "made"]
    assert len(predicted) == 45
    assert main.main([*words, str(place / "p.bw")]) == 0
    assert set(tracks.open(place / "p.made.plus.bw").sizes) == {"chrI", "chrII", "chrIII", "chrIV"}
    assert main.main([*words, str(place / "p.bw")]) == 2
    assert "p.made.plus.bw: exists" in " ".join(capsys.readouterr().err.split())
    assert main.main(["predict", model, str(place / "genome.fa"), "--out", str(place / "q")]) == 2
    assert "a network of profiles predicts windows of a dataset" in capsys.readouterr().err


def known(place):
    """Write a motif database; Tomtom wants the background of at least 25 motifs."""
    motif = np.eye(4)[[2, 0, 3, 3, 0, 1, 0]].T * 0.97 + 0.01
    rng = np.random.default_rng(0)
    others = [Pwm(f"M{number}", rng.dirichlet(np.ones(4), 8).T) for number in range(25)]
    meme.write(place / "known.meme", [Pwm("GAT1", motif / motif.sum(axis=0)), *others])


def test_the_main_job_from_genome_to_report(place, capsys):
    known(place)
    data, _, _ = BUILD.format(place=place).partition("split:")
    indented = "".join(f"    {line}\n" for line in data.strip().splitlines()[1:])
    (place / "run.yaml").write_text(
        f"out: {place}/all\ndata:\n  path: {place}/genome.fa\n  genome:\n{indented}"
        "  split: {by: chromosome, validation: [chrIII], test: [chrIV]}\n"
        + TRAIN.format(place=place).split("/run\n")[1]
        + f"motifs: {{database: {place}/known.meme}}\n"
    )
    assert main.main(["run", str(place / "run.yaml")]) == 0
    assert "Pearson r of profiles" in capsys.readouterr().out
    page = (place / "all" / "report.html").read_text()
    assert page.count('class="profile"') == 6
    assert "NLL of the mean profile" in page
    assert "the mean profile of the training peaks, what a network must beat, has" in page


def test_explanations_are_of_the_shape_of_a_task(place, capsys):
    build(place)
    # In three epochs nothing is gained that a prior could be weighed by.
    words = ["--fit.prior", "{warmup_steps: 2, ramp_steps: 1, scale: task}", "--fit.epochs", "3"]
    assert main.main(["train", "--config", str(place / "train.yaml"), *words]) == 0
    history = pd.read_csv(place / "run" / "models" / "relu" / "history.csv")
    assert history["prior_fourier"].iloc[-1] > 0
    assert history["prior_weight"].iloc[-1] > 0
    asked = ["attribute", str(place / "run"), "--method", "saliency", "--top", "4"]
    assert main.main(asked) == 0
    found = store.open(place / "run" / "attributions" / "relu" / "saliency" / "made.zarr")
    codes = np.asarray(found.codes(slice(0, 4)))
    model = checkpoint.load(place / "run" / "models" / "relu" / "model.safetensors").model
    onehot = onehots.from_codes(codes).requires_grad_()
    logits = model(onehot).logits
    centred = logits - logits.mean(dim=-1, keepdim=True)
    (centred * centred.softmax(dim=-1).detach()).sum().backward()
    np.testing.assert_allclose(found.values(slice(0, 4)), onehot.grad, rtol=1e-4, atol=1e-7)
    known(place)
    words = ["--shuffled", "4", "--motifs.database", str(place / "known.meme")]
    assert main.main(["discover", str(place / "run"), *words]) == 0
    assert "relu, made: " in capsys.readouterr().out


def test_trainings_with_and_without_a_prior_are_compared(place, capsys):
    build(place)
    words = ["train", "--config", str(place / "train.yaml"), "--fit.epochs", "2", "--out"]
    assert main.main([*words, str(place / "a")]) == 0
    prior = ["--fit.prior", "{warmup_steps: 1, ramp_steps: 1}"]
    assert main.main([*words, str(place / "b"), *prior]) == 0
    runs = [str(place / "a"), str(place / "b")]
    out = place / "compared"
    assert main.main(["compare", *runs, "--out", str(out), "--sequences", "4"]) == 0
    assert "profile_pearson" in capsys.readouterr().out
    table = pd.read_csv(out / "trainings.csv")
    assert table[["profile_pearson", "loss", "high-frequency share"]].notna().all(axis=None)
    tests = pd.read_csv(out / "tests.csv").set_index(["metric", "across"])
    assert tests.loc[("loss", "sequences"), "pairs"] == 9


def test_control_tracks_reach_the_network(place):
    words = ["--profile.control", f"{{shared: [{place}/minus.bw, {place}/plus.bw]}}"]
    assert build(place, *words) == 0
    assert main.main(["train", "--config", str(place / "train.yaml"), "--fit.epochs", "1"]) == 0
    loaded = checkpoint.load(place / "run" / "models" / "relu" / "model.safetensors")
    assert loaded.recipe.options["control"] == "shared"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--profile.tracks", "{made: [plus.bw]}"], "plus.bw: no such file"),
        (["--profile.tracks", "{made: [PLACE/genome.fa]}"], "genome.fa"),
        (["--profile.positions", "21"], "even difference"),
        (["--profile.context", "4200"], "leaves room for 4208 bp"),
        (["--profile.control", "{other: [PLACE/plus.bw, PLACE/minus.bw]}"], "control: tracks for"),
        (["--bins.width", "100"], "bins and profile: a dataset is cut one way"),
    ],
)
def test_wrong_input_is_said_in_a_sentence(place, words, message, capsys):
    assert build(place, *[word.replace("PLACE", str(place)) for word in words]) == 2
    told = capsys.readouterr().err
    assert message in told
    assert "Traceback" not in told
    assert not (place / "profiles.zarr").exists()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--model.options", "{strands: 1}"], "strands=1: "),
        (["--model.architecture", "cnn-2"], "architectures of profiles are tseng-profile"),
        (["--fit.monitor", "validation_auroc"], "validation_profile_loss, validation_pearson"),
        (["--fit.shift", "3"], "profiles are moved by the jitter of their dataset"),
        (["--fit.negatives", "1"], "objective profile has no classes"),
    ],
)
def test_networks_that_do_not_fit_are_refused(place, words, message, capsys):
    assert build(place) == 0
    assert main.main(["train", "--config", str(place / "train.yaml"), *words]) == 2
    assert message in capsys.readouterr().err


def test_a_profile_of_another_length_is_refused_before_training(place, capsys):
    assert build(place, "--profile.context", "368") == 0
    assert main.main(["train", "--config", str(place / "train.yaml")]) == 2
    told = " ".join(capsys.readouterr().err.split())
    assert "profiles of 20 bp; of 368 bp the network predicts 22" in told
    assert "profile.context=366 or profile.positions=22" in told
    assert dataset.open(place / "profiles.zarr").profile is not None
