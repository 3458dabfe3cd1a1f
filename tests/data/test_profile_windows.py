"""Windows at peaks and beside them: where they lie, and which are left out."""

import numpy as np
import pandas as pd
import pytest

from cislens.data import profile_windows
from cislens.data.profile_windows import Windowing
from cislens.errors import UserError

SIZES = {"b": 5000, "a": 3000}


def choose(peaks, rng, **options):
    asked = Windowing(**{"positions": 20, "context": 60, "jitter": 5, **options})
    return asked, profile_windows.choose(peaks, SIZES, windowing=asked, rng=rng)


@pytest.fixture
def peaks(rng):
    chrom = rng.choice(list(SIZES), 40)
    summit = [int(rng.integers(0, SIZES[name])) for name in chrom]
    table = pd.DataFrame({"chrom": chrom, "summit": summit})
    return pd.concat([table, table[:5]])


def test_windows_at_peaks_have_the_summit_in_the_middle(peaks, rng):
    _, table = choose(peaks, rng)
    found = table[table["is_peak"]]
    centres = set(zip(found["chrom"], found["start"] + 5 + 20 + 10, strict=True))
    fits = [
        (name, summit)
        for name, summit in zip(peaks["chrom"], peaks["summit"], strict=True)
        if summit - 35 >= 0 and summit - 35 + 70 <= SIZES[name]
    ]
    assert centres == set(fits)
    assert len(found) == len(set(fits))
    places = [
        (list(SIZES).index(c), s) for c, s in zip(table["chrom"], table["start"], strict=True)
    ]
    assert places == sorted(places)


def test_background_holds_no_base_of_a_profile_however_moved(peaks, rng):
    _, table = choose(peaks, rng, background=0.5)
    beside = table[~table["is_peak"]]
    assert len(beside) == round(0.5 * table["is_peak"].sum())
    for name, start in zip(beside["chrom"], beside["start"], strict=True):
        assert start >= 0
        assert start + 70 <= SIZES[name]
        for summit in peaks["summit"][peaks["chrom"] == name]:
            assert start + 70 <= summit - 10 - 5 or start >= summit + 10 + 5


def test_excluded_regions_are_not_touched(peaks, rng):
    region = pd.DataFrame({"chrom": ["b"], "start": [1000], "end": [4000]})
    _, table = choose(peaks, rng, excluded=region, background=0.2)
    here = table[table["chrom"] == "b"]
    assert ((here["start"] + 70 <= 1000) | (here["start"] >= 4000)).all()
    assert len(here)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"positions": 61}, "at least as long as the profile"),
        ({"positions": 21}, "context=60: wants an even difference from positions=21.*61 would do"),
        ({"jitter": -1}, "nothing below 0"),
        ({"context": 6000}, "none of 40 leaves room for 6010 bp"),
        ({"background": 300.0}, "there is room for .* are wanted; ask for fewer"),
    ],
)
def test_what_does_not_fit_is_said(peaks, rng, options, message):
    with pytest.raises(UserError, match=message):
        choose(peaks, rng, **options)


def test_same_generator_same_windows(peaks):
    first, second = (choose(peaks, np.random.default_rng(1))[1] for _ in range(2))
    pd.testing.assert_frame_equal(first, second)
