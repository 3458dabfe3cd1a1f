"""Every plan, carried out."""

from cislens.data import dividing, splits
from cislens.data.folds import ByFolds

CHROMS = ["a", "b", "a", "c", "d", "c", "a"]
BY_CHROMOSOME = splits.ByChromosome(["b"], ["c"])
FOLDS = {"a": "1", "b": "2", "c": "3", "d": "1"}


def test_assign_follows_the_plan(rng):
    wanted = ["train", "validation", "train", "test", "train", "test", "train"]
    assert dividing.assign(CHROMS, BY_CHROMOSOME, rng=rng).tolist() == wanted
    assert dividing.assign(CHROMS, ByFolds(["2"], ["3"], FOLDS), rng=rng).tolist() == wanted
    by_share = dividing.assign(CHROMS * 10, splits.RANDOM, rng=rng).tolist()
    assert [by_share.count(name) for name in splits.SPLITS] == [56, 7, 7]


def test_groups_are_the_chromosomes_of_the_splits():
    assert dividing.groups(CHROMS, splits.RANDOM) == [["a", "b", "c", "d"]]
    assert dividing.groups(CHROMS, BY_CHROMOSOME) == [["a", "d"], ["b"], ["c"]]
    assert dividing.groups(CHROMS, ByFolds(["2"], ["3"], FOLDS)) == [["a", "d"], ["b"], ["c"]]


def test_settled_plans_do_not_move_when_more_sequences_come():
    plan = dividing.settled(CHROMS, ByFolds(["2"], ["3"], count=3))
    assert plan == splits.ByChromosome(["c"], ["b", "d"])
    assert dividing.settled([*CHROMS, "b", "b", "b", "b"], plan) is plan
    assert dividing.settled(CHROMS, splits.RANDOM) is splits.RANDOM
