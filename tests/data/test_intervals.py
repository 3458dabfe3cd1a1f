import pytest

from cislens.data import intervals
from cislens.data.intervals import Interval


def test_half_open_coordinates_stay():
    interval = Interval("chr1", 100, 200, "-")
    assert intervals.half_open(interval, length=100) == interval


def test_closed_coordinates_begin_one_earlier():
    assert intervals.half_open(Interval("chr1", 100, 200), length=101) == Interval("chr1", 99, 200)


@pytest.mark.parametrize("length", [99, 102, 1])
def test_other_lengths_fit_no_convention(length):
    assert intervals.half_open(Interval("chr1", 100, 200), length=length) is None


@pytest.mark.parametrize("length", range(1, 11))
@pytest.mark.parametrize("strand", ["+", "-", "."])
def test_cropped_interval_holds_the_cropped_text(strand, length):
    genome = "abcdefghijklmnopqrstuvwxyz"
    interval = Interval("chr1", 5, 15, strand)

    def read(place):
        text = genome[place.start : place.end]
        return text[::-1] if strand == "-" else text

    cropped = intervals.crop(interval, length=length)
    assert read(cropped) == intervals.crop_text(read(interval), length=length)
    assert cropped.end - cropped.start == length
