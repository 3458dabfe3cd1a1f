"""Simulated datasets."""

import pytest

from cislens.data import dataset
from cislens.errors import UserError
from cislens.pipeline import simulating, verbs


def test_dataset_with_truth(task):
    stored = dataset.open(task)
    assert stored.tasks == ("SRF", "YY1")
    assert len(stored) == 600
    assert stored.placements is not None
    assert set(stored.provenance["accepted_targets"]) == {"SRF", "YY1"}


def test_unknown_task_lists_the_known(tmp_path):
    with pytest.raises(UserError, match="known are koo2021_task1"):
        simulating.run(verbs.Simulate(task="koo", out=tmp_path / "x.zarr"))


def test_run_says_what_it_wrote_and_with_which_options(tmp_path):
    out = tmp_path / "a.zarr"
    said = simulating.run(verbs.Simulate(task="koo2021_task1", out=out, sequences=20))
    assert "20 sequences of 200 bp, 12 tasks (14 train, 2 validation, 4 test)" in said
    assert "sequences: 20" in (tmp_path / "a.zarr.yaml").read_text()
