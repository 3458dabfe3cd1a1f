"""Learning rate and stop follow the published rules; what is saved is what a resume needs."""

import numpy as np
import pytest
import torch
from torch import nn

from cislens.training import state
from cislens.training.fit import fit
from cislens.training.options import FitOptions


@pytest.fixture
def run(motif_views, tmp_path):
    """Fit a network on which a learning rate near 0 has no effect."""

    def run(**options):
        torch.manual_seed(11)
        return fit(
            nn.Sequential(nn.Flatten(), nn.Linear(80, 2)),
            *motif_views,
            objective="binary",
            options=FitOptions(
                **{"minimum_learning_rate": 0.0, "learning_rate": 1e-20, "accelerator": "cpu"}
                | options
            ),
            folder=tmp_path / "fit",
            seed=1,
        )

    return run


def test_plateaus_and_patience_count_as_published(run):
    result = run(epochs=50, decay_patience=2, stop_patience=6, minimum_learning_rate=3e-22)
    assert result.stopped == "patience"
    assert result.best_epoch == 1
    # Two epochs without improvement make a plateau; six end the fit.
    expected = [1e-20, 1e-20, 1e-20, 2e-21, 2e-21, 4e-22, 4e-22]
    np.testing.assert_allclose(result.history["learning_rate"], expected, rtol=1e-9)


def test_learning_rate_has_a_floor(run):
    result = run(epochs=6, decay_patience=1, minimum_learning_rate=3e-21)
    expected = [1e-20, 1e-20, 3e-21, 3e-21, 3e-21, 3e-21]
    np.testing.assert_allclose(result.history["learning_rate"], expected, rtol=1e-9)
    assert result.stopped == "epochs"


def test_resume_goes_on_in_the_middle_of_a_plateau(run):
    run(epochs=2, decay_patience=3)
    result = run(epochs=6, decay_patience=3)
    expected = [1e-20, 1e-20, 1e-20, 1e-20, 2e-21, 2e-21]
    np.testing.assert_allclose(result.history["learning_rate"], expected, rtol=1e-9)


def test_state_is_saved_after_every_epoch(run, monkeypatch):
    saved = []
    save = state.save
    monkeypatch.setattr(
        state, "save", lambda f, s: (saved.append(len(s["track"]["rows"])), save(f, s))
    )
    run(epochs=3)
    assert saved == [1, 2, 3]
