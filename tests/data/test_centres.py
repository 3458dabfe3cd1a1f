"""Places and labels of windows around peaks, against counting peak by peak."""

import numpy as np
import pandas as pd
import pytest

from cislens.data import centres


def table(summits, strand=None, chrom="a", reach=2):
    summits = np.asarray(summits)
    columns = {"chrom": chrom, "start": summits - reach, "end": summits + reach + 1}
    found = pd.DataFrame({**columns, "summit": summits})
    return found if strand is None else found.assign(strand=strand)


def test_each_place_once():
    found = centres.find({"x": table([50, 10, 50]), "y": table([10, 11], chrom="b")})
    assert found.values.tolist() == [
        ["a", 10, "+"], ["a", 50, "+"], ["b", 10, "+"], ["b", 11, "+"],
    ]  # fmt: skip


def test_near_summits_become_their_median():
    summits = [10, 12, 15, 16, 21, 40]
    found = centres.find({"x": table(summits)}, merge=5)
    assert found["centre"].tolist() == [12, 16, 40]


def test_strands_are_kept_apart():
    peaks = {"x": table([10, 10, 12, 30], ["+", "-", ".", "."])}
    found = centres.find(peaks, merge=3)
    assert found[["centre", "strand"]].values.tolist() == [[10, "+"], [30, "+"], [10, "-"]]


def test_labels_equal_a_look_at_every_peak(rng):
    peaks = {
        name: table(
            rng.integers(5, 400, 25), rng.choice(["+", "-", "."], 25), rng.choice(list("ab"), 25)
        )
        for name in "xyz"
    }
    found = centres.find(peaks, merge=3)
    labels = centres.labels(found, peaks, width=11, margin=4)
    for place, row in zip(found.itertuples(), labels, strict=True):
        for label, peak in zip(row, peaks.values(), strict=True):
            here = peak[(peak["chrom"] == place.chrom) & peak["strand"].isin([place.strand, "."])]
            off = np.abs(here["summit"] - place.centre)
            assert (label == 1) == (off <= 5).any()
            assert np.isnan(label) == ((off <= 9).any() and label != 1)
    assert (labels == 1).any(axis=1).all()
    assert np.isnan(labels).any()


@pytest.mark.parametrize("context", [30, 31])
@pytest.mark.parametrize("rule", ["summit", "any"])
def test_evidence_in_the_window_beside_its_middle_is_ambiguous(rng, context, rule):
    peaks = {
        name: table(
            rng.integers(5, 900, 25), rng.choice(["+", "-", "."], 25), rng.choice(list("ab"), 25)
        )
        for name in "xyz"
    }
    found = centres.find(peaks)
    labels = centres.labels(found, peaks, width=10, rule=rule, context=context)
    for place, row in zip(found.itertuples(), labels, strict=True):
        first = place.centre - context // 2
        window = set(range(first, first + context))
        middle = set(range(place.centre - 5, place.centre + 5))
        for label, peak in zip(row, peaks.values(), strict=True):
            evidence = set()
            for other in peak.itertuples():
                if other.chrom == place.chrom and other.strand in {place.strand, "."}:
                    evidence |= {other.summit} if rule == "summit" else {*range(*other[2:4])}
            expected = 1 if evidence & middle else np.nan if evidence & window else 0
            assert label == expected or (np.isnan(label) and np.isnan(expected))
    assert {*np.unique(labels[~np.isnan(labels)])} == {0, 1}
    assert np.isnan(labels).any()
