"""One HDF5 file as ChromBPNet lays it out."""

import json

import h5py
import numpy as np
import pytest

from cislens.errors import UserError
from cislens.maps import hdf5, store


def test_all_that_a_reader_wants_is_there(stored, tmp_path, monkeypatch):
    monkeypatch.setattr(store, "AT_ONCE", 1)
    maps = store.open(stored)
    hdf5.write(maps, tmp_path / "a.h5")
    with h5py.File(tmp_path / "a.h5") as file:
        assert np.array_equal(file["raw/seq"], maps.onehot())
        assert np.array_equal(file["shap/seq"], maps.hypothetical())
        projected = file["projected_shap/seq"][:]
        assert np.array_equal(projected.sum(axis=1), maps.projected())
        assert file["ids"].asstr()[:].tolist() == maps.ids
        assert np.array_equal(file["deltas"], maps.deltas())
        assert file["chrom"].asstr()[:].tolist() == maps.places.chrom.tolist()
        assert file["start"][:].tolist() == maps.places.start.tolist()
        assert json.loads(file.attrs["provenance"])["target"] == "SP1"
        assert file.attrs["channels"] == "ACGT"


def test_maps_of_the_sequence_alone_are_refused(making, tmp_path):
    maps = store.open(making.write(tmp_path / "a.zarr", form="global"))
    with pytest.raises(UserError, match="hypothetical form wants"):
        hdf5.write(maps, tmp_path / "a.h5")
    assert not (tmp_path / "a.h5").exists()
