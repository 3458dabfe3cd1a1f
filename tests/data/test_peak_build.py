"""Datasets of windows around peaks agree with the genome, base by base and label by label."""

import numpy as np
import pandas as pd
import pytest

from cislens.data import dataset, genome, peak_build, splits
from cislens.data.peak_build import Centring
from cislens.errors import UserError

PLAN = splits.ByChromosome(validation=["b"], test=["c"])
BACK = str.maketrans("ACGTN", "TGCAN")


@pytest.fixture
def reference(rng, tmp_path):
    texts = {name: "".join(rng.choice(list("ACGT"), 3000)) for name in "abcd"}
    texts["a"] = texts["a"][:500] + "N" * 200 + texts["a"][700:]
    path = tmp_path / "g.fa"
    path.write_text("".join(f">{name}\n{text}\n" for name, text in texts.items()))
    return genome.open(path), texts


@pytest.fixture
def peaks(rng):
    def table(count):
        start = rng.integers(0, 2970, count)
        chrom = rng.choice(list("abc"), count)
        # One window would begin before its chromosome, one lies in a run of N.
        start[:2], chrom[:2] = (5, 585), "a"
        columns = {"chrom": chrom, "start": start, "end": start + 30}
        strand = rng.choice(["+", "-", "."], count)
        return pd.DataFrame({**columns, "summit": start + 15, "strand": strand})

    return {"one": table(30), "two": table(15)}


def build(reference, peaks, out, *, split=PLAN, **options):
    centring = Centring(**{"context": 60, "width": 10} | options)
    built = peak_build.from_peaks(
        reference, peaks, out, centring=centring, split=split, provenance={"x": 1}, seed=3
    )
    return dataset.open(out), built


def test_rows_equal_the_genome(reference, peaks, tmp_path):
    opened, texts = reference
    stored, built = build(opened, peaks, tmp_path / "d.zarr")
    view, places = stored.view(), stored.intervals
    for row, codes in enumerate(view[0 : len(view)]):
        place = places.iloc[row]
        text = texts[place["chrom"]][place["start"] : place["end"]]
        text = text[::-1].translate(BACK) if place["strand"] == "-" else text
        assert "".join("ACGTN"[code] for code in codes) == text
        name = f"{place['chrom']}:{place['start']}-{place['end']}"
        assert stored.ids[row] == name + ("(-)" if place["strand"] == "-" else "")
        assert stored.split[row] == {"b": "validation", "c": "test"}.get(place["chrom"], "train")
        for label, table in zip(view.targets[row], peaks.values(), strict=True):
            here = table[(table["chrom"] == place["chrom"])]
            mine = here[here["strand"].isin([place["strand"], "."])]
            summits = mine["summit"] if row < built.windows else here["summit"]
            bound = summits.between(place["start"] + 25, place["start"] + 34).any()
            seen = summits.between(place["start"], place["end"] - 1).any()
            assert label == bound if bound or not seen else np.isnan(label)
    assert np.isnan(view.targets).any()
    assert (view.targets[: built.windows] == 1).any(axis=1).all()
    every = pd.concat(peaks.values()).replace({"strand": {".": "+"}})
    every = every.drop_duplicates(["chrom", "summit", "strand"])
    assert built.windows + built.left_out == len(every)
    assert built.left_out == len(every[(every["summit"] < 30) | (every["summit"] == 600)])


