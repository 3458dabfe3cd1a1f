"""The rules of pairs: kept by positives, broken by negatives, and by nothing else told apart."""

import numpy as np
import pytest

from cislens.data import dataset
from cislens.errors import UserError
from cislens.motifs import database as databases
from cislens.simulation.tasks import pair_grammar


@pytest.fixture(scope="module")
def database():
    """JASPAR 2016 CORE vertebrates."""
    return databases.load("jaspar2016")


@pytest.fixture(scope="module", params=["spacing", "order", "orientation", "all"])
def simulated(request, database, tmp_path_factory):
    out = tmp_path_factory.mktemp(request.param) / "pairs.zarr"
    pair_grammar.simulate(out, database=database, rule=request.param, sequences=1500)
    return request.param, dataset.open(out)


def facts(stored):
    """Give gap, order and strands of each pair."""
    table = stored.placements.table
    first = table[table["motif"] == "MA0062.2"].set_index("sequence").sort_index()
    second = table[table["motif"] == "MA0466.2"].set_index("sequence").sort_index()
    assert len(first) == len(second) == len(stored)
    gap = np.maximum(first["start"], second["start"]) - np.minimum(first["end"], second["end"])
    return (
        gap.to_numpy(),
        (first["start"] < second["start"]).to_numpy(),
        (first["strand"] + second["strand"]).to_numpy(),
    )


def test_the_rule_is_the_class(simulated):
    rule, stored = simulated
    gap, ordered, strands = facts(stored)
    spaced = (gap >= 6) & (gap <= 10)
    kept = {
        "spacing": spaced,
        "order": ordered,
        "orientation": strands == "+-",
        "all": spaced & ordered & (strands == "+-"),
    }[rule]
    positive = stored.targets[:, 0] == 1
    assert np.array_equal(kept, positive)
    assert positive.sum() == 750
    assert gap.min() >= 0


def test_what_the_rule_leaves_open_is_alike_in_both_classes(simulated):
    rule, stored = simulated
    gap, ordered, strands = facts(stored)
    positive = stored.targets[:, 0] == 1
    if rule in {"spacing", "orientation"}:
        assert abs(ordered[positive].mean() - ordered[~positive].mean()) < 0.1
    if rule in {"spacing", "order"}:
        for name in ("++", "+-", "-+", "--"):
            shares = [(strands[group] == name).mean() for group in (positive, ~positive)]
            assert shares == pytest.approx([0.25, 0.25], abs=0.07)
    if rule in {"order", "orientation"}:
        assert abs(gap[positive].mean() - gap[~positive].mean()) < 15


def test_splits_and_seed(database, tmp_path):
    for seed, name in ((1, "a"), (1, "b"), (2, "c")):
        pair_grammar.simulate(tmp_path / name, database=database, sequences=50, seed=seed)
    a, b, c = (dataset.open(tmp_path / name).view()[:] for name in "abc")
    assert np.array_equal(a, b)
    assert not np.array_equal(a, c)
    stored = dataset.open(tmp_path / "a")
    assert [len(stored.view(s)) for s in ("train", "validation", "test")] == [35, 5, 10]


@pytest.mark.parametrize(
    ("wrong", "told"), [({"sequences": 5}, "10 or more"), ({"length": 41}, "at least 42 bp")]
)
def test_wrong_settings_are_told(database, tmp_path, wrong, told):
    with pytest.raises(UserError, match=told):
        pair_grammar.simulate(tmp_path / "x.zarr", database=database, **wrong)
