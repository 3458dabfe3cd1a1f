"""Planted motifs keep the layout, and every arrangement of them is equally likely."""

import itertools

import numpy as np
import pytest
from scipy import stats

from cislens.errors import UserError
from cislens.sequence.pwm import Pwm
from cislens.simulation import embed


def motif(name, width):
    return Pwm(name, np.full((4, width), 0.25))


MOTIFS = [motif("short", 4), motif("long", 9)]


def blank(rows, length):
    return np.full((rows, length), 4, dtype=np.uint8)


def gaps(table):
    """Distance of each site to the one before it in its sequence; NaN for the first."""
    ordered = table.sort_values(["sequence", "start"])
    return ordered["start"] - ordered.groupby("sequence")["end"].shift()


def test_counts_strands_and_motifs_are_as_asked(rng):
    layout = embed.Layout(counts=(0.2, 0.5, 0.0, 0.3))
    _, truth = embed.plant(blank(4000, 60), MOTIFS, layout=layout, rng=rng, weights=[1.0, 3.0])
    table = truth.table
    count = np.bincount(table["sequence"], minlength=4000)
    observed = np.bincount(count, minlength=4)
    assert observed[2] == 0
    expected = np.array([0.2, 0.5, 0.3]) * 4000
    assert stats.chisquare(observed[[0, 1, 3]], expected).pvalue > 1e-4
    assert stats.binomtest(int((table["strand"] == "+").sum()), len(table)).pvalue > 1e-4
    long = int((table["motif"] == "long").sum())
    assert stats.binomtest(long, len(table), 0.75).pvalue > 1e-4


def test_sites_stay_in_the_window_apart_from_each_other(rng):
    layout = embed.Layout(counts=(0.0, 0.0, 0.5, 0.5), window=(10, 50), spacing=3)
    codes, truth = embed.plant(blank(500, 60), MOTIFS, layout=layout, rng=rng)
    table = truth.table
    assert table["start"].min() == 10
    assert table["end"].max() == 50
    assert gaps(table).min() == 3
    assert (table["end"] - table["start"] == table["motif"].map({"short": 4, "long": 9})).all()
    assert (codes < 4).sum() == (table["end"] - table["start"]).sum()


@pytest.mark.parametrize("strand", ["+", "-"])
def test_one_strand_only(strand, rng):
    layout = embed.Layout(strand=strand)
    _, truth = embed.plant(blank(50, 20), MOTIFS, layout=layout, rng=rng)
    assert set(truth.table["strand"]) == {strand}


def test_all_arrangements_are_equally_likely(rng):
    widths, length, spacing = (1, 2, 1), 9, 1
    possible = [
        starts
        for starts in itertools.product(range(length), repeat=3)
        if all(
            starts[i] + widths[i] + spacing <= starts[i + 1]
            if i < 2
            else starts[i] + widths[i] <= length
            for i in range(3)
        )
    ]
    motifs = [motif(str(number), width) for number, width in enumerate(widths)]
    rows = 200 * len(possible)
    _, truth = embed.plant_chosen(
        blank(rows, length),
        motifs,
        np.tile([0, 1, 2], (rows, 1)),
        layout=embed.Layout(spacing=spacing),
        rng=rng,
    )
    found = [tuple(starts) for starts in truth.table["start"].to_numpy().reshape(-1, 3).tolist()]
    observed = [found.count(starts) for starts in possible]
    assert sum(observed) == rows
    assert stats.chisquare(observed).pvalue > 1e-4


def test_given_motifs_stand_in_the_order_given(rng):
    chosen = np.array([[1, 0, 1], [0, -1, -1], [-1, -1, -1]])
    _, truth = embed.plant_chosen(blank(3, 40), MOTIFS, chosen, layout=embed.Layout(), rng=rng)
    table = truth.table
    assert table["sequence"].tolist() == [0, 0, 0, 1]
    assert table["motif"].tolist() == ["long", "short", "long", "short"]
    assert table["start"][:3].is_monotonic_increasing


def test_a_full_window_leaves_no_choice(rng):
    chosen = np.array([[0, 1, 0]])
    _, truth = embed.plant_chosen(blank(1, 17), MOTIFS, chosen, layout=embed.Layout(), rng=rng)
    assert truth.table["start"].tolist() == [0, 4, 13]


def test_overlapping_motifs_start_anywhere(rng):
    layout = embed.Layout(counts=(0.0, 0.0, 1.0), overlap=True)
    _, truth = embed.plant(blank(3000, 12), [MOTIFS[0]], layout=layout, rng=rng)
    assert (gaps(truth.table) < 0).any()
    assert stats.chisquare(np.bincount(truth.table["start"], minlength=9)).pvalue > 1e-4


def test_same_seed_same_bits():
    runs = [
        embed.plant(
            blank(20, 50),
            MOTIFS,
            layout=embed.Layout(counts=(0.0, 0.5, 0.5)),
            rng=np.random.default_rng(7),
        )
        for _ in range(2)
    ]
    np.testing.assert_array_equal(runs[0][0], runs[1][0])
    assert runs[0][1].table.equals(runs[1][1].table)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"counts": (0.5, 0.4)}, "sum to 1"),
        ({"counts": ()}, "sum to 1"),
        ({"counts": (-0.5, 1.5)}, "sum to 1"),
        ({"spacing": -1}, "spacing=-1"),
        ({"spacing": 2, "overlap": True}, "spacing=2 with overlap=True"),
    ],
)
def test_layouts_without_sense_are_refused(wrong, message):
    with pytest.raises(UserError, match=message):
        embed.Layout(**wrong)


def test_what_does_not_fit_is_refused(rng):
    apart, over, aside = (
        embed.Layout(),
        embed.Layout(overlap=True),
        embed.Layout(window=(5, 30)),
    )
    chosen = np.array([[0, -1], [1, 1]])
    with pytest.raises(UserError, match="window of 17 bp; 2 motifs need 18 bp"):
        embed.plant_chosen(blank(2, 17), MOTIFS, chosen, layout=apart, rng=rng)
    with pytest.raises(UserError, match="window of 8 bp; 2 motifs need 9 bp"):
        embed.plant_chosen(blank(2, 8), MOTIFS, chosen, layout=over, rng=rng)
    with pytest.raises(UserError, match=r"window=\(5, 30\)"):
        embed.plant(blank(2, 20), MOTIFS, layout=aside, rng=rng)
    with pytest.raises(UserError, match="a motif behind a -1"):
        embed.plant_chosen(blank(2, 40), MOTIFS, chosen[:, ::-1], layout=apart, rng=rng)


@pytest.mark.parametrize("weights", [[1.0], [-1.0, 2.0], [0.0, 0.0]])
def test_weights_that_do_not_fit_the_motifs_are_refused(weights, rng):
    with pytest.raises(UserError, match="for 2 motifs; wants one a motif"):
        embed.plant(blank(2, 20), MOTIFS, layout=embed.Layout(), rng=rng, weights=weights)
