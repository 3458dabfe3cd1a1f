"""Which sequences count, and what is known of the whole network."""

import numpy as np
import pytest

from cislens.errors import UserError
from cislens.motifs import intact

NAN = np.nan


def test_positives_of_each_task():
    targets = np.array([[1, 0], [NAN, 1]])
    found = intact.positive(np.zeros((2, 2)), targets)
    assert found.tolist() == [[True, False], [False, True]]
    with pytest.raises(UserError, match="no classes 0 and 1"):
        intact.positive(np.zeros((1, 1)), np.array([[0.4]]))


def test_well_predicted_is_nearer_than_the_mean_of_the_task():
    targets = np.array([[0, 1.0], [1, NAN], [0, 3], [1, NAN]])
    predictions = np.array([[0.4, 1.9], [0.4, 2.0], [0.6, 1.0], [0.9, 2]])
    found = intact.well_predicted(predictions, targets)
    assert found.tolist() == [[True, True], [False, False], [False, False], [True, False]]


def test_correlated_rows_by_numpy(rng):
    predictions, noise = rng.normal(size=(2, 40, 6))
    targets = predictions + 0.8 * noise
    targets[3, 2:] = NAN
    targets[4, 1] = NAN
    found = intact.correlated(predictions, targets)
    known = ~np.isnan(targets)
    for row in range(40):
        k = known[row]
        r = np.corrcoef(predictions[row, k], targets[row, k])[0, 1] if k.sum() > 2 else 0
        assert found[row].tolist() == [r > 0.75] * 6
    assert 0 < found[:, 0].sum() < 40
    with pytest.raises(UserError, match="there are 2"):
        intact.correlated(predictions[:, :2], targets[:, :2])


@pytest.mark.parametrize("name", ["positive", "well-predicted", "correlated"])
def test_choices_that_need_measurements_say_so(name):
    with pytest.raises(UserError, match=f"on='{name}'"):
        intact.CHOICES[name](np.zeros((2, 3)), None)
    assert intact.CHOICES["all"](np.zeros((2, 3)), None).all()


def test_scores_without_measurements_are_refused():
    whole = intact.Intact(np.zeros((2, 1)), None, np.ones((2, 1), bool))
    with pytest.raises(UserError, match="targets"):
        whole.score(lambda predictions, targets: predictions[0])


def test_a_prediction_that_never_varies_has_no_variance():
    whole = intact.Intact(np.full((7, 1), 0.1), None, np.ones((7, 1), bool))
    assert whole.variance.tolist() == [0.0]
