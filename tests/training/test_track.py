"""The track keeps copies of the best weights and knows when to stop."""

import math

import pytest
import torch

from cislens.errors import UserError
from cislens.training.track import Track


def follow(track, values, weights=None):
    weights = {"w": torch.zeros(2)} if weights is None else weights
    for value in values:
        weights["w"] += 1
        track.add({"validation_loss": float(value), "validation_auroc": float(value)}, weights)
    return track


def make(monitor="validation_loss", epochs=100, patience=3, first=1):
    return Track(monitor=monitor, epochs=epochs, patience=patience, first=first)


def test_losses_fall_and_metrics_rise():
    assert follow(make(), [3, 1, 2]).best_epoch == 2
    assert follow(make("validation_auroc"), [0.1, 0.2, 0.15]).best_epoch == 2
    assert follow(make("validation_auroc"), [0.1, 0.2, 0.15]).best_value == 0.2


def test_best_weights_are_a_copy_on_the_cpu():
    weights = {"w": torch.zeros(2)}
    track = follow(make(), [1.0, 2.0], weights)
    assert weights["w"].tolist() == [2, 2]
    assert track.best_weights["w"].tolist() == [1, 1]
    assert track.best_weights["w"].device.type == "cpu"


def test_equal_value_is_no_improvement():
    assert follow(make(), [1, 1, 1]).best_epoch == 1


def test_undefined_value_is_no_improvement():
    assert follow(make("validation_auroc"), [math.nan, 0.4, math.nan]).best_epoch == 2
    track = follow(make("validation_auroc"), [math.nan, math.nan])
    assert track.best_epoch == 1
    assert math.isnan(track.best_value)


@pytest.mark.parametrize(
    ("values", "stopped"),
    [
        ([], ""),
        ([1, 2, 2], ""),
        ([1, 2, 2, 2], "patience"),
        ([2, 2, 2, 1], ""),
        ([5, 4, 3, 2, 1], "epochs"),
    ],
)
def test_reasons_to_stop(values, stopped):
    assert follow(make(epochs=5), values).stopped == stopped


def test_epochs_before_the_first_choice_do_not_count():
    assert follow(make(first=3), [1, 2]).best_epoch == 1
    assert follow(make(first=3), [1, 2, 8]).best_epoch == 3
    assert follow(make(first=3), [1, 2, 8, 7, 9]).best_epoch == 4
    assert follow(make(first=5, patience=2), [1, 2, 3, 4, 5]).stopped == ""
    assert follow(make(first=5, patience=2), [1, 2, 3, 4, 5, 6, 7]).stopped == "patience"
    assert follow(make(first=5, patience=2), [1, 2, 3, 4, 5, 6, 4.5]).stopped == ""


def test_restored_track_goes_on():
    track = make()
    track.restore(follow(make(), [2, 1]).state())
    assert follow(track, [3, 3, 3]).stopped == "patience"
    assert track.best_epoch == 2
    assert track.best_weights["w"].tolist() == [2, 2]


def test_fewer_epochs_than_done_are_refused():
    with pytest.raises(UserError, match="epochs=1: the fit to go on from has done 2"):
        make(epochs=1).restore(follow(make(), [2, 1]).state())
