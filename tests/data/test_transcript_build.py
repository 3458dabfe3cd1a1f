"""Datasets of transcripts hold the windows, measurements and places of each."""

import numpy as np
import pandas as pd
import pytest

from cislens.data import dataset, genome, splits, transcript_build, transcript_windows
from cislens.data.annotation import Transcript
from cislens.data.transcript_build import Measured
from cislens.data.transcript_windows import Cutting
from cislens.errors import UserError
from cislens.sequence.alphabet import DNA

PLAN = splits.ByChromosome(["b"], ["c"])


@pytest.fixture
def reference(rng, tmp_path):
    path = tmp_path / "g.fa"
    texts = {name: "".join(rng.choice(list("ACGT"), 500)) for name in "abc"}
    path.write_text("".join(f">{name}\n{text}\n" for name, text in texts.items()))
    return genome.open(path)


def transcript(chrom, exons, strand, name):
    return Transcript(name, "", "", "", "mRNA", chrom, strand, exons, (), 1)


MEASURED = [
    Measured(transcript("a", ((100, 140), (160, 300)), "+", "t1"), (1.5, 0.0)),
    Measured(transcript("b", ((200, 400),), "-", "t2"), (2.5, float("nan"))),
    Measured(transcript("c", ((300, 310),), "+", "t3"), (3.5, 1.0)),
    Measured(transcript("a", ((5, 40),), "+", "t4"), (4.5, 1.0)),
    Measured(transcript("a", ((100, 480),), "-", "t5"), (5.5, 1.0)),
]


def write(reference, out, *, spliced=False, excluded=None, cutting=None, split=PLAN):
    cutting = cutting or Cutting("start", 30, 50, spliced)
    options = {"tasks": ("x", "y"), "target_kind": "continuous", "provenance": {}}
    writer = dataset.create(out, length=cutting.length, alphabet=DNA, **options)
    built = transcript_build.write(
        writer, reference, MEASURED, cutting=cutting, split=split, excluded=excluded
    )
    return dataset.open(out), built


@pytest.mark.parametrize("spliced", [False, True])
@pytest.mark.parametrize("block", [2, 512])
def test_rows_are_windows_and_measurements(reference, tmp_path, spliced, block, monkeypatch):
    monkeypatch.setattr(transcript_build, "_BLOCK", block)
    stored, built = write(reference, tmp_path / "d.zarr", spliced=spliced)
    # t4 begins too near to the start of its chromosome, t5 to the end of it.
    assert built == (3, 2)
    assert stored.ids.tolist() == ["t1", "t2", "t3"]
    assert stored.split.tolist() == ["train", "validation", "test"]
    np.testing.assert_array_equal(stored.targets, [one.targets for one in MEASURED[:3]])
    for codes, one in zip(stored.view()[:], MEASURED, strict=False):
        window = transcript_windows.place(one.transcript, Cutting("start", 30, 50, spliced))
        np.testing.assert_array_equal(
            codes, transcript_windows.read(reference, one.transcript, window)
        )
    whole = {"t1": ["a", 70, 150, "+"], "t2": ["b", 350, 430, "-"], "t3": ["c", 270, 350, "+"]}
    if spliced:
        whole |= {"t1": ["a", -1, -1, "+"], "t3": ["c", -1, -1, "+"]}
    assert stored.intervals.values.tolist() == list(whole.values())


def test_excluded_regions_are_not_touched_and_introns_may_be(reference, tmp_path):
    intron = pd.DataFrame({"chrom": ["a"], "start": [140], "end": [160]})
    options = {"excluded": intron, "split": splits.ByFraction(1.0, 0.0, 0.0)}
    assert write(reference, tmp_path / "1.zarr", spliced=True, **options)[1].windows == 3
    assert write(reference, tmp_path / "2.zarr", **options)[1].windows == 2


def test_no_window_is_told(reference, tmp_path):
    with pytest.raises(UserError, match="none of 5 has a window of 900 bp"):
        write(reference, tmp_path / "d.zarr", cutting=Cutting("start", 400, 500))
    assert not (tmp_path / "d.zarr").exists()
