"""The pair of files for TF-MoDISco."""

import numpy as np
import pytest

from cislens.errors import UserError
from cislens.maps import modisco, store


def test_numpy_reads_sequences_and_scores(stored, tmp_path, monkeypatch):
    monkeypatch.setattr(store, "AT_ONCE", 1)
    maps = store.open(stored)
    modisco.write(maps, sequences=tmp_path / "ohe.npz", scores=tmp_path / "shap.npz")
    with np.load(tmp_path / "ohe.npz") as sequences, np.load(tmp_path / "shap.npz") as scores:
        assert np.array_equal(sequences["arr_0"], maps.onehot())
        assert np.array_equal(scores["arr_0"], maps.hypothetical())
        assert scores["arr_0"].shape == (7, 4, 6)


def test_maps_of_the_sequence_alone_are_refused_and_nothing_is_left(making, tmp_path):
    maps = store.open(making.write(tmp_path / "a.zarr", form="projected"))
    with pytest.raises(UserError, match="hypothetical form wants"):
        modisco.write(maps, sequences=tmp_path / "ohe.npz", scores=tmp_path / "shap.npz")
    assert [path.name for path in tmp_path.iterdir()] == ["a.zarr"]
