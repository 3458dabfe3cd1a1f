"""Stores of a consensus beside others."""

import dataclasses

import numpy as np

from cislens.maps import agreement, store
from cislens.sequence import consensus


def test_track_of_a_method_is_the_value_of_the_base(stored):
    maps = store.open(stored)
    np.testing.assert_array_equal(agreement.track(maps), maps.projected())


def test_track_of_a_consensus_is_its_importance(stored):
    maps = store.open(stored)
    named = dataclasses.replace(maps.header.provenance, method=agreement.CONSENSUS)
    maps.header = dataclasses.replace(maps.header, provenance=named)
    rows = slice(2, 5)
    expected = consensus.importance(maps.values(rows), maps.onehot(rows))
    np.testing.assert_allclose(agreement.track(maps, rows), expected, rtol=1e-5)


def test_what_is_known_of_the_sequences_is_taken_over(stored):
    maps = store.open(stored)
    found = agreement.described(maps)
    assert found.ids == maps.ids
    assert set(found.columns) == {"chrom", "start", "end", "strand"}
    np.testing.assert_array_equal(found.columns["start"], maps.places.start)
    assert found.sites.tolist() == [[1, 0, 3, 0, 0], [1, 2, 5, 1, 0], [4, 3, 6, 0, 0]]
