import numpy as np
import pytest
import zarr

from cislens.data import rows
from cislens.errors import UserError


@pytest.fixture
def stored(tmp_path, rng):
    def write(shape, chunk, **options):
        values = rng.normal(size=shape).astype(np.float32)
        group = zarr.open_group(tmp_path / "x.zarr", mode="w", zarr_format=3)
        chunks = (chunk, *shape[1:])
        array = group.create_array(
            "a", shape=shape, chunks=chunks, dtype="f4", **{"compressors": None, **options}
        )
        array[:] = values
        return values, array, tmp_path / "x.zarr" / "a"

    return write


@pytest.mark.parametrize("chunk", [1, 3, 10, 11])
def test_any_order_equals_the_array_in_memory(stored, rng, chunk):
    values, array, folder = stored((11, 4), chunk)
    reader = rows.Rows(array, folder)
    for wanted in [rng.permutation(11), rng.integers(0, 11, 30), np.array([], np.int64)]:
        np.testing.assert_array_equal(reader.read(wanted), values[wanted])


def test_open_files_are_bounded(stored, monkeypatch):
    monkeypatch.setattr(rows, "MAPS", 2)
    values, array, folder = stored((10, 2), 1)
    reader = rows.Rows(array, folder)
    np.testing.assert_array_equal(reader.read(np.arange(10)), values)
    assert list(reader._maps) == [8, 9]


def test_result_is_a_copy(stored):
    _, array, folder = stored((4, 2), 2)
    reader = rows.Rows(array, folder)
    reader.read(np.array([0]))[:] = 0
    assert (reader.read(np.array([0])) != 0).all()


def test_chunk_cut_short(stored):
    _, array, folder = stored((4, 2), 2)
    file = folder / "c" / "1" / "0"
    file.write_bytes(file.read_bytes()[:-1])
    with pytest.raises(UserError, match="15 bytes where 16 are wanted"):
        rows.Rows(array, folder)


def test_chunk_missing(stored):
    _, array, folder = stored((4, 2), 2)
    (folder / "c" / "0" / "0").unlink()
    with pytest.raises(UserError, match="0 bytes where 16 are wanted"):
        rows.Rows(array, folder)


def test_compressed_array_is_refused(stored):
    _, array, folder = stored((4, 2), 2, compressors="auto")
    with pytest.raises(UserError, match="another chunking or compressed"):
        rows.Rows(array, folder)
