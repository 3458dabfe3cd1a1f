"""`cislens filters`."""

import shutil

import numpy as np
import pandas as pd
import pytest

from cislens.cli import main
from cislens.sequence import meme


def test_motifs_are_written_and_counted(trained, capsys):
    words = ["--motifs.database", "jaspar2016", "--filters.rule", "top", "--filters.threshold=20"]
    assert main.main(["filters", str(trained), *words]) == 0
    assert "of 24 filters match a known motif" in capsys.readouterr().out
    motifs = meme.read(trained / "models" / "exponential" / "filters.meme")
    assert all(pwm.nsites <= 20 for pwm in motifs)
    assert "rule: top" in (trained / "filters.yaml").read_text()


def test_unknown_database_lists_the_known(trained, capsys):
    assert main.main(["filters", str(trained), "--motifs.database", "jaspar1999"]) == 2
    assert "jaspar2026" in capsys.readouterr().err


def test_importance_of_every_filter(trained, capsys):
    words = ["--motifs.database", "jaspar2016", "--importance", "true"]
    assert main.main(["filters", str(trained), *words]) == 0
    assert "matters most, to AP1" in " ".join(capsys.readouterr().err.split())
    table = pd.read_csv(trained / "models" / "exponential" / "importance.csv")
    assert list(table["name"]) == [f"filter_{i}" for i in range(24)]
    assert set(table["task"]) == {"AP1"}
    assert ((table["absolute"] >= 0) & (table["absolute"] <= 1)).all()
    assert (table["absolute"] >= table["fall"].abs() - 1e-9).all()
    assert table["auroc_drop"].between(-1, 1).all()
    summary = pd.read_csv(trained / "models" / "exponential" / "importance_by_filter.csv")
    np.testing.assert_allclose(summary["loss_rise"], table["loss_rise"])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--knockout.sequences", "0"], "sequences=0"),
        (["--knockout.on", "correlated"], "there are 1; wants three"),
        (["--knockout.device", "tpu9"], "tpu9"),
        (["--layer", "layer9"], "layer9"),
    ],
)
def test_bad_questions_about_importance(trained, capsys, words, said):
    database = ["--motifs.database", "jaspar2016", "--importance", "true"]
    assert main.main(["filters", str(trained), *database, *words]) == 2
    error = capsys.readouterr().err
    assert said in " ".join(error.split())
    assert "Traceback" not in error


def test_filters_of_a_layer_are_lined_up_by_their_bases(trained, tmp_path, capsys):
    run = shutil.copytree(trained, tmp_path / "run")
    words = ["--motifs.database", "jaspar2016", "--align", "true"]
    assert main.main(["filters", str(run), *words, "--layer", "layer1.convolution"]) == 0
    assert "filters match a known motif" in capsys.readouterr().out
    table = pd.read_csv(run / "models" / "exponential" / "filters.csv")
    assert len(table) == 24
    assert (table["nsites"] <= 60).all()
    for layer, said in (
        ([], "name a deeper one"),
        (["--layer", "layer2.pool"], "no fixed windows"),
    ):
        assert main.main(["filters", str(run), *words, *layer]) == 2
        assert said in " ".join(capsys.readouterr().err.split())
