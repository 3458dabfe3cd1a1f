"""Scores of a run's models."""

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score

from cislens.data import dataset
from cislens.errors import UserError
from cislens.metrics import record
from cislens.models import checkpoint, inference
from cislens.pipeline import evaluating, folder, importing, options, verbs
from cislens.sequence.alphabet import DNA


def test_metrics_equal_scikit_learn_on_the_test_split(finished, task):
    view = dataset.open(task).view("test")
    place = finished.out / "models" / "relu"
    table = pd.read_csv(place / "metrics.csv").set_index("task")
    logits = inference.predict(checkpoint.load(place / "model.safetensors").model, view).numpy()
    for column, name in enumerate(("SRF", "YY1")):
        wanted = roc_auc_score(view.targets[:, column], logits[:, column])
        assert table.loc[name, "auroc"] == pytest.approx(wanted, abs=1e-6)
        assert table.loc[name, "base_rate"] == pytest.approx(view.targets[:, column].mean())
        assert -1 <= table.loc[name, "strand_agreement"] <= 1


def test_gc_baseline_equals_a_slow_loop(finished, task):
    view = dataset.open(task).view("test")
    gc = [np.isin(view[i : i + 1][0], (1, 2)).mean() for i in range(len(view))]
    written = folder.read_json(finished.out / "baseline.json")["gc_content"]
    for column, name in enumerate(("SRF", "YY1")):
        score = roc_auc_score(view.targets[:, column], gc)
        assert written[name] == pytest.approx(max(score, 1 - score))


def test_records_are_kept_once(finished):
    evaluating.run(verbs.Evaluate(run=finished.out))
    rows = record.read(finished.out / "records.csv")
    keys = [(row.model, row.metric) for row in rows]
    assert len(set(keys)) == len(keys)
    assert ("exponential", "test/SRF/auroc") in keys


def test_dataset_of_another_length_is_refused(finished, fasta_file, tmp_path):
    other = tmp_path / "other.zarr"
    importing.write(
        options.DataOptions(path=fasta_file, negatives="dinucleotide-shuffle"), other, seed=0
    )
    with pytest.raises(UserError, match=r"length 50; the model was made for length 200"):
        evaluating.run(verbs.Evaluate(run=finished.out, data=other))


def test_empty_split_is_said(finished, tmp_path, fasta_file):
    other = tmp_path / "other.zarr"
    split = options.SplitOptions(by="chromosome", validation=["chr2"], test=["chr3"])
    importing.write(
        options.DataOptions(path=fasta_file, negatives="dinucleotide-shuffle", split=split),
        other,
        seed=0,
    )
    assert len(dataset.open(other).view("test")) == 40


def test_a_moved_run_takes_its_dataset_along(tmp_path):
    place = tmp_path / "moved" / "models" / "relu"
    place.mkdir(parents=True)
    (place / "model.safetensors").touch()
    folder.write_json(place / "card.json", {"data": str(tmp_path / "before" / "dataset.zarr")})
    with pytest.raises(UserError, match=r"before/dataset\.zarr: no such dataset"):
        evaluating.open_data(tmp_path / "moved", None)
    inside = tmp_path / "moved" / "dataset.zarr"
    with dataset.create(
        inside, length=8, alphabet=DNA, tasks=("a",), target_kind="binary", provenance={}
    ) as writer:
        writer.append(np.zeros((1, 8), np.uint8), np.ones((1, 1), np.float32), ids=["x"])
    assert evaluating.open_data(tmp_path / "moved", None).path == inside
