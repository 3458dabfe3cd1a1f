"""Sites are written base by base as their motif's columns say."""

import numpy as np
import pytest
from scipy import stats

from cislens.data.placements import Placements
from cislens.errors import UserError
from cislens.sequence.pwm import Pwm
from cislens.simulation import sites


def spelled(name, text):
    return Pwm(name, np.eye(4)[:, ["ACGT".index(base) for base in text]])


def random_motif(name, width, rng):
    return Pwm(name, rng.dirichlet(np.full(4, 0.7), size=width).T)


def random_truth(rng, motifs, rows, length):
    """One site a sequence."""
    motif = rng.integers(0, len(motifs), size=rows)
    widths = np.array([one.width for one in motifs])[motif]
    minus = rng.random(rows) < 0.5
    start = rng.integers(0, length - widths + 1)
    return Placements(
        sites.tabulate(motifs, np.arange(rows), start, motif=motif, minus=minus), motifs
    )


def write_slowly(codes, truth, uniforms):
    written, uniforms = codes.copy(), iter(uniforms)
    motifs = {motif.name: motif.probabilities for motif in truth.motifs}
    for site in truth.table.itertuples():
        matrix = motifs[site.motif]
        if site.strand == "-":
            matrix = np.array([row[::-1] for row in matrix[::-1]])
        for offset in range(site.end - site.start):
            uniform, cumulative = next(uniforms), 0.0
            for base in range(4):
                cumulative += matrix[base, offset]
                if cumulative > uniform:
                    break
            written[site.sequence, site.start + offset] = base
    return written


def test_both_strands_are_spelled_out():
    motifs = [spelled("a", "AAC"), spelled("b", "GT")]
    table = sites.tabulate(
        motifs,
        np.array([0, 0, 1]),
        np.array([1, 5, 3]),
        motif=np.array([0, 1, 0]),
        minus=np.array([False, False, True]),
    )
    codes = np.full((3, 8), 4, dtype=np.uint8)
    written = sites.write(codes, Placements(table, motifs), uniforms=np.full(8, 0.5))
    expected = [[4, 0, 0, 1, 4, 2, 3, 4], [4, 4, 4, 2, 3, 3, 4, 4], [4] * 8]
    np.testing.assert_array_equal(written, expected)
    assert (codes == 4).all()
    assert table["end"].tolist() == [4, 7, 6]


def test_write_agrees_with_a_slow_loop(rng):
    motifs = [random_motif(str(width), width, rng) for width in (3, 7, 12)]
    truth = random_truth(rng, motifs, 60, 30)
    codes = rng.integers(0, 4, size=(60, 30), dtype=np.uint8)
    uniforms = rng.random(len(sites.cells(truth.table)[0]))
    np.testing.assert_array_equal(
        sites.write(codes, truth, uniforms=uniforms), write_slowly(codes, truth, uniforms)
    )


def test_filled_bases_follow_the_columns(rng):
    motif = Pwm(
        "m", np.array([[0.6, 0.1, 0.25], [0.2, 0.2, 0.25], [0.1, 0.3, 0.25], [0.1, 0.4, 0.25]])
    )
    truth = random_truth(rng, [motif], 6000, 20)
    filled, _ = sites.fill(np.zeros((6000, 20), dtype=np.uint8), truth, rng=rng)
    bases = filled[sites.cells(truth.table)].reshape(-1, 3)
    minus = (truth.table["strand"] == "-").to_numpy()
    bases[minus] = 3 - bases[minus][:, ::-1]
    for column in range(3):
        observed = np.bincount(bases[:, column], minlength=4)
        expected = motif.probabilities[:, column] * 6000
        assert stats.chisquare(observed, expected).pvalue > 1e-4


def test_only_sites_change(rng):
    motifs = [random_motif("m", 6, rng)]
    truth = random_truth(rng, motifs, 50, 40)
    codes = np.full((50, 40), 4, dtype=np.uint8)
    filled, kept = sites.fill(codes, truth, rng=rng)
    inside = np.zeros(codes.shape, dtype=bool)
    inside[sites.cells(truth.table)] = True
    np.testing.assert_array_equal(filled < 4, inside)
    assert kept is truth


def test_the_later_of_two_overlapping_sites_stays():
    motifs = [spelled("a", "AAAA"), spelled("c", "CC")]
    table = sites.tabulate(
        motifs,
        np.array([0, 0]),
        np.array([0, 1]),
        motif=np.array([0, 1]),
        minus=np.array([False, False]),
    )
    written = sites.write(
        np.zeros((1, 4), dtype=np.uint8), Placements(table, motifs), uniforms=np.full(6, 0.5)
    )
    np.testing.assert_array_equal(written, [[0, 1, 1, 0]])


def test_no_sites_leave_sequences_alone(rng):
    none = np.zeros(0, dtype=np.int64)
    motifs = [spelled("a", "AC")]
    table = sites.tabulate(motifs, none, none, motif=none, minus=none.astype(bool))
    codes = rng.integers(0, 4, size=(2, 5), dtype=np.uint8)
    filled, _ = sites.fill(codes, Placements(table, motifs), rng=rng)
    np.testing.assert_array_equal(filled, codes)


def test_sites_outside_and_twins_are_refused(rng):
    motifs = [spelled("a", "AC")]
    outside = sites.tabulate(
        motifs, np.array([0]), np.array([4]), motif=np.array([0]), minus=np.array([False])
    )
    codes = np.zeros((1, 5), dtype=np.uint8)
    with pytest.raises(UserError, match="placements: row 0"):
        sites.fill(codes, Placements(outside, motifs), rng=rng)
    with pytest.raises(UserError, match="two motifs are named 'a'"):
        sites.fill(codes, Placements(outside, motifs * 2), rng=rng)
