"""Trainings of a run compared: tables that agree with one another."""

import dataclasses

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from cislens.errors import UserError
from cislens.pipeline import comparing, folder, importing, options, train, verbs
from cislens.pipeline.compare_options import Compare
from cislens.training.options import FitOptions
from cislens.training.prior_options import PriorOptions

PRIOR = PriorOptions(warmup_steps=1, ramp_steps=1)


@pytest.fixture(scope="module")
def runs(task, tmp_path_factory):
    """Two seeds of two conditions, trained for an epoch."""
    folder = tmp_path_factory.mktemp("compare")
    found = []
    for name, prior in (("plain", None), ("fourier", PRIOR)):
        for seed in (0, 1):
            chosen = verbs.Train(
                data=task,
                out=folder / f"{name}{seed}",
                model=options.ModelOptions("cnn-local", ["relu"]),
                fit=FitOptions(epochs=1, prior=prior),
                seed=seed,
            )
            train.run(chosen)
            found.append(chosen.out)
    return found


@pytest.fixture(scope="module")
def compared(runs, tmp_path_factory):
    out = tmp_path_factory.mktemp("compared") / "comparison"
    said = comparing.run(Compare(runs=runs, out=out, sequences=6, tracks=2))
    return out, said


def test_conditions_and_their_differences(compared):
    out, said = compared
    table = pd.read_csv(out / "trainings.csv")
    assert table["condition"].tolist() == ["plain0", "plain0", "fourier0", "fourier0"]
    differences = pd.read_csv(out / "conditions.csv")
    prior = differences[differences["option"] == "fit.prior.terms.fourier"]
    assert prior["fourier0"].tolist() == ["usual"]
    assert prior["plain0"].isna().all()
    assert said.splitlines()[0].startswith("plain0: auroc ")
    assert "over 2 trainings" in said


def test_tests_are_of_the_tables(compared):
    out, _ = compared
    table, tests = pd.read_csv(out / "trainings.csv"), pd.read_csv(out / "tests.csv")
    row = tests[(tests["metric"] == "auroc") & (tests["across"] == "seeds")].iloc[0]
    plain, fourier = (table.loc[table["condition"] == c, "auroc"] for c in ("plain0", "fourier0"))
    assert row["difference"] == pytest.approx(fourier.mean() - plain.mean())
    assert row["p"] == pytest.approx(stats.mannwhitneyu(fourier, plain).pvalue)
    losses = tests[tests["metric"] == "loss"].set_index("across")
    assert losses.loc["sequences", "difference"] == pytest.approx(losses.loc["seeds", "difference"])
    assert losses.loc["sequences", "pairs"] > 50
    assert set(tests["condition"]) == {"fourier0"}


def test_agreement_is_of_each_pair(compared):
    agreement = pd.read_csv(compared[0] / "agreement.csv")
    assert len(agreement) == 6
    assert (agreement["condition"].fillna("") != "").sum() == 2
    # One seed starts from the same weights with and without the prior.
    same = agreement[(agreement["first"] == "plain0") & (agreement["second"] == "fourier0")]
    assert same["jaccard"].item() > 0.5
    assert np.abs(agreement["jaccard by chance"]).max() < 0.1


def test_tracks_are_drawn_of_every_training(compared):
    head = folder.read_json(compared[0] / "comparison.json")
    assert len(head["tracks"]) == 2
    assert list(head["tracks"][0]["importance"]) == ["plain0", "plain1", "fourier0", "fourier1"]
    assert len(head["tracks"][0]["importance"]["plain0"]) == 200


def test_one_condition_has_no_tests(runs, tmp_path):
    comparing.run(Compare(runs=runs[:2], out=tmp_path / "out", sequences=4, tracks=0))
    assert pd.read_csv(tmp_path / "out" / "tests.csv").empty


@pytest.mark.parametrize("method", ["DeepSHAP", "ISM"])
def test_other_maps(runs, tmp_path, method):
    chosen = Compare(runs=runs[:2], out=tmp_path / "out", sequences=2, method=method)
    assert "high-frequency share" in comparing.run(chosen)


def test_other_data_are_refused(runs, tmp_path, fasta_file):
    other = tmp_path / "other.zarr"
    importing.write(
        options.DataOptions(path=fasta_file, negatives="dinucleotide-shuffle"), other, seed=0
    )
    chosen = Compare(runs=runs, out=tmp_path / "out", data=other, sequences=2)
    with pytest.raises(UserError, match="the model was made for length 200"):
        comparing.run(dataclasses.replace(chosen, split="train"))
    assert not (tmp_path / "out").exists()
