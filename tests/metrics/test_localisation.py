"""Agreement of importance with truth, against scikit-learn."""

import numpy as np
import pytest
from sklearn import metrics

from cislens.errors import UserError
from cislens.metrics import localisation


@pytest.mark.parametrize("ties", [False, True])
def test_areas_are_those_of_scikit_learn(rng, ties):
    scores = rng.standard_normal((12, 200))
    scores = np.round(scores, 1) if ties else scores
    planted = np.zeros((12, 200), bool)
    for row, start in enumerate(rng.integers(0, 180, 12)):
        planted[row, start : start + 3 + row] = True
        scores[row, start : start + 5] += 1.5
    found = localisation.agreement(scores.astype(np.float32), planted)
    for row in range(12):
        values = scores[row].astype(np.float32)
        precision, recall, _ = metrics.precision_recall_curve(planted[row], values)
        assert found.auroc[row] == pytest.approx(metrics.roc_auc_score(planted[row], values))
        assert found.aupr[row] == pytest.approx(metrics.auc(recall, precision))
        assert found.base_rate[row] == pytest.approx((3 + row) / 200)


def test_the_sign_counts():
    planted = np.array([[True, True, False, False]])
    assert localisation.agreement(np.array([[-9.0, -8.0, 0.0, 0.1]]), planted).auroc[0] == 0
    assert localisation.agreement(np.array([[9.0, 8.0, 0.0, 0.1]]), planted).aupr[0] == 1


def test_nothing_and_everything_planted_have_no_score():
    scores = np.zeros((2, 3))
    found = localisation.agreement(scores, np.array([[False] * 3, [True] * 3]))
    assert np.isnan(found.auroc).all()
    assert np.isnan(found.aupr).all()


def test_every_column_with_information_is_truth():
    information = np.array([[0.0, 0.01, 0.02, 1.9]])
    assert localisation.truth(information).tolist() == [[False, False, True, True]]
    assert localisation.truth(information, least=0.5).tolist() == [[False, False, False, True]]


def test_wrong_scores_are_refused():
    with pytest.raises(UserError, match=r"shape \(1, 3\); the truth has \(1, 4\)"):
        localisation.agreement(np.zeros((1, 3)), np.zeros((1, 4), bool))
    with pytest.raises(UserError, match="row 1 holds NaN"):
        localisation.agreement(np.array([[0.0], [np.nan]]), np.zeros((2, 1), bool))
