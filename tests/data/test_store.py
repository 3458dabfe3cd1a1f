import json
import shutil

import numpy as np
import pytest
import zarr

from cislens.data import dataset, store
from cislens.errors import UserError


def change(path, **values):
    file = path / "zarr.json"
    content = json.loads(file.read_text())
    content["attributes"]["cislens"].update(values)
    file.write_text(json.dumps(content))


def test_store_is_plain_zarr(written):
    path, rows = written(n=9, length=4)
    group = zarr.open_group(path, mode="r")
    np.testing.assert_array_equal(group["codes"][:], rows["codes"])
    np.testing.assert_array_equal(group["targets"][:], rows["targets"])
    assert group.attrs["cislens"]["channels"] == ["A", "C", "G", "T"]
    assert group.attrs["cislens"]["format_version"] == 1


def test_missing(tmp_path):
    with pytest.raises(UserError, match=r"none\.zarr: no such dataset"):
        dataset.open(tmp_path / "none.zarr")


def test_not_a_store(tmp_path):
    with pytest.raises(UserError, match="this is no cislens dataset"):
        dataset.open(tmp_path)
    file = tmp_path / "file.zarr"
    file.write_text("rubbish")
    with pytest.raises(UserError, match="this is no cislens dataset"):
        dataset.open(file)


def test_store_of_another_program(tmp_path):
    zarr.open_group(tmp_path / "other.zarr", mode="w", zarr_format=3).create_array(
        "codes", data=np.zeros(3)
    )
    with pytest.raises(UserError, match="this is no cislens dataset"):
        dataset.open(tmp_path / "other.zarr")


def test_newer_format(written):
    path, _ = written(n=3)
    change(path, format_version=store.FORMAT_VERSION + 1)
    with pytest.raises(UserError, match="format_version=3, this cislens reads up to 2"):
        dataset.open(path)


def test_other_channel_order(written):
    path, _ = written(n=3)
    change(path, channels=["A", "G", "C", "T"])
    with pytest.raises(UserError, match="channels are stored as AGCT, DNA is read as ACGT"):
        dataset.open(path)


def test_other_alphabet(written):
    path, _ = written(n=3)
    change(path, alphabet="protein")
    with pytest.raises(UserError, match="alphabet='protein', DNA or RNA is wanted"):
        dataset.open(path)


def test_attribute_missing(written):
    path, _ = written(n=3)
    file = path / "zarr.json"
    content = json.loads(file.read_text())
    del content["attributes"]["cislens"]["tasks"]
    file.write_text(json.dumps(content))
    with pytest.raises(UserError, match="incomplete dataset, 'tasks' is missing"):
        dataset.open(path)


def test_array_missing(written):
    path, _ = written(n=3)
    shutil.rmtree(path / "targets")
    with pytest.raises(UserError, match="incomplete dataset, targets has no such array"):
        dataset.open(path)


def test_rows_missing(written):
    path, _ = written(n=3)
    change(path, sequences=4)
    with pytest.raises(UserError, match="codes has 3 rows where 4 rows are wanted"):
        dataset.open(path)
