"""Windows and their counts, read slowly by hand from the genome and the entries."""

import numpy as np
import pytest

from cislens.data import dataset, genome, profiles, tracks
from cislens.errors import UserError


@pytest.fixture
def view(profile_dataset):
    return dataset.open(profile_dataset(control=["shared"])).view()


def slow(view, folder, row, shift):
    """Cut one window out of the files."""
    place = view.dataset.intervals.iloc[int(view.indices[row])]
    start = int(place["start"]) + shift
    codes = genome.open(folder / "genome.fa").windows([place["chrom"]], [start], length=366)[0]
    inside = start + (366 - 20) // 2
    counts = [
        tracks.open(folder / f"{strand}.bw").values([place["chrom"]], [inside], length=20)[0]
        for strand in ("plus", "minus")
    ]
    return codes, np.stack(counts)


def test_windows_and_counts_equal_the_files_wherever_they_are_moved(view, profile_files, rng):
    rows = rng.permutation(len(view))[:12]
    shift = rng.integers(-4, 5, 12)
    found = profiles.read(view, rows, shift=shift)
    assert found.codes.shape == (12, 366)
    assert found.counts.dtype == np.float32
    for place, (row, by) in enumerate(zip(rows, shift, strict=True)):
        codes, counts = slow(view, profile_files, row, int(by))
        np.testing.assert_array_equal(found.codes[place], codes)
        np.testing.assert_array_equal(found.counts[place], counts)
    np.testing.assert_array_equal(found.control, found.counts)


def test_a_view_reads_windows_as_they_are_stored(view):
    found = profiles.read(view, slice(2, 9))
    np.testing.assert_array_equal(view[2:9], found.codes)
    np.testing.assert_array_equal(view.targets[2:9, 0], found.counts.sum(axis=(1, 2)))
    names = [name.split(":")[0] == "peak" for name in view.ids[2:9]]
    np.testing.assert_array_equal(found.is_peak, names)
    np.testing.assert_array_equal(profiles.at_peaks(view)[2:9], names)


def test_blocks_are_all_windows_in_order(view):
    counts = np.concatenate([block.counts for block in profiles.blocks(view, size=7)])
    np.testing.assert_array_equal(counts, profiles.read(view, slice(None)).counts)


def test_what_cannot_be_read_is_said(view, written):
    with pytest.raises(UserError, match="shift=5: windows were stored with a jitter of 4 bp"):
        profiles.read(view, slice(0, 3), shift=-5)
    with pytest.raises(UserError, match="holds no profiles"):
        profiles.read(dataset.open(written()[0]).view(), slice(0, 3))
