"""Planted sites as a store holds them."""

import numpy as np

from cislens.maps import sequences


def test_a_site_reads_as_its_sequence_does():
    motifs = [{}, {"name": "M1", "label": "SP1", "information": [0.0, 1.0, 2.0]}]
    site = sequences.site(np.array([9, 4, 7, 1, 1]), motifs)
    assert site[:5] == (4, 7, "-", "M1", "SP1")
    assert site.information.tolist() == [2.0, 1.0, 0.0]