def test_negatives_touch_nothing(reference, peaks, tmp_path):
    region = pd.DataFrame({"chrom": ["b"], "start": [300], "end": [900]})
    stored, built = build(reference[0], peaks, tmp_path / "d.zarr", excluded=region, distance=7)
    places = stored.intervals
    for place in places.itertuples():
        assert place.chrom != "b" or place.end <= 300 or place.start >= 900
    found = places.iloc[built.windows :]
    assert len(found) == built.negatives["found"] > 20
    taken = pd.concat(peaks.values())
    for place in found.itertuples():
        here = taken[taken["chrom"] == place.chrom]
        assert ((here["end"] + 7 <= place.start) | (here["start"] - 7 >= place.end)).all()
    for _, here in found.sort_values("start").groupby("chrom"):
        assert (np.diff(here["start"]) >= 60).all()
    assert (stored.view()[built.windows :] < 4).all()
    assert (stored.targets[built.windows :] == 0).all()
    assert stored.provenance["negatives"] == built.negatives
    assert stored.provenance["x"] == 1


def test_each_split_has_negatives_of_its_own(reference, peaks, tmp_path):
    stored, built = build(reference[0], peaks, tmp_path / "d.zarr", negatives=0.5)
    split = stored.split
    for name in splits.SPLITS:
        count = (split[: built.windows] == name).sum()
        assert abs((split[built.windows :] == name).sum() - count / 2) <= 0.5
    assert "d" not in set(stored.intervals["chrom"])


def test_random_splits(reference, peaks, tmp_path):
    stored, built = build(reference[0], peaks, tmp_path / "d.zarr", split=splits.RANDOM)
    assert (stored.split == "test").sum() == pytest.approx(len(stored) / 10, abs=1)
    assert len(stored) == 2 * built.windows


def test_near_summits_share_a_window_that_both_label(reference, tmp_path):
    one = pd.DataFrame({"chrom": ["a"], "start": [98], "end": [105], "summit": [100]})
    peaks = {"one": one, "two": one + pd.Series({"chrom": "", "start": 4, "end": 4, "summit": 4})}
    options = {"split": splits.ByFraction(1.0, 0.0, 0.0), "negatives": 0.0}
    stored, built = build(reference[0], peaks, tmp_path / "1.zarr", merge=4, **options)
    assert (built.windows, built.left_out) == (1, 0)
    assert stored.targets.tolist() == [[1.0, 1.0]]
    assert stored.intervals.iloc[0].tolist() == ["a", 70, 130, "+"]
    apart, _ = build(reference[0], peaks, tmp_path / "2.zarr", merge=3, **options)
    assert len(apart) == 2


def test_a_margin_says_how_far_evidence_is_ambiguous(reference, tmp_path):
    summits = pd.Series([100, 110, 120])
    one = pd.DataFrame({"chrom": "a", "start": summits, "end": summits + 1, "summit": summits})
    peaks = {"left": one[:1], "near": one[1:2], "far": one[2:]}
    options = {"split": splits.ByFraction(1.0, 0.0, 0.0), "negatives": 0.0}
    first = {}
    for margin in (None, 0, 10):
        out = tmp_path / f"{margin}.zarr"
        first[margin] = build(reference[0], peaks, out, margin=margin, **options)[0].targets[0]
    np.testing.assert_array_equal(first[None], [1, np.nan, np.nan])
    np.testing.assert_array_equal(first[0], [1, 0, 0])
    np.testing.assert_array_equal(first[10], [1, np.nan, 0])


def test_same_seed_same_dataset(reference, peaks, tmp_path):
    first, second = (build(reference[0], peaks, tmp_path / f"{n}.zarr")[0] for n in (1, 2))
    assert list(first.ids) == list(second.ids)


def test_no_window_is_said(reference, peaks, tmp_path):
    with pytest.raises(UserError, match="has a window of 4000 bp"):
        build(reference[0], peaks, tmp_path / "d.zarr", context=4000)
    assert not (tmp_path / "d.zarr").exists()


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"width": 61}, "width=61, context=60"),
        ({"merge": 5}, "merge=5: wants less than half of width=10"),
        ({"rule": "half"}, "rule=half"),
        ({"negatives": -1.0}, "negatives=-1.0"),
    ],
)
def test_wrong_windows_are_told(options, told):
    with pytest.raises(UserError, match=told):
        Centring(**{"context": 60, "width": 10} | options)
