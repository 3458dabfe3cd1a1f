"""Clusters of seqlets: likeness against a slow loop, planted motifs found, laws of the strands."""

import numpy as np
import pytest

from cislens.motifs import _alike, _placing, clusters
from cislens.motifs.discovery import ClusterOptions
from cislens.sequence import alphabet, pwm
from cislens.sequence.pwm import Pwm

WORDS = ("TTTACGCAG", "CCGGAAGTG", "GGGGCGGAG")


def motif(word, *, purity=0.94):
    columns = np.full((4, len(word)), (1 - purity) / 3)
    for place, letter in enumerate(word):
        columns[:, place] = (1 - purity) / 3
        columns["ACGT".index(letter), place] = purity
    return Pwm(word, columns)


def planted(rng, *, each=60, length=80, noise=0.3, both=True):
    """Sequences with one motif each, maps that show it, and where it is."""
    rows, middles, truth, turned = each * len(WORDS), [], [], []
    codes = rng.integers(0, 4, (rows, length)).astype(np.uint8)
    values = rng.normal(scale=noise, size=(rows, 4, length))
    for row in range(rows):
        known = motif(WORDS[row % len(WORDS)])
        flipped = bool(both and rng.integers(2))
        known = pwm.reverse_complement(known) if flipped else known
        start = int(rng.integers(0, length - known.width + 1))
        draw = [rng.choice(4, p=column / column.sum()) for column in known.probabilities.T]
        codes[row, start : start + known.width] = draw
        odds = pwm.log_odds(known, pseudocount=0.01)
        values[row, :, start : start + known.width] += odds - odds.mean(axis=0)
        middles.append(start + known.width // 2 + int(rng.integers(-2, 3)))
        truth.append(row % len(WORDS))
        turned.append(flipped)
    values -= values.mean(axis=1, keepdims=True)
    return codes, values.astype(np.float32), np.array(middles), np.array(truth), np.array(turned)


@pytest.fixture
def windows(rng):
    codes, values, middles, _, _ = planted(rng)
    rows = np.arange(len(codes))
    return clusters.cut_out(codes, values, rows, middles, ClusterOptions().cut)


def slow_cosine(one, other, shift, flipped):
    """Product of two stretches laid over each other, each scaled in its fours."""
    other = _alike.flip(other[None])[0] if flipped else other
    total = 0.0
    for four in range(0, len(one), 4):
        a, b = one[four : four + 4], other[four : four + 4]
        cells = [
            (a[i, j], b[i, j - shift])
            for i in range(4)
            for j in range(a.shape[1])
            if 0 <= j - shift < b.shape[1]
        ]
        total += sum(x * y for x, y in cells) / np.linalg.norm(a) / np.linalg.norm(b)
    return total / (len(one) // 4)


@pytest.mark.parametrize("rows", [4, 8])
@pytest.mark.parametrize("both", [True, False])
def test_likeness_is_that_of_a_slow_loop(rng, rows, both):
    one, other = rng.normal(size=(2, 3, rows, 7)).astype(np.float32)
    found = _alike.best(_alike.unit(one), _alike.unit(other), most_shift=3, both_strands=both)
    for i in range(3):
        for j in range(3):
            all_ = {
                (shift, turned): slow_cosine(one[i], other[j], shift, turned)
                for shift in range(-3, 4)
                for turned in ((False, True) if both else (False,))
            }
            assert found.cosine[i, j] == pytest.approx(max(all_.values()), abs=1e-5)
            place = (int(found.shift[i, j]), bool(found.flipped[i, j]))
            assert place == max(all_, key=all_.get)


def test_a_stretch_and_its_reverse_complement_are_one(rng):
    one = _alike.unit(rng.normal(size=(1, 8, 12)).astype(np.float32))
    both = _alike.best(one, _alike.flip(one), most_shift=4, both_strands=True)
    assert 1 - both.cosine[0, 0] == pytest.approx(0, abs=1e-6)
    assert both.flipped[0, 0]
    alone = _alike.best(one, _alike.flip(one), most_shift=4, both_strands=False)
    assert alone.cosine[0, 0] < 0.9


def test_stretches_of_zeros_are_like_nothing():
    zeros = _alike.unit(np.zeros((1, 4, 5), np.float32))
    assert _alike.best(zeros, zeros, most_shift=1, both_strands=True).cosine[0, 0] == 0


def test_planted_motifs_are_found_on_both_strands(rng):
    codes, values, middles, truth, turned = planted(rng)
    cut = clusters.cut_out(codes, values, np.arange(len(codes)), middles, ClusterOptions().cut)
    found = clusters.find(cut, ClusterOptions(), both_strands=True)
    assert len(found) == len(WORDS)
    spelt = [pwm.consensus(cluster.pwm("m")) for cluster in found]
    both = {word: {word, pwm.consensus(pwm.reverse_complement(motif(word)))} for word in WORDS}
    for cluster, word in zip(found, spelt, strict=True):
        number = next(i for i, w in enumerate(WORDS) if {word} & both[w])
        assert len(cluster.members) >= 55
        assert (truth[cluster.members] == number).all()
        agrees = cluster.flipped == turned[cluster.members]
        assert max(agrees.mean(), 1 - agrees.mean()) > 0.98


def test_members_lie_where_the_cluster_says(windows):
    for cluster in clusters.find(windows, ClusterOptions(), both_strands=True):
        width = cluster.contributions.shape[1]
        counts, contributions = np.zeros((4, width)), np.zeros((4, width))
        for member, start, flipped in zip(
            cluster.members, cluster.starts, cluster.flipped, strict=True
        ):
            codes = windows.codes[member, start : start + width]
            values = windows.values[member, :, start : start + width].astype(float)
            if flipped:
                codes, values = alphabet.reverse_complement(codes[None])[0], values[::-1, ::-1]
            for place, code in enumerate(codes):
                if code < 4:
                    counts[code, place] += 1
                    contributions[code, place] += values[code, place]
        np.testing.assert_array_equal(cluster.counts, counts)
        np.testing.assert_allclose(
            cluster.contributions, contributions / len(cluster.members), atol=1e-5
        )


def test_a_part_with_all_members_is_the_motif_itself(windows):
    cluster = clusters.find(windows, ClusterOptions(), both_strands=True)[0]
    whole = clusters.part(windows, cluster, np.arange(len(cluster.members)))
    for before, after in zip(cluster, whole, strict=True):
        np.testing.assert_allclose(before, after, atol=1e-9)
    some = clusters.part(windows, cluster, np.array([3, 1]))
    assert some.members.tolist() == cluster.members[[3, 1]].tolist()
    assert some.counts.sum(axis=0).max() == 2


def test_turned_windows_give_the_same_clusters(windows):
    options = ClusterOptions()
    turned = clusters.Windows(
        alphabet.reverse_complement(windows.codes), windows.values[:, ::-1, ::-1].copy()
    )
    straight = clusters.find(windows, options, both_strands=True)
    flipped = clusters.find(turned, options, both_strands=True)
    assert [sorted(c.members) for c in straight] == [sorted(c.members) for c in flipped]


def test_one_strand_keeps_the_readings_apart(rng):
    codes, values, middles, _, _ = planted(rng)
    cut = clusters.cut_out(codes, values, np.arange(len(codes)), middles, ClusterOptions().cut)
    found = clusters.find(cut, ClusterOptions(), both_strands=False)
    assert len(found) == 2 * len(WORDS)
    assert not any(cluster.flipped.any() for cluster in found)


def test_seqlets_beyond_the_first_are_taken_up(rng):
    codes, values, middles, _, _ = planted(rng)
    cut = clusters.cut_out(codes, values, np.arange(len(codes)), middles, ClusterOptions().cut)
    found = clusters.find(cut, ClusterOptions(first=60), both_strands=True)
    assert len(found) == len(WORDS)
    assert sum(len(cluster.members) for cluster in found) > 165


def test_noise_has_no_motif(rng):
    codes = rng.integers(0, 4, (60, 60)).astype(np.uint8)
    values = rng.normal(size=(60, 4, 60)).astype(np.float32)
    cut = clusters.cut_out(codes, values, np.arange(60), np.full(60, 30), ClusterOptions().cut)
    assert clusters.find(cut, ClusterOptions(), both_strands=True) == []


@pytest.mark.parametrize("count", [0, 1, 9])
def test_too_few_seqlets_are_no_motif(windows, count):
    few = clusters.Windows(windows.codes[:count], windows.values[:count])
    assert clusters.find(few, ClusterOptions(), both_strands=True) == []


def test_windows_run_over_the_ends_as_n(rng):
    codes = rng.integers(0, 4, (1, 6)).astype(np.uint8)
    values = rng.normal(size=(1, 4, 6)).astype(np.float32)
    cut = clusters.cut_out(codes, values, np.array([0]), np.array([1]), 6)
    assert cut.codes[0].tolist() == [4, 4, *codes[0, :4]]
    np.testing.assert_array_equal(cut.values[0, :, :2], 0)
    np.testing.assert_array_equal(cut.values[0, :, 2:], values[0, :, :4])


def test_average_linkage_by_hand():
    cosine = np.array([[1, 0.9, 0.1], [0.9, 1, 0.3], [0.1, 0.3, 1]], np.float32)
    labels = _placing.linked(cosine, 0.5)
    assert labels[0] == labels[1] != labels[2]
    # The mean of 0.1 and 0.3 is what joins the third.
    assert len(set(_placing.linked(cosine, 0.19))) == 1
    assert len(set(_placing.linked(cosine, 0.21))) == 2
