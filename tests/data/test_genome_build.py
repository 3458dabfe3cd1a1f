"""Datasets of bins: sequences, labels and intervals agree with the genome."""

import numpy as np
import pandas as pd
import pytest

from cislens.data import dataset, genome, genome_build, splits
from cislens.data.bins import Grid
from cislens.data.genome_build import Binning
from cislens.errors import UserError

PLAN = splits.ByChromosome(validation=["b"], test=["c"])


@pytest.fixture
def reference(rng, tmp_path):
    texts = {name: "".join(rng.choice(list("ACGT"), 2000)) for name in "abc"}
    texts["a"] = texts["a"][:500] + "N" * 200 + texts["a"][700:]
    path = tmp_path / "g.fa"
    path.write_text("".join(f">{name}\n{text}\n" for name, text in texts.items()))
    return genome.open(path), texts


@pytest.fixture
def peaks(rng):
    def table(count):
        start = rng.integers(0, 1960, count)
        columns = {"chrom": rng.choice(list("abc"), count), "start": start, "end": start + 30}
        return pd.DataFrame({**columns, "summit": start + 15})

    return {"one": table(40), "two": table(25)}


def build(reference, peaks, out, **options):
    binning = Binning(Grid(20, 20, 60), **options)
    genome_build.from_bins(
        reference, peaks, out, binning=binning, split=PLAN, provenance={"x": 1}, seed=3
    )
    return dataset.open(out)


def test_rows_equal_the_genome(reference, peaks, tmp_path):
    opened, texts = reference
    stored = build(opened, peaks, tmp_path / "d.zarr")
    view, places = stored.view(), stored.intervals
    assert stored.tasks == ("one", "two")
    for row, (codes, labels) in enumerate(zip(view[0 : len(view)], view.targets, strict=True)):
        place = places.iloc[row]
        text = texts[place["chrom"]][place["start"] : place["end"]]
        assert "".join("ACGTN"[code] for code in codes) == text
        assert text.count("N") <= 6
        begin = place["start"] + 20
        assert stored.ids[row] == f"{place['chrom']}:{begin}-{begin + 20}"
        for label, table in zip(labels, peaks.values(), strict=True):
            here = table[table["chrom"] == place["chrom"]]["summit"]
            assert label == here.between(begin, begin + 19).any()
    assert (
        stored.split
        == np.array([{"b": "validation", "c": "test"}.get(c, "train") for c in places["chrom"]])
    ).all()
    bound = (view.targets == 1).any(axis=1)
    assert bound.sum() == pytest.approx((~bound).sum(), abs=3)


def test_same_seed_same_dataset(reference, peaks, tmp_path):
    first = build(reference[0], peaks, tmp_path / "1.zarr")
    second = build(reference[0], peaks, tmp_path / "2.zarr")
    assert list(first.ids) == list(second.ids)


def test_excluded_regions_are_not_touched(reference, peaks, tmp_path):
    region = pd.DataFrame({"chrom": ["b"], "start": [300], "end": [900]})
    stored = build(reference[0], peaks, tmp_path / "d.zarr", excluded=region, negatives=50.0)
    here = stored.intervals[stored.intervals["chrom"] == "b"]
    assert ((here["end"] <= 300) | (here["start"] >= 900)).all()
    assert (here["end"] > 280).any()
    assert (here["start"] < 920).any()


def test_no_bound_bin_is_said(reference, peaks, tmp_path):
    nothing = {"one": peaks["one"][:0]}
    with pytest.raises(UserError, match="no bin of the genome is bound"):
        build(reference[0], nothing, tmp_path / "d.zarr")
    assert not (tmp_path / "d.zarr").exists()
