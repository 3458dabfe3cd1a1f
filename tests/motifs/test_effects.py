"""Seqlets of a motif told apart by the tasks they act on."""

import numpy as np
import pytest

from cislens.errors import UserError
from cislens.motifs import effects


def profiles(rng, means, each, noise=0.1):
    means = np.repeat(np.array(means, float), each, axis=0)
    return means + rng.normal(scale=noise, size=means.shape)


def test_two_patterns_of_effect_are_two_groups(rng):
    made = profiles(rng, [[1, 0, 0, 1], [0, 1, 1, 0]], 20)
    made[:20] *= rng.uniform(0.5, 3, size=(20, 1))
    order = rng.permutation(40)
    found = effects.split(made[order], least=10)
    assert [set(order[group]) for group in found] in (
        [set(range(20)), set(range(20, 40))],
        [set(range(20, 40)), set(range(20))],
    )


def test_groups_disagree_with_each_other(rng):
    made = rng.normal(size=(60, 4))
    found = effects.split(made, least=1)
    assert len(found) > 2
    r = np.corrcoef(made)
    for i, one in enumerate(found):
        for other in found[:i]:
            assert r[np.ix_(one, other)].mean() < effects.AGREEING


def test_noise_does_not_split_a_motif(rng):
    """One profile, so noisy that some seqlets disagree with each other."""
    made = profiles(rng, [[4, 0, 0, 1, 0, 0]], 300, noise=1.5)
    assert np.corrcoef(made).min() < 0
    (group,) = effects.split(made, least=10)
    assert len(group) == 300


def test_small_groups_go_to_the_nearest(rng):
    made = profiles(rng, [[1, 0, 0, 0], [0, 0, 1, 1]], 20)
    odd = np.array([[0.6, -0.1, 0.5, 0.0]])
    assert np.corrcoef(odd[0], made[:20].mean(axis=0))[0, 1] > 0.3
    found = effects.split(np.concatenate([made, odd]), least=10)
    assert sorted(len(group) for group in found) == [20, 21]
    assert sorted(np.concatenate(found)) == list(range(41))
    assert any({40, 0} <= set(group) for group in found)


def test_seqlets_beyond_the_first_go_to_the_nearest(rng, monkeypatch):
    made = profiles(rng, [[1, 0, 0, 1], [0, 1, 1, 0]], 40)
    order = rng.permutation(80)
    whole = effects.split(made[order], least=10)
    monkeypatch.setattr(effects, "MOST", 40)
    few = effects.split(made[order], least=10)
    assert {tuple(group) for group in whole} == {tuple(group) for group in few}


@pytest.mark.parametrize(
    "made",
    [np.array([[1.0, 0.0], [0.0, 1.0]] * 20), np.zeros((30, 5)), np.ones((3, 4)), np.eye(4)[:0]],
)
def test_what_cannot_be_told_apart_is_one_group(made):
    (group,) = effects.split(made, least=10)
    assert group.tolist() == list(range(len(made)))


def test_a_threshold_out_of_its_range():
    with pytest.raises(UserError, match="wants a correlation"):
        effects.split(np.ones((2, 3)), least=1, agreeing=2.0)
