import numpy as np
import pytest

from cislens.data import kinds
from cislens.errors import UserError

VALUES = np.array([0, 1, 2, -1, 0.5, np.nan, np.inf], np.float32)


@pytest.mark.parametrize(
    ("kind", "fits"),
    [
        ("binary", [1, 1, 0, 0, 0, 1, 0]),
        ("count", [1, 1, 1, 0, 0, 1, 0]),
        ("continuous", [1, 1, 1, 1, 1, 1, 0]),
    ],
)
def test_allowed(kind, fits):
    assert kinds.allowed(kind, VALUES).tolist() == [bool(fit) for fit in fits]


@pytest.mark.parametrize(
    ("batches", "kind"),
    [
        ([[0, 1], [1, np.nan]], "binary"),
        ([[0, 1], [2, 1]], "continuous"),
        ([[0.5], [1]], "continuous"),
    ],
)
def test_inference_never_guesses_counts(batches, kind):
    inference = kinds.Inference()
    for batch in batches:
        inference.see(np.array(batch, np.float32))
    assert inference.kind == kind


def test_unknown_kind():
    with pytest.raises(
        UserError, match="target_kind='counts': known are binary, continuous, count"
    ):
        kinds.check("counts")
