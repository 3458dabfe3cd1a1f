"""Negatives: where they lie, how alike they are, and what is said of it."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from cislens.data import genome, negatives


@pytest.fixture(scope="module")
def reference(tmp_path_factory):
    """A chromosome whose GC content goes from 20 to 80 percent, with a run of N."""
    rng = np.random.default_rng(1)
    share = np.linspace(0.2, 0.8, 60_000)
    is_gc = rng.random(60_000) < share
    letters = np.where(is_gc, rng.choice(list("GC"), 60_000), rng.choice(list("AT"), 60_000))
    letters[30_000:30_500] = "N"
    path = tmp_path_factory.mktemp("genome") / "g.fa"
    path.write_text(f">a\n{''.join(letters)}\n")
    return genome.open(path)


OFFERS = pd.DataFrame({"chrom": "a", "start": np.arange(0, 60_000 - 50, 50)})


def wanted(reference, matched, rng, count=60):
    start = rng.integers(45_000, 55_000, count)
    strand = rng.choice(["+", "-"], count, p=[0.3, 0.7])
    codes = reference.windows(["a"] * count, start, length=50, strand=strand)
    return negatives.Wanted(negatives.features(codes, matched), strand)


def drawn(reference, asked, matched, rng, offers=OFFERS):
    tally = negatives.Tally()
    options = {"length": 50, "matched": matched, "rng": rng, "tally": tally}
    blocks = list(negatives.draw(reference, offers, asked, **options))
    places = pd.concat([block for block, _ in blocks])
    return places, np.concatenate([codes for _, codes in blocks]), tally.summary()


@pytest.mark.parametrize("matched", negatives.MATCHED)
def test_windows_are_those_of_the_genome_and_differ(matched, reference, rng):
    asked = wanted(reference, matched, rng)
    places, codes, _ = drawn(reference, asked, matched, rng)
    assert len(places) == 60
    assert not places[["chrom", "start"]].duplicated().any()
    assert set(places["start"]) <= set(OFFERS["start"])
    assert codes.max() < 4
    again = reference.windows(
        places["chrom"].to_numpy(), places["start"].to_numpy(), length=50,
        strand=places["strand"].to_numpy(),
    )  # fmt: skip
    np.testing.assert_array_equal(codes, again)


def test_match_is_close_and_told(reference, rng):
    asked = wanted(reference, "gc", rng)
    _, codes, told = drawn(reference, asked, "gc", rng)
    gc = ((codes == 1) | (codes == 2)).mean(axis=1)
    positives = asked.features[:, 0]
    statistic = stats.mannwhitneyu(positives, gc).statistic / 60**2
    assert told["auroc_of_gc"] == pytest.approx(statistic)
    assert abs(statistic - 0.5) < 0.02
    assert told["auroc_of_gc_at_random"] > 0.75
    assert told["gc_positives"] == pytest.approx(positives.mean())
    assert told["gc_negatives"] == pytest.approx(gc.mean())
    assert (told["asked"], told["found"]) == (60, 60)
    assert told["dinucleotide_gap"] is None


def test_dinucleotides_are_matched_closer_than_by_gc(reference, rng):
    asked = wanted(reference, "dinucleotide", rng)
    _, codes, told = drawn(reference, asked, "dinucleotide", rng)
    gap = np.abs(
        negatives.features(codes, "dinucleotide")[:, 1:].mean(0) - asked.features[:, 1:].mean(0)
    )
    assert told["dinucleotide_gap"] == pytest.approx(gap.max())
    assert told["dinucleotide_gap"] < told["dinucleotide_gap_at_random"] / 3
    assert abs(told["auroc_of_gc"] - 0.5) < 0.05


def test_strands_are_those_of_the_wanted(reference, rng):
    asked = wanted(reference, "gc", rng, count=400)
    places, _, _ = drawn(reference, asked, "gc", rng)
    assert (places["strand"] == "-").mean() == pytest.approx(0.7, abs=0.1)


@pytest.mark.parametrize("matched", negatives.MATCHED)
def test_too_few_offers_are_all_taken(matched, reference, rng):
    few = OFFERS.iloc[[3, 4, 5, 605]]
    places, _, told = drawn(reference, wanted(reference, matched, rng), matched, rng, few)
    assert set(places["start"]) == {150, 200, 250}
    assert (told["asked"], told["found"]) == (60, 3)


def test_nothing_on_offer(reference, rng):
    asked = wanted(reference, "gc", rng)
    places, _, told = drawn(reference, asked, "gc", rng, OFFERS[:0])
    assert not len(places)
    assert told["found"] == 0
    assert told["auroc_of_gc"] is None


def test_blocks_do_not_share_windows(reference, rng, monkeypatch):
    monkeypatch.setattr(negatives, "_BLOCK", 7)
    places, _, told = drawn(reference, wanted(reference, "gc", rng), "gc", rng)
    assert len(places) == 60
    assert not places["start"].duplicated().any()
    assert abs(told["auroc_of_gc"] - 0.5) < 0.05
