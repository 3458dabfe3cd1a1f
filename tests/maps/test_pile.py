"""Averages of overlapping tracks equal a slow painting of the genome."""

import numpy as np

from cislens.maps.pile import Pile


def test_means_equal_a_slow_painting(rng):
    places = sorted(("ab"[int(i)], int(s)) for i, s in rng.integers(0, [2, 60], (30, 2)))
    tracks = rng.random((30, 7)).astype(np.float32)
    total, count = ({name: np.zeros(80) for name in "ab"} for _ in range(2))
    pile, found = Pile(), []
    for (chrom, start), track in zip(places, tracks, strict=True):
        total[chrom][start : start + 7] += track
        count[chrom][start : start + 7] += 1
        found += list(pile.add(chrom, start, track))
    found += list(pile.finish())
    painted = {name: np.full(80, np.nan) for name in "ab"}
    for chrom, start, scores in found:
        assert np.isnan(painted[chrom][start : start + len(scores)]).all()
        painted[chrom][start : start + len(scores)] = scores
    for name, values in painted.items():
        with np.errstate(invalid="ignore"):
            np.testing.assert_allclose(values, total[name] / count[name], rtol=1e-6)
