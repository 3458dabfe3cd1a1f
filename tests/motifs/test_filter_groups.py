"""Filters that act together."""

import numpy as np
import pytest
import torch
from torch import nn

from cislens.errors import UserError
from cislens.motifs import filter_groups, knockout


class Twins(nn.Module):
    """Filters 0 and 1 are alike and the larger counts; 2 is alone; nothing reads 3."""

    def __init__(self):
        super().__init__()
        self.first = nn.Conv1d(4, 4, 5)
        with torch.no_grad():
            self.first.weight[1] = self.first.weight[0]
            self.first.bias[1] = self.first.bias[0]

    def forward(self, x):
        best = torch.relu(self.first(x)).amax(dim=2)
        return torch.stack([best[:, :2].amax(dim=1), best[:, 2]], dim=1)


def test_groups_by_hand():
    base = np.array([1.0, -2, 3, 0, 1])
    other = np.array([1.0, 1, 1, -3, 0])
    changes = np.stack([base, 2 * base, other, 0 * base, -base, other + 0.1 * base])
    assert filter_groups.find(changes) == [(0, 1), (2, 5)]
    assert filter_groups.find(changes[[0, 3]]) == []
    assert filter_groups.find(np.zeros((3, 4))) == []
    with pytest.raises(UserError, match="least=1"):
        filter_groups.find(changes, least=1.0)


def test_every_pair_of_a_group_correlates_enough(rng):
    changes = rng.normal(size=(30, 40)) + rng.normal(size=40)
    groups = filter_groups.find(changes)
    assert groups
    r = np.corrcoef(changes)
    assert all(r[np.ix_(group, group)].min() >= 0.3 - 1e-9 for group in groups)
    members = [number for group in groups for number in group]
    assert len(members) == len(set(members))


def test_a_pair_that_stands_in_for_each_other_exceeds_its_parts(rng):
    torch.manual_seed(0)
    model = Twins().eval()
    codes = rng.integers(0, 4, (40, 30), dtype=np.uint8)
    alone = knockout.filter_importance(model, codes, layer="first", replacement="zero")
    # Without one twin the other answers.
    np.testing.assert_allclose(alone.values["absolute"][:2], 0, atol=1e-6)
    together = knockout.filter_importance(
        model, codes, layer="first", replacement="zero", groups=[(0, 1), (0, 2)]
    )
    assert (together.values["absolute"][:, 0] > 0).tolist() == [True, False]
    np.testing.assert_allclose(
        together.values["absolute"][1], alone.values["absolute"][2], atol=1e-6
    )
    table = filter_groups.table([(0, 1), (0, 2)], together=together, alone=alone, tasks=("a", "b"))
    assert table["filters"].tolist() == ["0 1", "0 1", "0 2", "0 2"]
    assert np.isnan(table["excess"][0]) or table["excess"][0] > 1e3
    assert table["excess"][3] == pytest.approx(1)


def test_single_filters_as_groups_are_the_single_filters(rng):
    model = Twins().eval()
    codes = rng.integers(0, 4, (9, 30), dtype=np.uint8)
    wanted = knockout.filter_importance(model, codes)
    found = knockout.filter_importance(model, codes, groups=[[3], [2]])
    np.testing.assert_array_equal(found.values["absolute"], wanted.values["absolute"][[3, 2]])
    np.testing.assert_array_equal(found.changes, wanted.changes[[3, 2]])
    with pytest.raises(UserError, match=r"groups: \[0, 4\]; wants numbers of filters from 0 to 3"):
        knockout.filter_importance(model, codes, groups=[[0, 4]])


def test_changes_meet_every_task(monkeypatch):
    monkeypatch.setattr(knockout, "_CELLS", 50)
    cells = np.tile(np.arange(6.0), (100, 1))
    assert set(knockout._spread(cells).tolist()) == set(range(6))
