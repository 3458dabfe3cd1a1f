"""Tracks of the other strand: turned round, and strands change places."""

import numpy as np

from cislens.sequence import strands


def test_the_other_strand_twice_is_the_same(rng):
    counts = rng.random((3, 4, 9))
    other = strands.turned(counts, strands=2)
    np.testing.assert_array_equal(other[1, 2], counts[1, 3, ::-1])
    np.testing.assert_array_equal(other[1, 3], counts[1, 2, ::-1])
    np.testing.assert_array_equal(strands.turned(other, strands=2), counts)
    one = strands.turned(counts, strands=1)
    np.testing.assert_array_equal(one, counts[:, :, ::-1])
