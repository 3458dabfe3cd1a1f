"""Datasets of profiles: what is written, and files that are refused."""

from functools import partial

import numpy as np
import pybigtools
import pytest

from cislens.data import bed, dataset, genome, profile_build, profiles, tracks
from cislens.errors import UserError


def test_windows_of_all_splits_with_their_intervals(profile_dataset):
    stored = dataset.open(profile_dataset())
    assert stored.target_kind == "profile"
    assert stored.profile == (20, 2, 4, "none")
    assert stored.length == 366
    places = stored.intervals
    assert ((places["end"] - places["start"]) == 366).all()
    assert set(places["chrom"][stored.split == "test"]) == {"chrIV"}
    name, chrom, span = stored.ids[0].split(":")
    assert (name, chrom) == ("peak", places["chrom"][0])
    first, last = map(int, span.split("-"))
    assert (first, last) == (places["start"][0] + 173, places["start"][0] + 193)
    assert sum(text.startswith("background") for text in stored.ids) == round(
        0.25 * sum(text.startswith("peak") for text in stored.ids)
    )


def test_same_seed_same_dataset(profile_dataset):
    one, two = (dataset.open(profile_dataset(name)) for name in ("1.zarr", "2.zarr"))
    assert list(one.ids) == list(two.ids)


def test_copies_count_as_often_as_asked(profile_dataset):
    views = [
        dataset.open(profile_dataset(f"{most}.zarr", at_most=most, control=["shared"])).view()
        for most in (None, 2)
    ]
    whole, cut = (profiles.read(view, slice(None)) for view in views)
    assert whole.counts.max() > 2
    np.testing.assert_array_equal(cut.counts, np.minimum(whole.counts, 2))
    np.testing.assert_array_equal(cut.control, cut.counts)
    np.testing.assert_array_equal(views[1].targets[:, 0], cut.counts.sum(axis=(1, 2)))
    with pytest.raises(UserError, match="at_most=0: a count above 0 is wanted"):
        profile_dataset("0.zarr", at_most=0)


def test_kinds_of_control(profile_dataset):
    kinds = {"shared": ["shared"], "matched": ["made"], "none": []}
    for kind, control in kinds.items():
        stored = dataset.open(profile_dataset(f"{kind}.zarr", control=control))
        assert stored.profile.control == kind


def test_tracks_that_do_not_fit_each_other_are_refused(profile_files):
    one = tracks.open(profile_files / "plus.bw")
    reference = genome.open(profile_files / "genome.fa")
    source = partial(profile_build.Source, reference, bed.read(profile_files / "peaks.bed"))
    with pytest.raises(UserError, match="tracks of b: 1 files; all tasks and controls want"):
        source({"a": [one, one], "b": [one]}, {})
    with pytest.raises(UserError, match="tracks of a: 3 files"):
        source({"a": [one] * 3}, {})
    with pytest.raises(UserError, match="control: tracks for c; wants 'shared' alone, or one"):
        source({"a": [one], "b": [one]}, {"c": [one]})


def test_counts_below_zero_are_named(profile_files, profile_dataset):
    sizes = dict.fromkeys(("chrI", "chrII", "chrIII", "chrIV"), 4000)
    place = profile_files / "minus.bw"
    place.unlink()
    pybigtools.open(str(place), "w").write(sizes, iter([("chrI", 400, 401, -2.0)]))
    with pytest.raises(UserError, match=r"minus\.bw: -2 at chrI:400; counts are at least 0"):
        profile_dataset()
    assert not (profile_files / "profiles.zarr").exists()
