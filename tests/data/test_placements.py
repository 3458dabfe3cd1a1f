import numpy as np
import pandas as pd
import pytest

from cislens.data import placements
from cislens.data.placements import Placements
from cislens.errors import UserError
from cislens.sequence.pwm import Pwm

MOTIFS = [Pwm("A", np.full((4, 3), 0.25)), Pwm("B", np.full((4, 2), 0.25))]


def sites(*rows):
    return Placements(pd.DataFrame(rows, columns=[*placements.COLUMNS]), MOTIFS)


GOOD = [(0, 1, 4, "+", "A"), (2, 0, 2, "-", "B"), (2, 5, 8, "+", "A"), (4, 8, 10, "+", "B")]


def test_good_sites_pass():
    placements.check(sites(*GOOD), sequences=5, length=10)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ((5, 0, 3, "+", "A"), "a sequence number from 0 to 4"),
        ((-1, 0, 3, "+", "A"), "a sequence number from 0 to 4"),
        ((0, -1, 2, "+", "A"), "0 <= start < end <= 10"),
        ((0, 8, 11, "+", "A"), "0 <= start < end <= 10"),
        ((0, 3, 3, "+", "A"), "0 <= start < end <= 10"),
        ((0, 0, 3, ".", "A"), "a strand"),
        ((0, 0, 3, "+", "C"), "the name of one of its motifs"),
    ],
)
def test_wrong_sites_are_named(row, message):
    with pytest.raises(UserError, match=f"row 4 is .*{message}"):
        placements.check(sites(*GOOD, row), sequences=5, length=10)


def test_missing_column():
    truth = sites(*GOOD)
    with pytest.raises(UserError, match="column strand is missing"):
        placements.check(
            truth._replace(table=truth.table.drop(columns="strand")), sequences=5, length=10
        )


def test_motifs_of_one_name():
    with pytest.raises(UserError, match="two motifs are named 'A'"):
        placements.check(sites(*GOOD)._replace(motifs=[*MOTIFS, MOTIFS[0]]), sequences=5, length=10)


def test_restrict_renumbers_and_drops():
    kept = placements.restrict(sites(*GOOD), np.array([4, 0, 2]))
    assert kept.table["sequence"].tolist() == [1, 2, 2, 0]
    assert kept.table["start"].tolist() == [1, 0, 5, 8]
    dropped = placements.restrict(sites(*GOOD), np.array([1, 3]))
    assert len(dropped.table) == 0
    assert dropped.motifs == MOTIFS
