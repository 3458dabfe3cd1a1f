"""Seqlets: worked cases, a slow reference, and q-values that keep their word."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cislens.errors import UserError
from cislens.motifs import seqlets
from cislens.motifs.discovery import SeqletOptions

WORKED = SeqletOptions(cut=1.96, gap=1, least=4)


def spans(track, options):
    table = seqlets.call(np.atleast_2d(np.array(track, float)), options)
    return list(zip(table["start"], table["end"], table["sign"], table["bases"], strict=True))


@pytest.mark.parametrize(
    ("track", "expected"),
    [
        ([0, 3, 3, 0, 3, 3, 0, 0], [(1, 6, 1, 4)]),
        ([0, 3, 3, 0, 0, 3, 3, 0], []),
        ([0, 3, 3, 3, 3, -3, -3, -3, -3, 0], [(1, 5, 1, 4), (5, 9, -1, 4)]),
        ([3, 3, 3, 3], [(0, 4, 1, 4)]),
        ([1.96] * 6, []),
    ],
)
def test_worked_cases(track, expected):
    assert spans(track, WORKED) == expected


def slow(track, options):
    """Walk along each row and sign, base by base."""
    found = []
    for row, values in enumerate(track):
        for sign in (1, -1):
            places = [i for i, value in enumerate(values) if sign * value > options.cut]
            groups = []
            for place in places:
                if groups and place - groups[-1][-1] <= options.gap + 1:
                    groups[-1].append(place)
                else:
                    groups.append([place])
            found += [
                (row, g[0], g[-1] + 1, sign, len(g), sign * sum(values[g[0] : g[-1] + 1]))
                for g in groups
                if len(g) >= options.least
            ]
    return sorted(found, key=lambda seqlet: (seqlet[0], seqlet[1], seqlet[3]))


@given(
    seed=st.integers(0, 2**32 - 1),
    length=st.integers(1, 40),
    gap=st.integers(0, 3),
    least=st.integers(1, 5),
    cut=st.sampled_from([0.0, 0.5, 1.0]),
)
def test_stretches_are_those_of_a_walk(seed, length, gap, least, cut):
    track = np.random.default_rng(seed).normal(size=(3, length)).round(2)
    options = SeqletOptions(cut=cut, gap=gap, least=least)
    table, expected = seqlets.call(track, options), slow(track, options)
    columns = ["row", "start", "end", "sign", "bases"]
    assert [tuple(r) for r in table[columns].to_numpy()] == [e[:5] for e in expected]
    np.testing.assert_allclose(table["score"], [e[5] for e in expected], atol=1e-9)


def test_no_seqlet_is_an_empty_table_of_the_same_columns():
    table = seqlets.call(np.zeros((2, 10)), WORKED)
    assert len(table) == 0
    assert list(table.columns) == list(seqlets.COLUMNS)
    judged = seqlets.significance(table, table, sequences=2, null_sequences=2)
    assert list(judged.columns) == [*seqlets.COLUMNS, "chance", "q"]


def test_the_scale_is_over_all_blocks(rng):
    track = rng.normal(size=(5, 7))
    expected = np.sqrt((track**2).mean())
    assert seqlets.scale([track[:2], track[2:]]) == pytest.approx(expected)


@pytest.mark.parametrize(("value", "words"), [(0.0, "all 6 values are 0"), (np.nan, "NaN")])
def test_maps_without_a_scale_are_refused(value, words):
    with pytest.raises(UserError, match=words):
        seqlets.scale([np.full((2, 3), value)])


def test_q_by_hand():
    chance, q = seqlets.against_decoys(
        np.array([9.0, 5.0, 5.0, 1.0]), np.array([5.0, 2.0, 0.5]), trials=10, decoy_trials=20
    )
    np.testing.assert_allclose(chance, [1 / 20, 2 / 20, 2 / 20, 3 / 20])
    # 10 sequences: 0.5 false of 1 found, 1 of 3, 1 of 3, 1.5 of 4; q never rises with the score.
    np.testing.assert_allclose(q, [1 / 3, 1 / 3, 1 / 3, 1.5 / 4])


def test_signs_have_their_own_decoys():
    found = pd.DataFrame({"sign": [1, -1], "score": [3.0, 3.0]})
    null = pd.DataFrame({"sign": [1, 1, 1], "score": [4.0, 4.0, 4.0]})
    judged = seqlets.significance(found, null, sequences=1, null_sequences=10)
    np.testing.assert_allclose(judged["chance"], [0.4, 0.1])


def test_without_shuffles_nothing_is_known():
    empty = seqlets.call(np.zeros((1, 5)), WORKED)
    with pytest.raises(UserError, match="no shuffled sequence"):
        seqlets.significance(empty, empty, sequences=1, null_sequences=0)


def test_the_share_of_false_seqlets_is_what_was_asked_for(rng):
    """Bumps planted in noise; the null is other noise of the same kind."""
    options = SeqletOptions(cut=1.0, gap=1, least=4, fdr=0.2)
    shares = []
    for _ in range(20):
        track, null = rng.normal(size=(2, 200, 100))
        track[:100, 40:48] += 1.5
        found = seqlets.call(track, options)
        judged = seqlets.significance(
            found, seqlets.call(null, options), sequences=200, null_sequences=200
        )
        kept = judged[judged["q"] <= options.fdr]
        real = (kept["row"] < 100) & (kept["end"] > 40) & (kept["start"] < 48) & (kept["sign"] == 1)
        assert real.sum() > 50
        shares.append(1 - real.mean())
    assert np.mean(shares) < 0.2
