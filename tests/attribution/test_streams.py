"""Random numbers follow the bases: not the place, not the strand."""

import numpy as np

from cislens.attribution import _streams
from cislens.sequence import onehot as onehots


def streams(onehot, seed=0):
    return _streams.of(onehot, np.random.default_rng(seed))


def test_equal_sequences_have_equal_numbers(onehot):
    whole = streams(onehot)
    assert streams(onehot[[3, 1]]) == [whole[3], whole[1]]
    assert len({stream.seed for stream in whole}) == len(onehot)


def test_strands_share_numbers_and_one_is_turned(onehot):
    for one, other in zip(
        streams(onehot), streams(onehots.reverse_complement(onehot)), strict=True
    ):
        assert one.seed == other.seed
        assert one.turned != other.turned


def test_series_and_seeds_differ(onehot):
    stream, other = streams(onehot)[0], streams(onehot, seed=1)[0]
    drawn = [stream.generator(0), stream.generator(1), other.generator(0)]
    assert len({generator.random() for generator in drawn}) == 3
    assert stream.generator(1).random() == stream.generator(1).random()
