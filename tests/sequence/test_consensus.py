"""One map from several, and one number per position."""

import numpy as np
import pytest
from scipy import ndimage

from cislens.errors import UserError
from cislens.sequence import consensus
from cislens.sequence import onehot as onehots


@pytest.fixture
def maps():
    rng = np.random.default_rng(1)
    return [rng.normal(size=(3, 4, 30)).astype(np.float32) * scale for scale in (1, 100, 1e-3)]


@pytest.fixture
def onehot():
    codes = np.random.default_rng(0).integers(0, 4, (3, 30)).astype(np.uint8)
    codes[1, 4] = 4
    return onehots.from_codes(codes).numpy()


def test_consensus_is_the_mean_of_maps_of_one_size(maps):
    expected = np.zeros((3, 4, 30))
    for one in maps:
        for row, values in enumerate(one.astype(np.float64)):
            centred = values - values.mean(axis=0)
            expected[row] += centred / np.sqrt(np.mean(centred**2)) / len(maps)
    np.testing.assert_allclose(consensus.consensus(maps), expected, atol=1e-12)


def test_unit_gauge_and_order_make_no_difference(maps):
    first = consensus.consensus(maps)
    shifted = [one * 7 + np.arange(30) for one in reversed(maps)]
    np.testing.assert_allclose(consensus.consensus(shifted), first, atol=1e-5)


def test_map_of_zeros_takes_part_as_zeros(maps):
    with_zeros = consensus.consensus([maps[0], np.zeros((3, 4, 30))])
    np.testing.assert_allclose(with_zeros * 2, consensus.consensus(maps[:1]))


def test_importance_is_norm_and_own_value(maps, onehot):
    found = consensus.importance(maps[0], onehot, smoothing=0.0)
    for row in range(3):
        for place in range(30):
            column = maps[0][row, :, place].astype(np.float64)
            column = column - column.mean()
            own = (column * onehot[row, :, place]).sum()
            assert found[row, place] == pytest.approx(np.linalg.norm(column) + own, rel=1e-6)


@pytest.mark.parametrize("sigma", [0.5, 1.0, 2.5])
def test_smoothing_is_a_gaussian_over_the_positions_there_are(maps, onehot, sigma):
    raw = consensus.importance(maps[0], onehot, smoothing=0.0)
    smooth = [
        ndimage.gaussian_filter1d(values, sigma, axis=1, mode="constant", radius=round(4 * sigma))
        for values in (raw, np.ones_like(raw))
    ]
    found = consensus.importance(maps[0], onehot, smoothing=sigma)
    np.testing.assert_allclose(found, smooth[0] / smooth[1], rtol=1e-9)


def test_what_does_not_fit_is_refused(maps, onehot):
    with pytest.raises(UserError, match="one or more"):
        consensus.consensus([])
    with pytest.raises(UserError, match="same sequences"):
        consensus.consensus([maps[0], maps[1][:2]])
    with pytest.raises(UserError, match="smoothing=-1"):
        consensus.importance(maps[0], onehot, smoothing=-1.0)
    with pytest.raises(UserError, match="the sequences it is of"):
        consensus.importance(maps[0], onehot[:2])
