"""What is measured of a training, against plain calls of the rooms below."""

import numpy as np
import pytest
from sklearn import metrics

from cislens.data import dataset
from cislens.errors import UserError
from cislens.models import checkpoint, inference
from cislens.pipeline import measuring
from cislens.pipeline.compare_options import Compare
from cislens.pipeline.trainings import Training
from cislens.sequence import onehot as onehots


@pytest.fixture(scope="module")
def measured(finished):
    """Measure one network of a finished run."""
    chosen = Compare(sequences=8, task="YY1")
    stored = dataset.open(finished.data.path)
    view = stored.view("test")
    place = finished.out / "models" / "relu"
    explained = measuring.choose(chosen, stored, view)
    found = measuring.measure(
        chosen, Training("relu", "relu", 0, place), stored, view, explained=explained
    )
    return stored, view, explained, found, checkpoint.load(place / "model.safetensors").model


def test_positives_of_the_task_are_explained(measured):
    stored, view, explained, *_ = measured
    assert explained.task == stored.tasks.index("YY1")
    positive = np.flatnonzero(view.targets[:, explained.task] == 1)
    assert explained.rows.tolist() == positive[:8].tolist()
    table = stored.placements.table
    for row, sites in zip(explained.rows, explained.sites, strict=True):
        own = table[table["sequence"] == view.indices[row]]
        expected = {i for site in own.itertuples() for i in range(site.start, site.end)}
        assert set(np.flatnonzero(sites)) == expected


def test_maps_are_gradients_without_their_mean_over_bases(measured):
    _, _, explained, found, model = measured
    gradient = inference.gradient(model, explained.onehot, target=explained.task).numpy()
    assert found.maps == pytest.approx(gradient - gradient.mean(1, keepdims=True), abs=1e-6)


def test_score_and_losses_are_those_of_the_predictions(measured):
    _, view, _, found, model = measured
    logits = inference.predict(model, onehots.from_codes(view[:])).numpy()
    aurocs = [metrics.roc_auc_score(view.targets[:, t], logits[:, t]) for t in range(2)]
    assert found.score == pytest.approx(np.mean(aurocs))
    shares = 1 / (1 + np.exp(-logits))
    assert found.losses.mean() == pytest.approx(
        metrics.log_loss(view.targets.ravel(), shares.ravel())
    )


def test_scores_of_maps(measured):
    _, view, explained, found, _ = measured
    scores = measuring.scores(found, explained, period=6.7)
    assert len(scores["loss"]) == len(view)
    track = np.abs((found.maps[3] * explained.onehot[3].numpy()).sum(0))
    expected = metrics.average_precision_score(explained.sites[3], track)
    assert scores["motif-base auPRC"][3] == pytest.approx(expected)
    assert {"high-frequency share", "entropy", "share in motifs"} <= scores.keys()


def test_unknown_task(finished):
    stored = dataset.open(finished.data.path)
    with pytest.raises(UserError, match=r"task='YY2': .* has SRF, YY1"):
        measuring.choose(Compare(task="YY2"), stored, stored.view("test"))
