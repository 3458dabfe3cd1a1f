"""Hits: every place against a slow loop, rivals, planted sites, and FIMO against a slow scan."""

import numpy as np
import pytest

from cislens.errors import UserError
from cislens.motifs import hits
from cislens.motifs.discovery import HitOptions
from cislens.sequence import pwm
from cislens.sequence.pwm import Pwm


def projected(rng, rows, length):
    """Maps of the bases of random sequences."""
    codes = rng.integers(0, 4, (rows, length)).astype(np.uint8)
    onehot = codes[:, None] == np.arange(4)[:, None]
    return codes, rng.normal(size=(rows, 4, length)) * onehot


def slow(maps, motifs, options, both):
    """Hold every window against every reading, then let the highest scores take their places."""
    found = []
    for row, map_ in enumerate(maps):
        for number, motif in enumerate(motifs):
            width = motif.shape[1]
            for strand in "+-" if both else "+":
                reading = motif[::-1, ::-1] if strand == "-" else motif
                for start in range(map_.shape[1] - width + 1):
                    window = map_[:, start : start + width]
                    score = (window * reading).sum() / np.linalg.norm(reading)
                    cosine = score / np.linalg.norm(window)
                    if cosine >= options.cosine:
                        place = (row, start, start + width, strand, number)
                        found.append((*place, score, cosine, window.sum()))
    kept = []
    for hit in sorted(found, key=lambda hit: -hit[5]):
        same = [other for other in kept if other[0] == hit[0]]
        shares = [
            (min(hit[2], other[2]) - max(hit[1], other[1]))
            / min(hit[2] - hit[1], other[2] - other[1])
            for other in same
        ]
        if max(shares, default=0) <= options.overlap:
            kept.append(hit)
    return sorted(kept, key=lambda hit: (hit[0], hit[1], hit[4]))


@pytest.mark.parametrize("both", [True, False])
@pytest.mark.parametrize("overlap", [0.0, 0.5])
def test_hits_are_those_of_a_slow_loop(rng, both, overlap):
    _, maps = projected(rng, 15, 40)
    motifs = [rng.normal(size=(4, 4)), rng.normal(size=(4, 6))]
    options = HitOptions(cosine=0.5, overlap=overlap)
    found = hits.scan(maps, motifs, options, both_strands=both)
    expected = slow(maps, motifs, options, both)
    assert len(found) == len(expected) > 5
    for got, wanted in zip(found.itertuples(index=False), expected, strict=True):
        assert tuple(got[:5]) == wanted[:5]
        np.testing.assert_allclose(got[5:], wanted[5:], atol=1e-5)


def test_a_hit_of_the_motif_itself_has_cosine_1(rng):
    motif = np.zeros((4, 5))
    motif[[0, 3, 2, 1, 0], range(5)] = [2.0, 1.0, 3.0, 1.0, 2.0]
    maps = np.zeros((1, 4, 20))
    maps[0, :, 7:12] = motif
    maps[0, :, 14:19] = motif[::-1, ::-1] * 0.5
    found = hits.scan(maps, [motif], HitOptions(), both_strands=True)
    assert found[["start", "strand"]].to_numpy().tolist() == [[7, "+"], [14, "-"]]
    np.testing.assert_allclose(found["cosine"], 1, atol=1e-6)
    np.testing.assert_allclose(found["contribution"], [9, 4.5], atol=1e-5)


def test_a_repressive_motif_has_hits_where_contributions_are_negative():
    motif = np.zeros((4, 4))
    motif[[0, 1, 2, 3], range(4)] = -1.0
    maps = np.concatenate([motif, -motif], axis=1)[None]
    found = hits.scan(maps, [motif], HitOptions(), both_strands=False)
    assert found["start"].tolist() == [0]
    assert found["contribution"].tolist() == [-4]


@pytest.mark.parametrize("motifs", [[], [np.ones((4, 30))], [np.zeros((4, 5))]])
def test_nothing_to_find_is_an_empty_table(rng, motifs):
    _, maps = projected(rng, 2, 20)
    found = hits.scan(maps, motifs, HitOptions(), both_strands=True)
    assert len(found) == 0
    assert list(found.columns) == list(hits.COLUMNS)
    judged = hits.significance(found, found, sequences=2, null_sequences=2)
    assert list(judged.columns) == [*hits.COLUMNS, "chance", "q"]


def test_each_motif_has_its_own_decoys(rng):
    _, maps = projected(rng, 15, 40)
    motifs = [rng.normal(size=(4, 4)), rng.normal(size=(4, 6))]
    found = hits.scan(maps, motifs, HitOptions(cosine=0.5), both_strands=True)
    null = found[found["motif"] == 0]
    judged = hits.significance(found, null, sequences=15, null_sequences=50)
    assert (judged["chance"][judged["motif"] == 1] == 1 / 50).all()
    best = judged[judged["motif"] == 0].sort_values("score").iloc[-1]
    assert best["chance"] == 2 / 50
    with pytest.raises(UserError, match="no shuffled sequence"):
        hits.significance(found, null, sequences=15, null_sequences=0)


def sharp(word):
    columns = np.full((4, len(word)), 0.02)
    columns[["ACGT".index(letter) for letter in word], range(len(word))] = 0.94
    return Pwm(word, columns)


@pytest.mark.parametrize("both", [True, False])
def test_matches_are_those_of_a_slow_scan(rng, both):
    codes = rng.integers(0, 4, (60, 100)).astype(np.uint8)
    known = [sharp("ACGTTGGA"), sharp("TATAAAC")]
    found = hits.matches(codes, known, p_threshold=3e-3, both_strands=both)
    got = set(zip(found["row"], found["start"], found["strand"], found["motif"], strict=True))
    for number, motif in enumerate(known):
        bits = pwm.log_odds(motif, pseudocount=0.0004)
        words = np.stack(np.meshgrid(*[range(4)] * motif.width), -1).reshape(-1, motif.width)
        null = np.sort(bits[words, np.arange(motif.width)].sum(axis=1))
        for row in range(60):
            for start in range(100 - motif.width + 1):
                word = codes[row, start : start + motif.width]
                for strand in "+-" if both else "+":
                    read = 3 - word[::-1] if strand == "-" else word
                    score = bits[read, np.arange(motif.width)].sum()
                    p = 1 - np.searchsorted(null, score - 1e-9) / len(null)
                    # memelite bins scores, which moves p-values near the threshold.
                    if p < 2e-3:
                        assert (row, start, strand, number) in got
                    elif p > 4.5e-3:
                        assert (row, start, strand, number) not in got
    assert len(got) > 5


def test_a_window_with_n_has_no_match():
    motif = sharp("AACGTACC")
    codes = np.full((2, 20), 3, np.uint8)
    codes[:, 5:13] = [0, 0, 1, 2, 3, 0, 1, 1]
    codes[1, 5] = 4
    found = hits.matches(codes, [motif], p_threshold=1e-3, both_strands=False)
    assert found[["row", "start", "end"]].to_numpy().tolist() == [[0, 5, 13]]


def test_no_motif_has_no_match():
    codes = np.zeros((2, 5), np.uint8)
    for motifs in ([], [sharp("ACGTACGT")]):
        found = hits.matches(codes, motifs, p_threshold=1e-3, both_strands=True)
        assert list(found.columns) == list(hits.MATCH_COLUMNS)
        assert len(found) == 0
